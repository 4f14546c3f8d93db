package dev.panpty.internal.process;

import dev.panpty.internal.gen.Linux;
import dev.panpty.internal.loop.EventLoop;
import dev.panpty.internal.loop.Member;
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
public abstract class TerminalProcess implements Member, Child.Owner {

    private static final long NANOS_PER_TICK = 10_000_000;
    private static final byte EOT = 4; // what ^D sends

    private final EventLoop loop;
    private final Child child;
    private final PtmxChannel terminal;
    private final KillSequence kill;
    private final Stage exited;
    private final Stage ended;
    private final Optional<Channel> errorPipe;
    private List<ReadSide> outputs; // the terminal's, and standard error's where it has a pipe
    private WriteSide input;

    /**
     * What every process starts from.
     *
     * @param child what will be started once the process is {@linkplain #prepare prepared}
     * @param standardError our end of its pipe, where standard error is not the terminal
     */
    public record Start(
            EventLoop loop, Ptmx ptmx, Optional<Descriptor> standardError, ChildProcess child, boolean endAtExit, boolean splitLongLines,
            Duration closeGrace) {}

    public TerminalProcess(Start start) {
        loop = start.loop();
        exited = new Stage(loop);
        ended = new Stage(loop);
        child = new Child(loop, start.child(), this);
        terminal = new PtmxChannel(loop, start.ptmx(), Optional.of(child));
        errorPipe = start.standardError().isPresent()
                ? Optional.of(new Channel(loop, start.standardError().get(), Optional.of(child), "standard error")) : Optional.empty();
        kill = new KillSequence(this, TimeUnit.NANOSECONDS.convert(start.closeGrace()));
    }

    /** To be called by the subclass's constructor. */
    public final void attach(ReadSide outputSide, WriteSide inputSide, Optional<? extends ReadSide> errorSide) {
        input = inputSide;
        terminal.attach(outputSide, Optional.of(inputSide));
        if (errorSide.isEmpty()) {
            outputs = List.of(outputSide);
        } else {
            outputs = List.of(outputSide, errorSide.get());
            errorPipe.orElseThrow().attach(errorSide.get(), Optional.empty());
        }
    }

    public final Optional<Channel> errorPipe() {
        return errorPipe;
    }

    /**
     * Takes its places in the loop. All that may be refused a process is refused here, while there is no child: 0, or the negative errno.
     * {@link #undo} is to follow unless it comes to begin.
     *
     * @throws IllegalStateException if the loop is closing
     */
    public final int prepare() {
        int added = loop.members().add(this);
        return added < 0 ? added : reserve();
    }

    /** Takes the places in epoll that this style needs from the beginning: 0, or the negative errno. */
    public int reserve() {
        return 0;
    }

    /**
     * The child runs: begins to watch it; 0, or the negative errno with which the loop has failed.
     *
     * @throws IllegalStateException if the loop has ended without one
     */
    public final int begin() {
        int begun = loop.members().begin();
        if (begun == 0) {
            watch();
        }
        return begun;
    }

    public void watch() {
        child.advance();
    }

    /**
     * The start has failed: there was no child, or no memory to go on with it, or the loop has ended. What there is of the child is killed
     * and reaped; terminal and pipe are left open and in no epoll instance.
     */
    public final void undo() {
        loop.members().remove(this);
        try {
            child.undo();
        } finally {
            terminal.lend();
            if (errorPipe.isPresent()) {
                errorPipe.get().lend();
            }
        }
    }

