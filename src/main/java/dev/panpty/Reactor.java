package dev.panpty;

import static java.util.Objects.requireNonNull;

import dev.panpty.internal.loop.EventLoop;
import dev.panpty.internal.loop.LoopThread;
import dev.panpty.internal.loop.Reports;
import dev.panpty.internal.loop.Timers;
import dev.panpty.internal.process.Initializers;
import dev.panpty.internal.process.TerminalProcess;
import dev.panpty.internal.process.TerminalProcesses;
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
 * The thread that watches any number of terminals and processes: one daemon platform thread that waits in epoll_wait(2). The shared reactor
 * starts with the first process. All methods may be called from any thread; only {@link #close} waits.
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

    private final EventLoop loop;

    private Reactor(EventLoop loop) {
        this.loop = loop;
    }

    /**
     * The reactor of a start that names no other. It lives as long as the JVM, unless it fails, and cannot be closed.
     *
     * @return the shared reactor, started if necessary
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
            Unreachable.begin();
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
     * @throws RejectedExecutionException if the reactor is closed
     */
    public void execute(Runnable work) {
        loop.execute(new Given(loop, requireNonNull(work, "work")));
    }

    /** Work of the user, distinguished from the library's own. */
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
     * @param work what to run; it must not block
     * @return cancels it, if it has not begun
     * @throws RejectedExecutionException if the reactor is closed
     */
    public Delayed schedule(Duration delay, Runnable work) {
        requireNonNull(delay, "delay");
        requireNonNull(work, "work");
        Timers.Timer timer = loop.schedule(TimeUnit.NANOSECONDS.convert(delay), new Given(loop, work));
        return timer::cancel;
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
     * the longest time of {@code PtyProcess.close}, and the rest is done when the callback has returned. Idempotent.
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

    EventLoop loop() {
        return loop;
    }
}
