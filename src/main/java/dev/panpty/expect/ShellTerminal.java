package dev.panpty.expect;

import dev.panpty.ExitStatus;
import dev.panpty.PtyProcess;
import dev.panpty.Signal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The terminal of a shell during a run: keys are typed, and the output is read. For one thread at a time. */
final class ShellTerminal {

    private static final int ROOM = 64 * 1024;
    private static final int PROMPT_READ = 1024; // dash reads its input so much at a time, and the builtin read byte by byte
    private static final long REST_LIMIT = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long REST_POLL = TimeUnit.MILLISECONDS.toNanos(2);
    private static final Duration STATUS_WAIT = Duration.ofSeconds(2);

    private final PtyProcess process;
    private final Callers callers;
    private boolean ended;
    private long outputNanos = System.nanoTime();
    // Of a shell without an editor.
    private long readBefore;
    private int typedBytes;

    ShellTerminal(PtyProcess process, Callers callers) {
        this.process = process;
        this.callers = callers;
    }

    /** Whether the output has ended. */
    boolean hasEnded() {
        return ended;
    }

    boolean hasExited() {
        return ended || process.exitStatus().isPresent();
    }

    /** How long there has been no output, or since {@link #restartQuiet}. */
    long quietNanos() {
        return System.nanoTime() - outputNanos;
    }

    void restartQuiet() {
        outputNanos = System.nanoTime();
    }

    void type(String keys) throws IOException {
        callers.enter();
        try {
            process.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
        } finally {
            leave();
        }
    }

    /** Types the line with which a shell without an editor sources a command, see {@link #readsACommand}. */
    void typeLine(String line) throws IOException {
        readBefore = bytesRead();
        typedBytes = line.length();
        type(line);
    }

    /** Reads once; whether there was output, or its end. */
    boolean read(ShellOutput output, long nanos) throws IOException, InterruptedException {
        boolean there;
        callers.enter();
        try {
            there = process.awaitOutput(Duration.ofNanos(nanos));
        } finally {
            leave();
        }
        if (there && !ended) {
            byte[] target = output.room(ROOM);
            int count = process.getInputStream().read(target, output.count(), ROOM);
            ended = count < 0;
            output.accept(Math.max(count, 0));
            outputNanos = System.nanoTime();
        }
        return there;
    }

    /** Reads what an exited shell has written; another holder of its terminal may go on, and does not count. */
    void readRest(ShellOutput output) throws IOException, InterruptedException {
        long limit = System.nanoTime() + REST_LIMIT;
        while (!ended && System.nanoTime() - limit < 0 && read(output, REST_POLL)) {
            continue;
        }
    }

    private void leave() throws IOException {
        if (callers.leave()) {
            throw new IOException("the shell was closed");
        }
    }

    /** Whether a shell without an editor has read what was typed, and waits in read(2) for the next command: that asks for many bytes. */
    boolean readsACommand() throws IOException {
        try {
            if (bytesRead() < readBefore + typedBytes) {
                return false;
            }
            String[] call = Files.readString(Path.of("/proc/" + process.pid() + "/syscall")).strip().split(" ");
            return call.length > 3 && call[1].equals("0x0") && Long.decode(call[3]) >= PROMPT_READ;
        } catch (NoSuchFileException | AccessDeniedException hidden) {
            return false;
        }
    }

    /** All that the shell has read so far, see proc_pid_io(5); 0 if that may not be read. */
    private long bytesRead() throws IOException {
        try {
            return Files.readAllLines(Path.of("/proc/" + process.pid() + "/io")).stream().filter(line -> line.startsWith("rchar: "))
                    .mapToLong(line -> Long.parseLong(line.substring("rchar: ".length()))).sum();
        } catch (NoSuchFileException | AccessDeniedException hidden) {
            return 0;
        }
    }

    /** The shell's status, after the end of its output. */
    ExitStatus exitStatus() throws InterruptedException {
        process.waitFor(STATUS_WAIT);
        return process.exitStatus().orElseGet(() -> new ExitStatus.Unknown("the output of the shell has ended"));
    }

    /**
     * Ends what runs: by an interrupt, then by signals to a program in the foreground, at last by the end of the shell.
     *
     * @param times how often it was called before
     */
    void escalate(int times) throws IOException {
        boolean shell = process.foregroundProcessGroup().orElse(0) == process.pid();
        if (times == 0) {
            process.interrupt();
        } else if (times < 4 && !shell) {
            process.signalForeground(times == 1 ? Signal.TERM : Signal.KILL);
        } else if (times < 4) {
            process.interrupt();
        } else {
            process.destroyForcibly();
        }
    }
}
