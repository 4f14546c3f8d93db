package dev.panpty;

import static java.util.Objects.requireNonNull;

import dev.panpty.internal.loop.EventLoop;
import dev.panpty.internal.loop.LoopThread;
import dev.panpty.internal.loop.Reports;
import dev.panpty.internal.loop.Timers;
import dev.panpty.internal.process.Initializers;
import dev.panpty.internal.process.TerminalProcess;
import dev.panpty.internal.process.Unreachable;
import dev.panpty.internal.sys.ChildSignal;
import dev.panpty.internal.sys.NativeAccess;
import dev.panpty.internal.sys.Pidfd;
import dev.panpty.internal.sys.Result;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The thread that watches terminals and processes, any number of them: one daemon platform thread in epoll(7). A shared one starts with
 * the first process. All methods may be called from any thread; only {@link #close} waits.
 *
 * <p>A callback that holds the thread for more than a second is named once as a warning of the {@link System.Logger} {@code dev.panpty}:
 * while it still runs, if another thread waits for a process of this reactor, else when it has returned. Work that was given to the reactor
 * is named if another thread waits.
 *
 * <p>Should epoll_wait(2) fail, which it does only where something has been at the JVM's descriptors, the reactor ends: its processes are
 * killed and end as {@link ExitStatus.Unknown}, whoever reads or is a protocol hears an {@code IOException}, and a start is a
 * {@link SpawnException}. The shared one is replaced at the next start.
 */
public final class Reactor implements AutoCloseable {

    private static final long LAST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Duration LOOK = Duration.ofMillis(10);

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static volatile Reactor shared;

    private final EventLoop loop;

    private Reactor(EventLoop loop) {
        this.loop = loop;
    }

    /**
     * The reactor that is used unless another is named. It lives as long as the JVM, unless it fails, and cannot be closed.
     *
     * @return the shared reactor, started if need be
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
     * A reactor of one's own.
     *
     * @return a running reactor, to be closed
     * @throws SpawnException if it cannot be opened: no descriptors, no threads, or a kernel without pidfds
     */
    public static Reactor open() throws SpawnException {
        return new Reactor(openLoop());
    }

    private static EventLoop openLoop() throws SpawnException {
        NativeAccess.require();
        Initializers.run();
        int probed = Pidfd.probe();
        if (probed < 0) {
            throw new SpawnException(SpawnException.Step.REACTOR, -probed,
                    "pidfd_open, pidfd_send_signal and waitid(P_PIDFD), which need Linux 5.4 and must not be filtered by a sandbox");
        }
        ChildSignal.keepStatuses();
        try {
            Unreachable.begin();
            Result<EventLoop> opened = EventLoop.open();
            if (opened.failed()) {
                throw new SpawnException(SpawnException.Step.REACTOR, -opened.error(), "epoll");
            }
            return opened.value();
        } catch (OutOfMemoryError noThread) {
            throw SpawnException.noThread(noThread);
        }
    }

    /**
     * Runs work on the reactor's thread, after what was given to it before. It must not block; what it throws is logged.
     *
     * @param work what is to run there
     * @throws RejectedExecutionException if the reactor is closed
     */
    public void execute(Runnable work) {
        loop.execute(new Given(loop, requireNonNull(work, "work")));
    }

    /** Work of the user's, told apart from our own. */
    private record Given(EventLoop loop, Runnable work) implements Runnable {

        @Override
        public void run() {
            loop.callbacks().begin(this);
            try {
                work.run();
            } catch (Throwable thrown) {
                Reports.log("work that was given to a reactor", thrown);
            } finally {
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
     * @param work what is to run there; it must not block
     * @return cancels it, if it has not begun
     * @throws RejectedExecutionException if the reactor is closed
     */
    public Delayed schedule(Duration delay, Runnable work) {
        requireNonNull(delay, "delay");
        requireNonNull(work, "work");
        Timers.Timer timer = loop.schedule(TimeUnit.NANOSECONDS.convert(delay), new Given(loop, work));
        return timer::cancel;
    }

    /** Work that waits for its time. */
    @FunctionalInterface
    public interface Delayed {

        /** Forgets it at once, if it has not begun, and all that it refers to. Any thread; idempotent. */
        void cancel();
    }

    /**
     * Ends all processes of this reactor as {@link PtyProcess#close} does, all at the same time, and then its thread. Every future is
     * completed; a process that cannot be killed ends as {@link ExitStatus.Unknown}. Where a callback holds the reactor this returns in the
     * time that {@code PtyProcess.close} takes at most, and what is left is done when the callback has returned. Idempotent.
     *
     * @throws IllegalStateException on a reactor's thread, and for the shared reactor
     */
    @Override
    public void close() {
        LoopThread.refuse("close", "close it from another thread");
        if (this == shared) {
            throw new IllegalStateException("the shared reactor cannot be closed");
        }
        boolean interrupted = false;
        boolean done = false;
        try {
            loop.members().closeToNew();
            loop.members().awaitStarts(LAST_WAIT_NANOS);
            TerminalProcess.close(TerminalProcess.startedOn(loop));
            done = true;
        } catch (InterruptedException stop) {
            interrupted = true;
        } finally {
            if (!done) {
                TerminalProcess.startedOn(loop).forEach(TerminalProcess::abort);
            }
        }
        long deadline = System.nanoTime() + LAST_WAIT_NANOS;
        for (TerminalProcess process : TerminalProcess.startedOn(loop)) {
            interrupted |= !endedBy(deadline, process);
        }
        loop.stop();
        interrupted |= !joinedBy(deadline);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A child that was killed takes a moment to end; it does not while a callback holds the loop. False if interrupted. */
    private boolean endedBy(long deadline, TerminalProcess process) {
        try {
            while (!process.ended().await(LOOK.toNanos()) && System.nanoTime() - deadline < 0 && !isHeld()) {
                // once more
            }
            return true;
        } catch (InterruptedException stop) {
            return false;
        }
    }

    /** Where a callback holds the loop it is not waited for: the thread ends when that returns. False if interrupted. */
    private boolean joinedBy(long deadline) {
        try {
            while (!loop.join(LOOK) && (System.nanoTime() - deadline < 0 || !isHeld())) {
                // once more
            }
            return true;
        } catch (InterruptedException stop) {
            return false; // the thread ends all the same, a moment later
        }
    }

    private boolean isHeld() {
        loop.callbacks().nameTheHolder();
        return loop.callbacks().isHeld();
    }

    EventLoop loop() {
        return loop;
    }
}
