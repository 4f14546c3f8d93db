package dev.panpty.internal.loop;

import dev.panpty.internal.gen.Linux;
import dev.panpty.internal.sys.ChildProcess;
import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.ProcessTable;
import dev.panpty.internal.sys.Ptmx;
import dev.panpty.internal.sys.Termios;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A process on a terminal, from its exec to its end: the join of what the child does and what its terminal does.
 *
 * <pre>
 *   made --prepare--> prepared, no child yet --begin--> started
 *                                            --undo---> undone: nothing is left of it
 *   started --child reaped--> exited --output at its end--> ended
 *           --hung up by us-> hung up --child reaped------> ended
 * </pre>
 *
 * <p>It owns the ptmx and the child. Every method may be called from any thread. Stages are reached on the loop's thread; in stream style,
 * where nobody is called back, on that of a caller who saw the exit first, see {@link Child#awaitBriefly}. In that style it refers to
 * nothing of the API either, so that a process its user has dropped can be collected while this lives on.
 */
public abstract sealed class TerminalProcess permits StreamProcess, EventProcess {

    private static final long NANOS_PER_TICK = 10_000_000;
    private static final int LAST_STEP = 6;
    private static final byte EOT = 4; // what ^D sends

    private final EventLoop loop;
    private final Child child;
    private final Terminal terminal;
    private final Ending ending;
    private final Stage exited;
    private final Stage ended;
    private final Optional<Channel> errorPipe;
    private List<OutputSide> outputs; // the terminal's, and standard error's where it has a pipe
    private InputSide input;
    /** What is still to come before the end: the exit, the end of the output, that of standard error where it has a pipe. */
    private final AtomicInteger missing = new AtomicInteger(2);

    /**
     * What every process starts from.
     *
     * @param child what will be started once the process is {@linkplain #prepare prepared}
     * @param standardError our end of its pipe, where standard error is not the terminal
     */
    public record Start(
            EventLoop loop, Ptmx ptmx, Optional<Descriptor> standardError, ChildProcess child, boolean endAtExit, boolean splitLongLines,
            Duration closeGrace) {}

    TerminalProcess(Start start) {
        loop = start.loop();
        exited = new Stage(loop);
        ended = new Stage(loop);
        child = new Child(loop, start.child(), new Consumer<>() { // no lambda: its bootstrap would cost a fresh JVM 2 ms
            @Override
            public void accept(Outcome outcome) {
                reaped(outcome);
            }
        });
        terminal = new Terminal(loop, start.ptmx(), Optional.of(child));
        errorPipe = start.standardError().isPresent()
                ? Optional.of(new Channel(loop, start.standardError().get(), "standard error")) : Optional.empty();
        ending = new Ending(this, TimeUnit.NANOSECONDS.convert(start.closeGrace()));
    }

    /** To be called by the subclass's constructor. */
    final void attach(OutputSide outputSide, InputSide inputSide, Optional<? extends OutputSide> errorSide) {
        input = inputSide;
        terminal.attach(outputSide, Optional.of(inputSide));
        if (errorSide.isEmpty()) {
            outputs = List.of(outputSide);
        } else {
            outputs = List.of(outputSide, errorSide.get());
            missing.incrementAndGet();
            errorPipe.orElseThrow().attach(errorSide.get(), Optional.empty());
        }
    }

    final Optional<Channel> errorPipe() {
        return errorPipe;
    }

    /**
     * Takes its places in the loop. All that may be refused a process is refused here, while there is no child: 0, or the negative errno.
     * {@link #undo} is to follow unless it comes to begin.
     *
     * @throws IllegalStateException if the loop is closing
     */
    public final int prepare() {
        int added = loop.processes().add(this);
        return added < 0 ? added : reserve();
    }

    /** Takes the places in epoll that this style needs from the beginning: 0, or the negative errno. */
    int reserve() {
        return 0;
    }

    /**
     * The child runs: begins to watch it; 0, or the negative errno with which the loop has failed.
     *
     * @throws IllegalStateException if the loop has ended without one
     */
    public final int begin() {
        int begun = loop.processes().begin();
        if (begun == 0) {
            watch();
        }
        return begun;
    }

    void watch() {
        child.watch();
    }

    /**
     * The start has failed: there was no child, or no memory to go on with it, or the loop has ended. What there is of the child is killed
     * and reaped; terminal and pipe are left open and in no epoll instance.
     */
    public final void undo() {
        loop.processes().remove(this);
        try {
            child.undo();
        } finally {
            terminal.lend();
            if (errorPipe.isPresent()) {
                errorPipe.get().lend();
            }
        }
    }

    final boolean isStarted() {
        return child.isStarted();
    }

    public final int pid() {
        return child.pid();
    }

    public final Ptmx ptmx() {
        return terminal.ptmx();
    }

    public final EventLoop loop() {
        return loop;
    }

    public final Stage exited() {
        return exited;
    }

    /** Waits for {@link #exited}. */
    public void awaitExit() throws InterruptedException {
        exited.await();
    }

    /** Waits for {@link #exited}, at most so long, and then looks for the exit itself: the loop may be held. */
    public final boolean awaitExit(long nanos) throws InterruptedException {
        if (!exited.await(nanos)) {
            lookForExit();
        }
        return exited.isReached();
    }

    public final Stage ended() {
        return ended;
    }

    /** How the child ended, once {@link #exited} is reached. */
    public final Optional<Outcome> outcome() {
        return child.outcome();
    }

    /** Output is no longer wanted: the rest is read and dropped. */
    public final void closeOutput() {
        outputs.getFirst().close();
    }

    /** Standard error is no longer wanted; it is the output unless it has a pipe. */
    public final void closeErrors() {
        outputs.getLast().close();
    }

    /** Bytes of output that were read and given to nobody. */
    public final long droppedBytes() {
        long dropped = 0;
        for (OutputSide output : outputs) {
            dropped += output.droppedBytes();
        }
        return dropped;
    }

    /** What the look gives while the child's number is its own for certain; empty once it is reaped. */
    public final <T> Optional<T> unlessReaped(Supplier<T> look) {
        return child.unlessReaped(look);
    }

    /** Sends a signal to the child; 0 or the negative errno, ESRCH once it is reaped. */
    public final int signal(int signal) {
        return child.signal(signal);
    }

    /** Sends a signal to the child's own process group. */
    public final int signalGroup(int signal) {
        return child.signalGroup(child.pid(), signal);
    }

    /** Sends a signal to the foreground process group of the terminal; ESRCH where there is none. */
    public final int signalForeground(int signal) {
        int group = terminal.ptmx().foregroundGroup();
        if (group < 0) {
            return group;
        }
        return group == 0 || isStrangers(group) ? -Linux.ESRCH() : child.signalGroup(group, signal);
    }

    /** Whether the number of a foreground group that is gone has become that of a group which the terminal does not control. */
    private boolean isStrangers(int group) {
        try {
            Optional<ProcessTable.Entry> leader = ProcessTable.find(group);
            return leader.isPresent() && leader.get().session() != terminal.ptmx().session();
        } catch (IOException unseen) {
            return false; // then the kernel's word is all there is
        }
    }

    /** Sends keys as if typed, behind what was written before. */
    public abstract void type(byte[] keys) throws IOException;

    /** Types the terminal's VEOF once, whatever that means to the program. */
    public final void typeEndOfFile() throws IOException {
        Termios now = attributes();
        byte endOfFile = now.controlCharacter(Linux.VEOF());
        boolean ends = (now.local() & Linux.ICANON()) != 0;
        if (endOfFile != 0 || !ends) { // else there is no end of file to be typed, and a byte would be data of the line
            type(new byte[] {endOfFile != 0 ? endOfFile : EOT});
        }
    }

    /** Polls for a prompt for a password that is not answered: 1 if there is one, 0, or the negative errno. */
    public final int lookForPrompt() {
        readAhead();
        return terminal.lookForPrompt(hasPendingInput());
    }

    /** Takes what output there is, where else nothing reads it. */
    abstract void readAhead();

    /** Whether input is accepted that is not yet written. */
    abstract boolean hasPendingInput();

    /** Does what the key does on the terminal as it is set now, but for the loss of output. */
    public final void press(SignalKey key) throws IOException {
        Termios now = attributes();
        if (!key.makesSignal(now)) {
            type(new byte[] {key.character(now)});
            return;
        }
        int result;
        try {
            if ((now.local() & Linux.NOFLSH()) == 0) {
                discardInput();
            }
            terminal.startAndEcho(now, key.echo(now));
        } finally {
            result = ptmx().signalForeground(key.signal());
        }
        if (result < 0) {
            throw failure("TIOCSIG", result);
        }
    }

    private Termios attributes() throws IOException {
        Termios.Result now = ptmx().attributes();
        if (now.error() < 0) {
            throw failure("tcgetattr", now.error());
        }
        return now.termios();
    }

    private IOException failure(String call, int error) {
        return new IOException(call + " (" + ptmx() + "): " + (terminal.isClosed() ? "closed" : Errno.describe(-error)));
    }

    /**
     * Discards what waits to be written and what the program has not read, this as far as the kernel lets it; an end of the input that the
     * program has not seen is typed again.
     */
    abstract void discardInput();

    /** Stops what is written to the terminal, or lets it go on; 0 or the negative errno. */
    public final int flow(boolean on) {
        return terminal.flow(on);
    }

    /** Closes the ptmx, soon: who holds the terminal gets SIGHUP, and nothing more is read or written. */
    public final void hangUp() {
        input.close();
        cutOutput();
        loop.post(this::hangUpNow); // never from inside a callback, which the end must not overtake
    }

    /** Ends processes as {@link Ending} has it, all at the same time, and waits for that. Idempotent; not on a loop's thread. */
    public static void close(List<TerminalProcess> processes) throws InterruptedException {
        List<Ending> endings = new ArrayList<>();
        for (TerminalProcess process : processes) {
            process.closeSides();
            endings.add(process.ending);
        }
        Ending.run(endings);
    }

    private void closeSides() {
        for (OutputSide output : outputs) {
            output.endDelivery();
        }
        input.close();
    }

    /** Ends it at once: SIGKILL and a hang-up. Not on the loop's thread. */
    public final void abort() {
        child.signal(Ending.SIGKILL);
        closeSides();
        hangUpAhead();
    }

    /** Reaps the child if it has ended, for a caller that waits for that: the loop may be held. Any thread. */
    abstract void lookForExit();

    /** Closes the terminal here and now, and leaves it to the loop to say so. Not in a callback, which the end must not overtake. */
    final void hangUpAhead() {
        try {
            cutOutput();
        } finally {
            terminal.close();
            closeErrorPipe();
            loop.post(this::hangUpNow);
        }
    }

    /** The loop is about to stop: a child that could not be ended by then is killed. On the loop's thread. */
    final void abandon(String reason) {
        hangUpNow();
        child.killAndAbandon(reason);
    }

    /** The loop has failed: says so, and ends the child here and now. On the loop's thread, its last. */
    final void fail(String reason) {
        input.failed(reason); // before the end of the output closes it for no reason
        for (OutputSide output : outputs) {
            output.failed(reason);
        }
        loop.post(() -> { // after what these have posted
            hangUpNow();
            child.killAndAbandon(reason);
        });
    }

    /** {@link #hangUp} for the loop's thread. */
    final void hangUpNow() {
        try {
            cutOutput();
        } finally {
            terminal.close();
            closeErrorPipe();
            for (OutputSide output : outputs) {
                output.closed();
            }
            input.closed();
        }
    }

    private void cutOutput() {
        for (OutputSide output : outputs) {
            output.cut();
        }
    }

    /** How long ago the child was reaped, in hundredths of a second, rounded down; 0 if it was not. */
    final long ticksSinceReap() {
        Optional<Outcome> outcome = child.outcome();
        return outcome.isPresent() ? (System.nanoTime() - outcome.get().atNanos()) / NANOS_PER_TICK : 0;
    }

    final Terminal terminal() {
        return terminal;
    }

    final Child child() {
        return child;
    }

    /** Once; on the loop's thread, but see above. */
    void reaped(Outcome outcome) {
        tellReaped(outcome, 0);
    }

    /** Each of the steps from the given one on, also where there was no memory for the one before. */
    private void tellReaped(Outcome outcome, int step) {
        try {
            switch (step) {
                case 0 -> exited.reach();
                case 1 -> exitReached(outcome);
                case 2 -> outputs.getFirst().reaped();
                case 3 -> {
                    if (outputs.size() > 1) {
                        outputs.getLast().reaped();
                    }
                }
                case 4 -> input.reaped();
                case 5 -> ending.reaped();
                default -> reached();
            }
        } finally {
            if (step < LAST_STEP) {
                tellReaped(outcome, step + 1);
            }
        }
    }

    /** On the loop's thread, once: for who is to be told. */
    void exitReached(Outcome outcome) {
        // in stream style the stage says it
    }

    /** Once, as {@link #reaped}: no more output will come. */
    final void outputFinished() {
        try {
            terminal.close();
            input.closed();
        } finally {
            reached();
        }
    }

    /** Once, as {@link #reaped}: no more standard error will come. */
    final void errorsFinished() {
        try {
            closeErrorPipe();
        } finally {
            reached();
        }
    }

    private void closeErrorPipe() {
        if (errorPipe.isPresent()) {
            errorPipe.get().close();
        }
    }

    /** Once, as {@link #reaped}. */
    void end() {
        ended.reach();
    }

    private void reached() {
        if (missing.decrementAndGet() == 0) {
            loop.processes().remove(this);
            end();
        }
    }
}
