package dev.panpty.internal.process;

import dev.panpty.internal.loop.CallbackQueue;
import dev.panpty.internal.loop.EventLoop;
import dev.panpty.internal.loop.Member;
import dev.panpty.internal.loop.PhantomQueue;
import dev.panpty.internal.loop.Reports;
import dev.panpty.internal.sys.Ptmx;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A process on a terminal, from its exec to its end: joins the child's exit and the end of the terminal's output.
 *
 * <pre>
 *   created --prepare--> prepared, no child yet --begin--> started
 *                                               --undo---> undone: child killed and reaped, no place in the loop
 *   started --child reaped--> exited --output at its end--> ended
 *           --hangUp------> hung up --child reaped--------> ended
 * </pre>
 *
 * <p>It owns the ptmx and the child. Every method may be called from any thread unless it says otherwise. Stages are reached on the loop's
 * thread; in stream style, which has no callbacks, also on the thread of a caller that saw the exit first, see {@link Child#awaitBriefly}.
 * In stream style it has no reference to the API's objects, so that a process its user has dropped can be collected while this lives on.
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
    private final HangUp hangUp;
    private PhantomQueue.Work abandoned; // kept reachable here, by the loop; written by the thread that starts it

    public TerminalProcess(ProcessStart start) {
        loop = start.loop();
        exited = new Stage(loop);
        ended = new Stage(loop);
        child = new Child(loop, start.child(), this);
        PtmxChannel terminal = new PtmxChannel(loop, start.ptmx(), Optional.of(child), start.tap());
        sides = new TerminalSides(terminal, start.errors(child));
        signals = new Signals(child, start.ptmx(), start.controlling(), this);
        hangUp = new HangUp(loop, sides, signals, this);
        keys = new TerminalKeys(terminal, signals, this);
        kill = new KillSequence(this, TimeUnit.NANOSECONDS.convert(start.closeGrace()));
    }

    /** To be called by the subclass's constructor. */
    public final void attach(ReadSide outputSide, WriteSide inputSide, Optional<? extends ReadSide> errorSide) {
        sides.attach(outputSide, inputSide, errorSide);
    }

    /**
     * Takes its places in the loop: 0, or the negative errno. The kernel can refuse them here only, while there is no child. Either
     * {@link #begin} or {@link #undo} follows.
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
     * The child runs: calls the tap, then watches the child. 0, or the negative errno with which the loop has failed.
     *
     * @throws IllegalStateException if the loop has ended without an error
     */
    public final int begin() {
        terminal().tellStart(); // first: until the next call, a reactor that is being closed waits for this start
        int begun = loop.members().begin();
        if (begun == 0) {
            watch();
        }
        return begun;
    }

    public void watch() {
        child.advance();
    }

    /** The start has failed: what there is of the child is killed and reaped. Terminal and pipe stay open, in no epoll instance. */
    public final void undo() {
        loop.members().remove(this);
        try {
            child.undo();
        } finally {
            sides.lend();
            terminal().tellEnd();
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

    /** Waits for {@link #exited}, at most so long, then polls for the exit on this thread: a callback may hold the loop. */
    public final boolean awaitExit(long nanos) throws InterruptedException {
        if (!exited.await(nanos)) {
            pollExit();
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

    /** Its descriptors and the sides that read and write them. */
    public final TerminalSides sides() {
        return sides;
    }

    @Override
    public void flushHeld() {} // a style without held input

    @Override
    public final int signal(int signal) {
        return signals.ofEnd(signal);
    }

    /** Sets the size of its terminals; 0 or the negative errno. SIGWINCH reaches the foreground group if the size has changed. */
    public final int resize(Ptmx.Size size) {
        flushHeld();
        Optional<Ptmx.Size> before = signals.sizeBefore();
        int result = sides.resize(size);
        if (result == 0) {
            signals.ofResize(before, size);
        }
        return result;
    }

    public final Signals signals() {
        return signals;
    }

    public final TerminalKeys keys() {
        return keys;
    }

    /** Stops or restarts output, see tcflow(3); 0 or the negative errno. */
    public final int flow(boolean on) {
        flushHeld();
        return terminal().flow(on);
    }

    /** Hangs up once the user's object, to which this has no reference, is unreachable. */
    public final void hangUpAfter(Object user) {
        abandoned = loop.whenUnreachable(user, this::hangUp);
    }

    /** Closes the ptmx soon: the session leader and the foreground process group get SIGHUP. Nothing more is read or written. */
    public final void hangUp() {
        terminal().refuseInsideTap();
        try {
            flushHeld();
            sides.cut();
        } finally {
            hangUp.soon();
        }
    }

    /**
     * Ends the process by its {@link KillSequence}, without waiting. Any thread; idempotent.
     *
     * @param over runs on a thread of its own once it is ended, see {@link Stage#then}
     */
    public final void close(Runnable over) {
        terminal().refuseInsideTap();
        kill.then(over);
        try {
            flushHeld();
            sides.endDelivery();
        } finally {
            kill.start();
        }
    }

    KillSequence kill() {
        return kill;
    }

    /** Sends SIGKILL and hangs up, without waiting. Not on the loop's thread. */
    public final void abort() {
        child.signal(KillSequence.SIGKILL);
        sides.endDelivery();
        hangUpAhead();
    }

    @Override
    public final void hangUpAhead() {
        hangUp.ahead();
    }

    /** The loop is about to stop: kills a child that has not exited. On the loop's thread. */
    @Override
    public final void abandon(String reason) {
        hangUpNow();
        child.killAndAbandon(reason);
    }

    /** The loop has failed: notifies the sides, then kills and reaps the child at once. On the loop's thread, in its last turn. */
    @Override
    public final void fail(String reason) {
        sides.failed(reason);
        loop.post(() -> { // behind what the sides have posted
            hangUpNow();
            child.killAndAbandon(reason);
        });
    }

    /** {@link #hangUp} for the loop's thread. */
    public final void hangUpNow() {
        hangUp.run();
    }

    public final PtmxChannel terminal() {
        return sides.terminal();
    }

    public final Child child() {
        return child;
    }

    /**
     * Does what the state calls for and is not yet done. Idempotent. On the loop's thread; in stream style on any thread. The order:
     * exited, the rest of the output, the hang-up of a kill sequence that has begun, ended.
     */
    @Override
    public abstract void advance();

    /** To be called by {@link #advance}: what a caller wants and could not post or do for lack of memory. */
    protected final void repeatMissed() {
        if (loop.isCurrent()) {
            hangUp.repeat();
            kill.resume();
        }
    }

    /** The child is reaped and its output is in memory: a kill sequence that has begun hangs up and is over. */
    protected final void endKillSequence() {
        if (kill.isBegun() && !kill.isOver()) {
            sides.close();
            kill.over();
        }
    }

    /** A tap has thrown and is removed. Called with the terminal's writing lock, so that this reports it on another thread. */
    public void tapFailed(Throwable thrown) {
        loop.starter().start(new CallbackQueue.Work(() -> Reports.log("in a tap of a process", thrown)));
    }

    /** The child has exited and all output is delivered. */
    protected final void reachEnd() {
        terminal().tellEnd();
        loop.members().remove(this);
        ended.reach();
    }
}
