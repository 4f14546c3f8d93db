package dev.panpty;

import static java.util.Objects.requireNonNull;

import dev.panpty.TerminalAttributes.LocalFlag;
import dev.panpty.internal.loop.LoopThread;
import dev.panpty.internal.process.SignalKey;
import dev.panpty.internal.process.TerminalProcess;
import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.ProcessTable.Entry;
import dev.panpty.internal.sys.ProcessTable;
import dev.panpty.internal.sys.Termios;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The terminal of a process: turns results and negative errnos of the layers below into values and exceptions of the API. Any thread. */
final class LiveTerminal implements TerminalControl {

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final int ETX = 3; // what ^C, ^\ and ^Z send
    private static final int FS = 28;
    private static final int SUB = 26;

    private final TerminalProcess process;
    private final ChildArguments arguments;
    private final TerminalSettings settings;

    LiveTerminal(TerminalProcess process, ChildArguments arguments) {
        this.process = process;
        this.arguments = arguments;
        settings = new TerminalSettings(process.ptmx());
    }

    @Override
    public String ptsName() {
        return process.ptmx().ptsPath();
    }

    @Override
    public WindowSize windowSize() throws IOException {
        return settings.windowSize();
    }

    @Override
    public void resize(WindowSize size) throws IOException {
        int result = process.resize(TerminalSettings.toSys(requireNonNull(size, "size")));
        if (!process.terminal().isClosed()) { // the caller may not know of the end yet
            settings.check("TIOCSWINSZ", result);
        }
    }

    @Override
    public TerminalAttributes attributes() throws IOException {
        return settings.attributes();
    }

    @Override
    public void attributes(TerminalAttributes attributes) throws IOException {
        process.flushHeld();
        settings.attributes(attributes);
    }

    @Override
    public void interrupt() throws IOException {
        process.keys().press(new SignalKey(Signal.INT.number(), Termios.VINTR, ETX));
    }

    @Override
    public void quit() throws IOException {
        process.keys().press(new SignalKey(Signal.QUIT.number(), Termios.VQUIT, FS));
    }

    @Override
    public void suspend() throws IOException {
        process.keys().press(new SignalKey(Signal.TSTP.number(), Termios.VSUSP, SUB));
    }

    @Override
    public void sendEndOfFile() throws IOException {
        process.keys().typeEndOfFile();
    }

    @Override
    public void typeSecret(byte[] secret) throws IOException {
        process.keys().typeSecret(requireNonNull(secret, "secret"));
    }

    @Override
    public void signal(Signal signal) throws IOException {
        int result = process.signals().toChild(requireNonNull(signal, "signal").number());
        checkSignal(signal + " to process " + process.pid(), result, "already exited");
    }

    /** Signal 0. */
    void probe() throws IOException {
        checkSignal("signal 0 to process " + process.pid(), process.signals().probe(), "already exited");
    }

    @Override
    public void signalGroup(Signal signal) throws IOException {
        int result = process.signals().toGroup(requireNonNull(signal, "signal").number());
        checkSignal(signal + " to process " + process.pid(), result, "already exited");
    }

    @Override
    public void signalForeground(Signal signal) throws IOException {
        int result = process.signals().toForeground(requireNonNull(signal, "signal").number());
        String what = signal + " to the foreground of process " + process.pid();
        if (result == -Errno.EBADF && isRunning()) {
            throw new IOException(what + ": its terminal is closed");
        }
        checkSignal(what, result, "no process is there");
    }

    @Override
    public OptionalInt foregroundProcessGroup() throws IOException {
        int group = process.ptmx().foregroundGroup();
        settings.check("tcgetpgrp", Math.min(group, 0));
        return group > 0 ? OptionalInt.of(group) : OptionalInt.empty();
    }

    @Override
    public Optional<ForegroundProcess> foregroundProcess() throws IOException {
        OptionalInt group = foregroundProcessGroup();
        if (group.isEmpty()) {
            return Optional.empty();
        }
        int session = process.ptmx().session();
        Predicate<Entry> isThere = entry -> entry.session() == session && !entry.isZombie(); // its number may have been reused
        Optional<Entry> found = ProcessTable.find(group.getAsInt()).filter(isThere);
        if (found.isEmpty()) {
            found = ProcessTable.list().stream().filter(entry -> entry.group() == group.getAsInt()).filter(isThere).findFirst();
        }
        return found.map(entry -> new ForegroundProcess(entry.pid(), command(entry.pid()), ProcessTable.directory(entry.pid())));
    }

    private List<String> command(int pid) {
        return pid == process.pid() ? arguments.now().orElse(List.of()) : ChildArguments.settled(pid);
    }

    @Override
    public void stopOutput() throws IOException {
        settings.check("tcflow", process.flow(false));
    }

    @Override
    public void resumeOutput() throws IOException {
        settings.check("tcflow", process.flow(true));
    }

    /** What is waited for. */
    private interface Condition {
        boolean test() throws IOException;
    }

    @Override
    public boolean awaitEcho(boolean on, Duration timeout) throws IOException, InterruptedException {
        return await("awaitEcho", () -> attributes().has(LocalFlag.ECHO) == on, timeout);
    }

    @Override
    public boolean awaitPasswordPrompt(Duration timeout) throws IOException, InterruptedException {
        return await("awaitPasswordPrompt", this::isPasswordAskedFor, timeout);
    }

    private boolean isPasswordAskedFor() throws IOException {
        int found = process.keys().pollForPrompt();
        settings.check("tcgetattr", found);
        if (process.ptmx().isSilencedByUs()) {
            throw new IllegalStateException("the echo of " + process.ptmx() + " was switched off by attributes set through this library,"
                    + " so that it does not show a prompt for a password: wait for the text of the prompt");
        }
        return found > 0;
    }

    private boolean await(String call, Condition wanted, Duration timeout)
            throws IOException, InterruptedException {
        long timeoutNanos = Math.max(TimeUnit.NANOSECONDS.convert(requireNonNull(timeout, "timeout")), 0);
        LoopThread.refuse(call, "poll attributes()");
        process.terminal().refuseInsideTap();
        long deadline = System.nanoTime() + timeoutNanos;
        while (!process.exited().isReached()) {
            try {
                if (wanted.test()) {
                    return true;
                }
            } catch (IOException closed) {
                if (process.exited().isReached()) {
                    return false; // exit and close came between the two checks
                }
                throw closed;
            }
            long remaining = deadline - System.nanoTime();
            if (remaining <= 0) {
                return false;
            }
            process.exited().await(Math.min(remaining, POLL_NANOS));
        }
        return false;
    }

    @Override
    public void hangUp() {
        process.hangUp();
    }

    /** False from the reap on, when its number may be reused; the exited stage is reached later. */
    private boolean isRunning() {
        return process.outcome().isEmpty();
    }

    private void checkSignal(String what, int result, String missing) throws IOException {
        if (result == 0) {
            return;
        }
        if (!isRunning()) {
            throw new ProcessExitedException(what + ": already exited");
        }
        if (Errno.name(-result).equals("ESRCH")) {
            throw new ProcessExitedException(what + ": " + missing);
        }
        throw new IOException(what + ": " + Errno.describe(-result));
    }
}
