package dev.panpty.internal.process;

import dev.panpty.internal.loop.EventLoop;
import dev.panpty.internal.loop.Registration;
import dev.panpty.internal.sys.ChildProcess;
import dev.panpty.internal.sys.Epoll;
import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.Pidfd;
import dev.panpty.internal.sys.ShortWait;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A child process, from its exec to its reaping.
 *
 * <pre>
 *   none --started--> running, held by its pidfd --exit seen: waitid--> reaped, status known; the pidfd is closed, no signal is sent
 *                     --pidfd_open refused--> running, known by its number --pidfd_open, in each resync--> held by its pidfd
 *                                                                          --waitid, in each resync------> reaped, status known
 *   running --waitid fails in a hundred resyncs--> reaped, status unknown: the child stays a zombie
 * </pre>
 *
 * <p>A program that runs is not ended because the kernel refuses a descriptor or a place in epoll: its number is ours until it is
 * reaped, so {@link #advance} tries again.
 *
 * <p>The loop sees the exit by epoll, but for the moments in which a thread waits for it itself by {@link #awaitBriefly}, which
 * saves two thread switches. The pidfd is watched by edges, see ptrace(2): a traced child that has died is readable, and
 * waitid(2) says that it runs, until its tracer has waited for it or left; each of the two is an edge. Any thread may signal. The
 * lock orders signals and the reaping: a group number is ours only while its leader is not reaped.
 */
public final class Child implements Registration.Handler {

    private static final int RUNNING = -Errno.EAGAIN;
    private static final int ECHILD = -Errno.ECHILD;
    private static final int REAP_TRIES = 100;

    private final EventLoop loop;
    private final ChildProcess process; // with the lock, once it is started
    private volatile Optional<Registration> registration = Optional.empty(); // of the pidfd, once there is one; written with the lock
    private final Owner owner;
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicBoolean awaited = new AtomicBoolean();
    private ShortWait wait; // of the thread that has set awaited, made at the first use
    private int failedTries;
    private int answer = RUNNING; // the last of waitid
    private volatile Optional<WaitStatus> status = Optional.empty();

    /** The process. */
    public interface Owner {

        /** It is reaped. Under no lock, on the loop's thread or on that of a caller of this class; perhaps more than once. */
        void advance();
    }

    /** @param process not yet started */
    public Child(EventLoop loop, ChildProcess process, Owner owner) {
        this.loop = loop;
        this.process = process;
        this.owner = owner;
    }

    /** Polls for the exit of the child, which has been started, or has it watched; what the kernel refuses is tried again in the resync. */
    public void advance() {
        if (isReaped()) {
            return;
        }
        if (hold()) {
            registration.get().edges(Epoll.IN);
        } else if (reapNow()) {
            owner.advance();
        } else {
            loop.resync();
        }
    }

    /** Opens its pidfd, unless that is there or the child is gone; whether there is one. */
    private boolean hold() {
        lock.lock();
        try {
            if (registration.isEmpty() && isOurs()) {
                int opened = process.open();
                if (opened == 0) {
                    registration = Optional.of(new Registration(loop, process.pidfd().orElseThrow(), this));
                } else if (opened == -Errno.ESRCH) {
                    answer = ECHILD; // reaped by another part of the JVM: the number is no longer its own
                }
            }
            return registration.isPresent();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void ready(int readiness) {
        reap();
    }

    /** 0 until it is started. */
    int pid() {
        return process.pid();
    }

    boolean isStarted() {
        return process.isStarted();
    }

    public boolean isReaped() {
        return status.isPresent();
    }

    /** Whether it has exited, reaped or not. Where poll(2) of the pidfd fails, waitid(2) is asked, which takes longer. */
    boolean hasExited() {
        if (isReaped()) {
            return true;
        }
        int readiness = registration.isPresent() ? process.pidfd().get().poll(Epoll.IN) : -1;
        return readiness >= 0 ? readiness > 0 : isReaped() || process.hasEnded();
    }

    Optional<WaitStatus> status() {
        return status;
    }

    /** What the look gives while the child's number is its own for certain; empty once it is reaped. */
    <T> Optional<T> unlessReaped(Supplier<T> look) {
        lock.lock();
        try {
            return isOurs() ? Optional.of(look.get()) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Neither we nor others have reaped it: its number is its own. With the lock. */
    private boolean isOurs() {
        return !isReaped() && process.isStarted() && !isGone();
    }

    private boolean isGone() {
        return answer >= 0 || answer == ECHILD;
    }

    /** Sends a signal to the child; 0 or the negative errno, ESRCH once it is reaped. */
    int signal(int signal) {
        lock.lock();
        try {
            return isOurs() ? process.signal(signal) : -Errno.ESRCH;
        } finally {
            lock.unlock();
        }
    }

    /** Sends a signal to a process group of the child's session, only while the child is not reaped. */
    int signalGroup(int group, int signal) {
        lock.lock();
        try {
            return isOurs() ? Pidfd.signalGroup(group, signal) : -Errno.ESRCH;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the exit on the caller's own thread, for a moment, and reaps: what follows the exit is then done before this
     * returns. At once without effect while another thread does so, or while there is no pidfd. Not on a virtual thread.
     */
    public void awaitBriefly() {
        if (registration.isEmpty() || isReaped() || !awaited.compareAndSet(false, true)) {
            return;
        }
        try {
            registration.get().forgo(Epoll.IN);
            if (wait == null) {
                wait = new ShortWait(process.pidfd().get());
            }
            wait.await(Epoll.IN);
        } finally {
            awaited.set(false);
            reap();
            if (!isReaped()) {
                registration.get().edges(Epoll.IN); // an end that came since is an edge too
            }
        }
    }

    /** Gives up a child whose status is not available, unless it is by now; on the loop's thread. */
    void abandon(String reason) {
        abandon(reason, false);
    }

    /** Kills it and waits for its end here and now, see {@link ChildProcess#killAndReap}: the loop ends. On the loop's thread. */
    void killAndAbandon(String reason) {
        abandon(reason, true);
    }

    private void abandon(String reason, boolean kill) {
        lock.lock();
        try {
            if (!isReaped()) {
                if (kill && isOurs()) {
                    process.killAndReap();
                    loop.callbacks().tick();
                }
                int taken = take();
                status = Optional.of(taken >= 0 ? WaitStatus.of(taken) : WaitStatus.unknown(reason));
            }
        } finally {
            lock.unlock();
        }
        letGo();
        owner.advance();
    }

    /** Its start has failed: kills and reaps what there is of it here and now, also if it was abandoned. Nothing follows. */
    void undo() {
        lock.lock();
        try {
            if (process.isStarted() && !isGone()) {
                process.killAndReap();
                answer = ECHILD;
            }
            status = Optional.of(WaitStatus.unknown("its start has failed"));
        } finally {
            lock.unlock();
            letGo();
        }
    }

    /** Closes the pidfd. Idempotent. */
    private void letGo() {
        if (registration.isPresent()) {
            registration.get().close();
        }
        if (process.pidfd().isPresent()) {
            process.pidfd().get().close();
        }
    }

    /** Reaps it if it has ended; what follows the exit is then done before this returns. Any thread. */
    public void reap() {
        if (reapNow()) {
            try {
                owner.advance();
            } catch (Throwable missed) { // out of memory, for one
                loop.resync();
                throw missed;
            }
        }
    }

    /** Reaps it if it has ended, and does nothing of what follows; true if it is reaped. Any thread. */
    public boolean reapNow() {
        lock.lock();
        try {
            if (!isReaped()) {
                status = look();
            }
        } catch (Throwable missed) { // out of memory, for one
            loop.resync();
            throw missed;
        } finally {
            lock.unlock();
        }
        if (isReaped()) {
            letGo();
        }
        return isReaped();
    }

    /** Empty while it runs; and where waitid fails, which is tried again some times. With the lock. */
    private Optional<WaitStatus> look() {
        int taken = take();
        if (taken == RUNNING) {
            return Optional.empty(); // or has ended under a tracer; the next edge comes when it can be reaped
        }
        if (!isGone() && ++failedTries < REAP_TRIES) {
            loop.resync();
            return Optional.empty();
        }
        return Optional.of(WaitStatus.ofAnswer(taken));
    }

    /** Its status, if there is one to take, which is kept, should there be no memory to say it; or the negative errno. With the lock. */
    private int take() {
        if (!isGone()) {
            answer = process.reap();
        }
        return answer;
    }
}
