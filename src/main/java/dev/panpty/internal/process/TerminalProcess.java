package dev.panpty.internal.process;

import dev.panpty.internal.loop.EventLoop;
import dev.panpty.internal.loop.Member;
import dev.panpty.internal.sys.ChildProcess;
import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.Ptmx;
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
 * which calls nothing back, on that of a caller who saw the exit first, see {@link Child#awaitBriefly}. In that style it refers to
 * nothing of the API either, so that a process its user has dropped can be collected while this lives on.
 */
public abstract class TerminalProcess implements Member, Child.Owner, KillSequence.Owner, InputStyle {

    private final EventLoop loop;
    private final Child child;
    private final TerminalSides sides;
    private final TerminalKeys keys;
    private final Signals signals;
    private final KillSequence kill;
    private final Stage exited;
    private final Stage ended;
    private final Runnable hangUpNow = this::hangUpNow;
    private volatile boolean hangUpWanted; // by a caller; by the loop it is done

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
        PtmxChannel terminal = new PtmxChannel(loop, start.ptmx(), Optional.of(child));
        sides = new TerminalSides(terminal, start.standardError().isPresent()
                ? Optional.of(new Channel(loop, start.standardError().get(), Optional.of(child), "standard error")) : Optional.empty());
        keys = new TerminalKeys(terminal, this);
        signals = new Signals(child, start.ptmx(), this);
        kill = new KillSequence(this, TimeUnit.NANOSECONDS.convert(start.closeGrace()));
    }

    /** To be called by the subclass's constructor. */
    public final void attach(ReadSide outputSide, WriteSide inputSide, Optional<? extends ReadSide> errorSide) {
        sides.attach(outputSide, inputSide, errorSide);
    }

    public final Optional<Channel> errorPipe() {
        return sides.errorPipe();
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
            sides.lend();
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
        return sides.terminal().ptmx();
    }

    @Override
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

    @Override
    public final Stage ended() {
        return ended;
    }

    @Override
    public final Optional<WaitStatus> outcome() {
        return child.status();
    }

    /** Its descriptors, and what reads and writes them. */
    public final TerminalSides sides() {
        return sides;
    }

    /** What the look gives while the child's number is its own for certain; empty once it is reaped. */
    public final <T> Optional<T> unlessReaped(Supplier<T> look) {
        return child.unlessReaped(look);
    }

    @Override
    public void flushHeld() {
        // nothing is held, as a rule
    }

    @Override
    public final int signal(int signal) {
        return signals.toChild(signal);
    }

    public final Signals signals() {
        return signals;
    }

    public final TerminalKeys keys() {
        return keys;
    }

    /** Stops what is written to the terminal, or lets it go on; 0 or the negative errno. */
    public final int flow(boolean on) {
        flushHeld();
        return sides.terminal().flow(on);
    }

    /** Closes the ptmx, soon: the processes that hold the terminal get SIGHUP, and nothing more is read or written. */
    public final void hangUp() {
        try {
            flushHeld();
            sides.cut();
        } finally {
            hangUpSoon();
        }
    }

    /** Never from inside a callback, which the end must not overtake. Where there is no memory for the post, the resync does it. */
    private void hangUpSoon() {
        hangUpWanted = true;
        try {
            loop.post(hangUpNow);
        } catch (OutOfMemoryError missed) {
            loop.resync();
        }
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
            process.sides.endDelivery();
            endings.add(process.kill);
        }
        KillSequence.run(endings);
    }

    /** Ends it at once: SIGKILL and a hang-up. Not on the loop's thread. */
    public final void abort() {
        child.signal(KillSequence.SIGKILL);
        sides.endDelivery();
        hangUpAhead();
    }

    @Override
    public final void hangUpAhead() {
        try {
            sides.closeDescriptors();
        } finally {
            hangUpSoon();
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
        sides.failed(reason);
        loop.post(() -> { // after what these have posted
            hangUpNow();
            child.killAndAbandon(reason);
        });
    }

    /** {@link #hangUp} for the loop's thread. */
    public final void hangUpNow() {
        sides.close();
        hangUpWanted = false;
        advance();
    }

    public final PtmxChannel terminal() {
        return sides.terminal();
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

    /** To be called by {@link #advance}: the hang-up that a caller wants, if its post was lost. */
    protected final void hangUpIfWanted() {
        if (hangUpWanted && loop.isCurrent()) {
            sides.close();
            hangUpWanted = false;
        }
    }

    /** The child is reaped, and what it wrote is taken: the hang-up of a kill sequence follows. */
    protected final void endKillSequence() {
        if (kill.isBegun() && !kill.isOver()) {
            sides.close();
            kill.over();
        }
    }

    /** Exited, and all output delivered. */
    protected final void reachEnd() {
        loop.members().remove(this);
        ended.reach();
    }
}
