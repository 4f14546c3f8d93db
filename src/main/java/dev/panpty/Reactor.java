package dev.panpty;

import static java.util.Objects.requireNonNull;

import dev.panpty.internal.loop.EventLoop;
import dev.panpty.internal.loop.LoopThread;
import dev.panpty.internal.loop.Reports;
import dev.panpty.internal.loop.Timers;
import dev.panpty.internal.process.Initializers;
import dev.panpty.internal.process.TerminalProcess;
import dev.panpty.internal.process.TerminalProcesses;
import dev.panpty.internal.sys.ChildSignal;
import dev.panpty.internal.sys.NativeAccess;
import dev.panpty.internal.sys.Pidfd;
import dev.panpty.internal.sys.Result;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The thread that watches any number of terminals and processes: one daemon platform thread that waits in epoll_wait(2). All methods may be
 * called from any thread; only {@link #close} waits.
 *
 * <p>The thread ends, with its descriptors and its shutdown hook, when the reactor was idle for five seconds: it has no process that has
 * not ended, no work and no timer, and no {@link Pty} or {@link OwnTerminal} is open that uses it. The next use starts another, with
 * another name. So the reactor of a class loader that is dropped, as of a web application or a plug-in, keeps nothing of it reachable. Work
 * and callbacks that follow one another without such a gap run on the same thread.
 *
 * <pre>
 *   running --idle for 5 s--> idle: without a thread --start, execute, schedule, Pty, OwnTerminal--> running
 *   running, idle --close---> closed: all of these are refused
 *   running --epoll_wait fails--> failed: all of these are refused
 * </pre>
 *
 * <p>A callback that holds the thread for more than a second is logged once as a warning of the {@link System.Logger} {@code dev.panpty}:
 * while it still runs, if another thread waits for a process of this reactor; else when it has returned. Work that was given to the reactor
 * is logged only if another thread waits.
 *
 * <p>If epoll_wait(2) fails, which happens only if other code has closed or changed the JVM's descriptors, the reactor ends. Its processes
 * are killed and end as {@link ExitStatus.Unknown}; reads and protocols get an {@code IOException}; a start throws {@link SpawnException}.
 * The shared reactor is replaced at the next start.
 */
public final class Reactor implements AutoCloseable {

    private static final long LAST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Duration POLL = Duration.ofMillis(10);

    static final String NEEDED = "pidfd_open, pidfd_send_signal and waitid(P_PIDFD), which need Linux 5.4 and must not be filtered by a sandbox";

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static volatile Reactor shared;

    /** Guards the change of the loop, and a close against it. Outside the locks of the loop. */
    private final ReentrantLock door = new ReentrantLock();
    private volatile EventLoop loop; // the last one; written with the door's lock

    /** @param loop with a lease */
    private Reactor(EventLoop loop) {
        this.loop = loop;
        loop.release();
    }

    /**
     * The reactor of a start that names no other. It is always the same, unless it fails, and cannot be closed.
     *
     * @return the shared reactor, opened if necessary
     * @throws SpawnException if it cannot be opened; a later call tries again
     */
    public static Reactor shared() throws SpawnException {
        Reactor reactor = shared;
        if (reactor != null && reactor.loop.error() == 0) {
            return reactor;
        }
        LOCK.lock();
        try {
            if (shared == null || shared.loop.error() < 0) {
                shared = new Reactor(openLoop());
            }
            return shared;
        } finally {
            LOCK.unlock();
        }
    }

    /**
     * Opens a reactor.
     *
     * @return a running reactor, which the caller closes
     * @throws SpawnException if it cannot be opened: no descriptor or thread is available, or the kernel has no pidfds
     */
    public static Reactor open() throws SpawnException {
        return new Reactor(openLoop());
    }

    /**
     * The loop, with a lease that the caller releases. An idle one has ended, or is about to: another is opened.
     *
     * @throws SpawnException if the reactor has failed, or cannot open another loop
     * @throws IllegalStateException if it is closed
     */
    EventLoop lease() throws SpawnException {
        EventLoop last = loop;
        if (last.lease()) {
            return last;
        }
        door.lock();
        try {
            if (!loop.lease()) {
                refuseUnlessIdle();
                loop = openLoop();
            }
            return loop;
        } finally {
            door.unlock();
        }
    }

    private void refuseUnlessIdle() throws SpawnException {
        if (loop.error() < 0) {
            throw new SpawnException(SpawnException.Step.REACTOR, -loop.error(), "epoll_wait");
        }
        if (!loop.members().isIdle()) {
            throw new IllegalStateException("the reactor is closed");
        }
    }

    /** A loop with a lease. */
    private static EventLoop openLoop() throws SpawnException {
        NativeAccess.require();
        Initializers.run();
        int probed = Pidfd.probe();
        if (probed < 0) {
            throw new SpawnException(SpawnException.Step.REACTOR, -probed,
                    NEEDED);
        }
        ChildSignal.keepStatuses();
        try {
            Result<EventLoop> opened = EventLoop.open();
            if (opened.failed()) {
                throw new SpawnException(SpawnException.Step.REACTOR, -opened.error(), opened.call());
            }
            return opened.value();
        } catch (OutOfMemoryError noThread) {
            throw SpawnException.noThread(noThread);
        }
    }

    /**
     * Runs work on the reactor's thread, after work that was given to it before. It must not block; what it throws is logged.
     *
     * @param work what to run
     * @throws RejectedExecutionException if the reactor is closed, or was idle and cannot start a thread, with the {@link SpawnException}
     *     as its cause
     */
    public void execute(Runnable work) {
        EventLoop leased = leaseForWork(requireNonNull(work, "work"));
        boolean posted = false;
        try {
            leased.execute(new Given(leased, work));
            posted = true;
        } finally {
            if (!posted) {
                leased.release();
            }
        }
    }

    private EventLoop leaseForWork(Runnable work) {
        try {
            return lease();
        } catch (IllegalStateException | SpawnException refused) {
            throw new RejectedExecutionException(refused.getMessage(), refused);
        }
    }

    /** Runs it now if this is the reactor's thread, else later on it; false if that is refused. */
    boolean run(Runnable work) {
        if (loop.isCurrent()) {
            work.run();
            return true;
        }
        try {
            execute(work);
            return true;
        } catch (RejectedExecutionException refused) {
            return false;
        }
    }

    /** Work of the user, distinguished from the library's own. It has a lease, which ends with it. */
    private record Given(EventLoop loop, Runnable work) implements Runnable {

        @Override
        public void run() {
            loop.callbacks().begin(this);
            try {
                work.run();
            } catch (Throwable thrown) {
                Reports.log("work that was given to a reactor", thrown);
            } finally {
                loop.release();
                loop.callbacks().end();
            }
        }

        @Override
        public String toString() {
            return "the work " + work.getClass().getName();
        }
    }

    /**
     * Runs work on the reactor's thread once, after a time.
     *
     * @param delay 0 or less for the next turn
     * @param work what to run; it must not block
     * @return cancels it, if it has not begun
     * @throws RejectedExecutionException as {@link #execute}
     */
    public Delayed schedule(Duration delay, Runnable work) {
        requireNonNull(delay, "delay");
        EventLoop leased = leaseForWork(requireNonNull(work, "work"));
        boolean added = false;
        try {
            Timers.Timer timer = leased.schedule(TimeUnit.NANOSECONDS.convert(delay), new Given(leased, work));
            added = true;
            return () -> {
                if (timer.cancel()) {
                    leased.release();
                }
            };
        } finally {
            if (!added) {
                leased.release();
            }
        }
    }

    /** Scheduled work. */
    @FunctionalInterface
    public interface Delayed {

        /** Cancels the work, if it has not begun, and releases all references to it at once. Any thread; idempotent. */
        void cancel();
    }

    /**
     * Ends all processes of this reactor as {@link PtyProcess#close} does, all at the same time, and then its thread. Every future is
     * completed; a process that cannot be killed ends as {@link ExitStatus.Unknown}. If a callback holds the reactor, this returns within
     * the longest time of {@code PtyProcess.close}, and the rest is done when the callback has returned. The streams of a process that was
     * {@linkplain PtyProcessBuilder#start(Reactor) started} with this reactor end as those of a process that is closed. Idempotent.
     *
     * @throws IllegalStateException on a reactor's thread, and for the shared reactor
     */
    @Override
    public void close() {
        LoopThread.refuse("close", "close it from another thread");
        if (this == shared) {
            throw new IllegalStateException("the shared reactor cannot be closed");
        }
        closeToNew();
        boolean interrupted = false;
        boolean done = false;
        try {
            loop.members().awaitStarts(LAST_WAIT_NANOS);
            TerminalProcesses.close(TerminalProcesses.startedOn(loop));
            done = true;
        } catch (InterruptedException stop) {
            interrupted = true;
        } finally {
            if (!done) {
                TerminalProcesses.startedOn(loop).forEach(TerminalProcess::abort);
            }
        }
        long deadline = System.nanoTime() + LAST_WAIT_NANOS;
        for (TerminalProcess process : TerminalProcesses.startedOn(loop)) {
            interrupted |= !endedBy(deadline, process);
        }
        loop.stop();
        interrupted |= !joinedBy(deadline);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** From now on no other loop is opened, and the last one takes no start. */
    private void closeToNew() {
        door.lock();
        try {
            loop.members().closeToNew();
        } finally {
            door.unlock();
        }
    }

    /** Waits for the end of a killed child; not while a callback holds the loop, which then sees no exit. False if interrupted. */
    private boolean endedBy(long deadline, TerminalProcess process) {
        try {
            while (!process.ended().await(POLL.toNanos()) && System.nanoTime() - deadline < 0 && !isHeld()) {
                // once more
            }
            return true;
        } catch (InterruptedException stop) {
            return false;
        }
    }

    /** Waits for the thread's end; not if a callback holds the loop: the thread ends when that returns. False if interrupted. */
    private boolean joinedBy(long deadline) {
        try {
            while (!loop.join(POLL) && (System.nanoTime() - deadline < 0 || !isHeld())) {
                // once more
            }
            return true;
        } catch (InterruptedException stop) {
            return false; // the thread ends without being waited for
        }
    }

    private boolean isHeld() {
        loop.callbacks().nameTheHolder();
        return loop.callbacks().isHeld();
    }

    /** The last one, which may have ended. */
    EventLoop loop() {
        return loop;
    }
}