    @Override
    public final boolean isStarted() {
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
    public final Optional<WaitStatus> outcome() {
        return child.status();
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
        for (ReadSide output : outputs) {
            dropped += output.droppedBytes();
        }
        return dropped;
    }

    /** What the look gives while the child's number is its own for certain; empty once it is reaped. */
    public final <T> Optional<T> unlessReaped(Supplier<T> look) {
        return child.unlessReaped(look);
    }

    /** Writes what is held of the input: what follows is to have its effect behind it. Any thread. */
    public void flushHeld() {
        // nothing is held, as a rule
    }

    /** Sends a signal to the child; 0 or the negative errno, ESRCH once it is reaped. */
    public final int signal(int signal) {
        flushHeld();
        return child.signal(signal);
    }

    /** Sends a signal to the child's own process group. */
    public final int signalGroup(int signal) {
        flushHeld();
        return child.signalGroup(child.pid(), signal);
    }

    /** Sends a signal to the foreground process group of the terminal; ESRCH where there is none. */
    public final int signalForeground(int signal) {
        flushHeld();
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
    public abstract void readAhead();

    /** Whether input is accepted that is not yet written. */
    public abstract boolean hasPendingInput();

    /** Does what the key does on the terminal as it is set now, but for the loss of output. */
    public final void press(SignalKey key) throws IOException {
        flushHeld();
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
    public abstract void discardInput();

    /** Stops what is written to the terminal, or lets it go on; 0 or the negative errno. */
    public final int flow(boolean on) {
        flushHeld();
        return terminal.flow(on);
    }

    /** Closes the ptmx, soon: who holds the terminal gets SIGHUP, and nothing more is read or written. */
    public final void hangUp() {
        flushHeld();
        input.close();
        cutOutput();
        loop.post(this::hangUpNow); // never from inside a callback, which the end must not overtake
    }

    /** The processes of a loop that are started and have not ended. Any thread. */
    public static List<TerminalProcess> startedOn(EventLoop loop) {
        List<TerminalProcess> processes = new ArrayList<>();
        for (Member member : loop.members().started()) { // a lambda here would be linked when there may be no memory for it
            if (member instanceof TerminalProcess process) {
                processes.add(process);
            }
        }
        return processes;
    }

    /** Ends processes as {@link KillSequence} has it, all at the same time, and waits for that. Idempotent; not on a loop's thread. */
    public static void close(List<TerminalProcess> processes) throws InterruptedException {
        List<KillSequence> endings = new ArrayList<>();
        for (TerminalProcess process : processes) {
            process.closeSides();
            endings.add(process.kill);
        }
        KillSequence.run(endings);
    }

    private void closeSides() {
        for (ReadSide output : outputs) {
            output.endDelivery();
        }
        input.close();
    }

    /** Ends it at once: SIGKILL and a hang-up. Not on the loop's thread. */
    public final void abort() {
        child.signal(KillSequence.SIGKILL);
        closeSides();
        hangUpAhead();
    }

    /** Reaps the child if it has ended, for a caller that waits for that: the loop may be held. Any thread. */
    public abstract void lookForExit();

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
    @Override
    public final void abandon(String reason) {
        hangUpNow();
        child.killAndAbandon(reason);
    }

    /** The loop has failed: says so, and ends the child here and now. On the loop's thread, its last. */
    @Override
    public final void fail(String reason) {
        input.failed(reason); // before the end of the output closes it for no reason
        for (ReadSide output : outputs) {
            output.failed(reason);
        }
        loop.post(() -> { // after what these have posted
            hangUpNow();
            child.killAndAbandon(reason);
        });
    }

    /** {@link #hangUp} for the loop's thread. */
    public final void hangUpNow() {
        closeTerminal();
        advance();
    }

    private void closeTerminal() {
        try {
            cutOutput();
        } finally {
            terminal.close();
            closeErrorPipe();
            for (ReadSide output : outputs) {
                output.closed();
            }
            input.closed();
        }
    }

    private void cutOutput() {
        for (ReadSide output : outputs) {
            output.cut();
        }
    }

    /** How long ago the child was reaped, in hundredths of a second, rounded down; 0 if it was not. */
    final long ticksSinceReap() {
        Optional<WaitStatus> outcome = child.status();
        return outcome.isPresent() ? (System.nanoTime() - outcome.get().atNanos()) / NANOS_PER_TICK : 0;
    }

    public final PtmxChannel terminal() {
        return terminal;
    }

    public final Child child() {
        return child;
    }

    /**
     * Does what follows from the state and was not done: repeating it is harmless. In stream style on any thread.
     *
     * <p>The order: exited, the rest of the output, hung up where a kill sequence has begun, ended.
     */
    @Override
    public abstract void advance();

    /** Whether all output is at its end. */
    protected final boolean isOutputFinished() {
        return outputs.getFirst().isFinished() && outputs.getLast().isFinished();
    }

    /** Closes what no more output will come from. */
    protected final void closeFinished() {
        if (outputs.getFirst().isFinished() && !terminal.isClosed()) {
            terminal.close();
        }
        if (outputs.getFirst().isFinished()) {
            input.closed();
        }
        if (outputs.getLast().isFinished()) {
            closeErrorPipe();
        }
    }

    /** The child is reaped, and what it wrote is taken: the hang-up of a kill sequence follows. */
    protected final void endKillSequence() {
        if (kill.isBegun() && !kill.isOver()) {
            closeTerminal();
            kill.over();
        }
    }

    /** Exited, and all output delivered. */
    protected final void reachEnd() {
        loop.members().remove(this);
        ended.reach();
    }

    private void closeErrorPipe() {
        if (errorPipe.isPresent()) {
            errorPipe.get().close();
        }
    }
}
