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
 *   not started --exec, then {@link #advance}: pidfd_open--> held: registration present, the loop watches the pidfd
 *                                       --pidfd_open refused--> unheld: known by its number
 *   unheld --each resync: pidfd_open succeeds--> held
 *   unheld --each resync: waitid gives a status--> reaped
 *   held --the pidfd is readable: waitid gives a status--> reaped
 *   held, unheld --waitid gives ECHILD, or fails a hundred times--> reaped, status unknown; in the second case a zombie stays
 *
 *   reaped: status present, the pidfd is closed, signals give ESRCH
 * </pre>
 *
 * <p>If the kernel refuses a descriptor or a place in epoll, the program goes on running: its number is ours until it is reaped, so each
 * resync calls {@link #advance} again.
 *
 * <p>The loop sees the exit by epoll. While a thread waits for it in {@link #awaitBriefly}, that thread sees it instead, which saves two
 * thread switches. The pidfd is watched by edges because of ptrace(2): the pidfd of a traced child that has died is readable, but waitid(2)
 * answers that it runs until its tracer has waited for it or detached. Each of the two raises an edge.
 *
 * <p>Any thread may signal. The lock orders signals and the reaping: a process group's number is ours only while its leader is not reaped.
 */
public final class Child implements Registration.Handler {

    private static final int RUNNING = -Errno.EAGAIN;
    private static final int ECHILD = -Errno.ECHILD;
    private static final int REAP_TRIES = 100;

    private final EventLoop loop;
    private final ChildProcess process; // guarded by the lock, once it is started
    private volatile Optional<Registration> registration = Optional.empty(); // of the pidfd, once it is open; written with the lock
    private final Owner owner;
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicBoolean awaited = new AtomicBoolean(); // a thread is in awaitBriefly
    private ShortWait wait; // owned by that thread, made at the first use
    private int failedTries;
    private int answer = RUNNING; // of the last waitid
    private volatile Optional<WaitStatus> status = Optional.empty();

    /** The process. */
    public interface Owner {

        /** The child is reaped. Called under no lock, on the loop's thread or on a caller's; may be called more than once. */
        void advance();
    }

    /** @param process not yet started */
    public Child(EventLoop loop, ChildProcess process, Owner owner) {
        this.loop = loop;
        this.process = process;
        this.owner = owner;
    }

    /** Has the loop watch the started child; without a pidfd it polls for the exit. What the kernel refuses is retried in the resync. */
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

    /** Opens the pidfd unless it is open or the child is gone; true if it is open. */
    private boolean hold() {
        lock.lock();
        try {
            if (registration.isEmpty() && isOurs()) {
                int opened = process.open();
                if (opened == 0) {
                    registration = Optional.of(new Registration(loop, process.pidfd().orElseThrow(), this));
                } else if (opened == -Errno.ESRCH) {
                    answer = ECHILD; // another part of the JVM has reaped it: the number may belong to another process
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

    /** Whether it has exited, reaped or not. If poll(2) of the pidfd fails, waitid(2) answers, which takes longer. */
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

    /** Runs the look-up while the child cannot be reaped, so its number is its own; empty once it is reaped. */
    public <T> Optional<T> unlessReaped(Supplier<T> lookUp) {
        lock.lock();
        try {
            return isOurs() ? Optional.of(lookUp.get()) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Neither this library nor another part of the JVM has reaped it: its number is its own. With the lock. */
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
     * Waits briefly for the exit on the caller's thread and reaps the child; what follows the exit is done before this returns. Returns at
     * once while another thread is in here, or if there is no pidfd. Not on a virtual thread.
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
                registration.get().edges(Epoll.IN); // an exit in between raises an edge too
            }
        }
    }

    /** Gives up a child whose status is not available; takes the status if it is available now. On the loop's thread. */
    void abandon(String reason) {
        abandon(reason, false);
    }

    /** Kills it and waits for its exit at once, see {@link ChildProcess#killAndReap}: the loop ends. On the loop's thread. */
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

    /** The start has failed: kills and reaps the child, if one was made, also if it was abandoned. The owner is not called. */
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

    /** Reaps it if it has exited; what follows the exit is done before this returns. Any thread. */
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

    /** Reaps it if it has exited, without what follows; true if it is reaped. Any thread. */
    public boolean reapNow() {
        lock.lock();
        try {
            if (!isReaped()) {
                status = poll();
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

    /** Its status; empty while it runs, and while a failing waitid is retried. With the lock. */
    private Optional<WaitStatus> poll() {
        int taken = take();
        if (taken == RUNNING) {
            return Optional.empty(); // or it has exited under a tracer: the next edge comes when it can be reaped
        }
        if (!isGone() && ++failedTries < REAP_TRIES) {
            loop.resync();
            return Optional.empty();
        }
        return Optional.of(WaitStatus.ofAnswer(taken));
    }

    /** The status of waitid, or the negative errno. It is kept: the caller may run out of memory before it uses it. With the lock. */
    private int take() {
        if (!isGone()) {
            answer = process.reap();
        }
        return answer;
    }
}
