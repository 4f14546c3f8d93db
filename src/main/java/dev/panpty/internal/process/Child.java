package dev.panpty.internal.process;

import dev.panpty.internal.gen.Linux;
import dev.panpty.internal.loop.EventLoop;
import dev.panpty.internal.loop.Registration;
import dev.panpty.internal.loop.Unserved;
import dev.panpty.internal.sys.ChildProcess;
import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.Epoll;
import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.Pidfd;
import dev.panpty.internal.sys.ShortWait;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A child process, from its exec to its reaping.
 *
 * <pre>
 *   none --started--> running, held by its pidfd --exit seen: waitid--> reaped, outcome known; the pidfd is closed, no signal is sent
 *                     --pidfd_open refused--> running, known by its number --pidfd_open, tried every 10 ms--> held by its pidfd
 *                                                                          --waitid, tried every 10 ms------> reaped, outcome known
 *   running --waitid fails, a second long--> reaped, outcome unknown: the child stays a zombie
 * </pre>
 *
 * <p>A program that runs is not ended because the kernel refuses a descriptor or a place in epoll: its number is ours until it is
 * reaped, so the loop tries again.
 *
 * <p>The loop sees the exit by epoll, but for the moments in which a thread waits for it itself by {@link #awaitBriefly}, which
 * saves two thread switches. The pidfd is watched by edges, see ptrace(2): a traced child that has died is readable, and
 * waitid(2) says that it runs, until its tracer has waited for it or left; each of the two is an edge. Any thread may signal. The
 * lock orders signals and the reaping: a group number is ours only while its leader is not reaped.
 */
public final class Child {

    private static final int RUNNING = -Linux.EAGAIN();
    private static final int ECHILD = -Linux.ECHILD();
    private static final int REAP_LOOKS = 100;
    private static final long REAP_LOOK_NANOS = 10_000_000;

    private final EventLoop loop;
    private final ChildProcess process; // with the lock, once it is started
    private volatile Optional<ExitWatch> watch = Optional.empty(); // empty until it is held; written with the lock
    private final Unheld unheld = new Unheld();
    private final Consumer<WaitStatus> whenReaped;
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicBoolean awaited = new AtomicBoolean();
    private ShortWait wait; // of the thread that has set awaited, made at the first use
    private int failedLooks;
    private int answer = RUNNING; // the last of waitid
    private volatile Optional<WaitStatus> outcome = Optional.empty();
    private boolean concluded; // with the lock: what follows the exit is done, or begun

    /**
     * @param process not yet started
     * @param whenReaped called once, under no lock: on the loop's thread, or in {@link #reap} and {@link #awaitBriefly}
     */
    Child(EventLoop loop, ChildProcess process, Consumer<WaitStatus> whenReaped) {
        this.loop = loop;
        this.process = process;
        this.whenReaped = whenReaped;
    }

    private final class ExitWatch extends Registration {

        ExitWatch(Descriptor pidfd) {
            super(loop, pidfd);
        }

        @Override
        public void ready(int readiness) {
            reap();
        }
    }

    /** While there is no pidfd: the loop looks for the exit, and tries to open one. */
    private final class Unheld extends Unserved.Member {

        @Override
        public void serve() {
            reap();
            if (!isReaped()) {
                watch();
            }
        }
    }

    /** Begins to look for the exit of the child, which has been started; what the kernel refuses is tried again by the loop. */
    public void watch() {
        if (hold()) {
            watch.get().insistOnEdge(Epoll.IN);
        } else {
            loop.serveAgain(unheld);
        }
    }

    /** Opens its pidfd, unless that is there or the child is gone; whether there is one. */
    private boolean hold() {
        lock.lock();
        try {
            if (watch.isEmpty() && isOurs()) {
                int opened = process.open();
                if (opened == 0) {
                    watch = Optional.of(new ExitWatch(process.pidfd().orElseThrow()));
                } else if (opened == -Linux.ESRCH()) {
                    answer = ECHILD; // reaped by another part of the JVM: the number is no longer its own
                }
            }
            return watch.isPresent();
        } finally {
            lock.unlock();
        }
    }

    /** 0 until it is started. */
    int pid() {
        return process.pid();
    }

    boolean isStarted() {
        return process.isStarted();
    }

    boolean isReaped() {
        return outcome.isPresent();
    }

    /** Whether it has exited, reaped or not. Where poll(2) of the pidfd fails, waitid(2) is asked, which takes longer. */
    boolean hasExited() {
        if (isReaped()) {
            return true;
        }
        int readiness = watch.isPresent() ? watch.get().descriptor().poll(Epoll.IN) : -1;
        return readiness >= 0 ? readiness > 0 : isReaped() || process.hasEnded();
    }

    /** Whether what follows the exit was called. On the thread on which it is. */
    public boolean isConcluded() {
        lock.lock();
        try {
            return concluded;
        } finally {
            lock.unlock();
        }
    }

    Optional<WaitStatus> outcome() {
        return outcome;
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
            return isOurs() ? process.signal(signal) : -Linux.ESRCH();
        } finally {
            lock.unlock();
        }
    }

    /** Sends a signal to a process group of the child's session, only while the child is not reaped. */
    int signalGroup(int group, int signal) {
        lock.lock();
        try {
            return isOurs() ? Pidfd.signalGroup(group, signal) : -Linux.ESRCH();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the exit on the caller's own thread, for a moment, and reaps: what follows the exit is then done before this
     * returns. At once without effect while another thread does so, or while there is no pidfd. Not on a virtual thread.
     */
    public void awaitBriefly() {
        if (watch.isEmpty() || isReaped() || !awaited.compareAndSet(false, true)) {
            return;
        }
        try {
            watch.get().forgo(Epoll.IN);
            if (wait == null) {
                wait = new ShortWait(watch.get().descriptor());
            }
            wait.await(Epoll.IN);
        } finally {
            awaited.set(false);
            reapOrListen();
        }
    }

    private void reapOrListen() {
        reap();
        if (!isReaped()) {
            watch.get().insistOnEdge(Epoll.IN); // an end that came since is an edge too
        }
    }

    /** Waits no longer for a child whose status cannot be had, unless it is there by now; on the loop's thread. */
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
                int status = take();
                outcome = Optional.of(status >= 0 ? WaitStatus.of(status) : WaitStatus.unknown(reason));
            }
        } finally {
            lock.unlock();
        }
        conclude();
    }

    /** Its start has failed: kills and reaps what there is of it here and now, also if it was abandoned. Nothing follows. */
    void undo() {
        lock.lock();
        try {
            if (process.isStarted() && !isGone()) {
                process.killAndReap();
                answer = ECHILD;
            }
            outcome = Optional.of(WaitStatus.unknown("its start has failed"));
            concluded = true;
        } finally {
            lock.unlock();
            letGo();
        }
    }

    /** Closes the pidfd. */
    private void letGo() {
        if (watch.isPresent()) {
            watch.get().close();
        } else if (process.pidfd().isPresent()) {
            process.pidfd().get().close();
        }
    }

    /** Reaps it if it has ended; what follows the exit is then done before this returns, or another thread does it. */
    public void reap() {
        if (isReapedNow()) {
            conclude();
        }
    }

    /** Reaps it if it has ended, and leaves it to the loop to do what follows; true if it is reaped. Any thread. */
    public boolean reapForTheLoop() {
        boolean reaped = isReapedNow();
        if (reaped) {
            loop.serveAgain(watch.isPresent() ? watch.get() : unheld); // which needs no memory; without effect once that is done
        }
        return reaped;
    }

    private boolean isReapedNow() {
        lock.lock();
        try {
            if (!isReaped()) {
                outcome = look();
            }
            return isReaped();
        } catch (Throwable unseen) { // out of memory, for one
            loop.serveAgain(watch.isPresent() ? watch.get() : unheld);
            throw unseen;
        } finally {
            lock.unlock();
        }
    }

    /** Empty while it runs; and where that cannot be told, which is looked at again a few times. With the lock. */
    private Optional<WaitStatus> look() {
        int status = take();
        if (status == RUNNING) {
            return Optional.empty(); // or has ended under a tracer; the next edge comes when it can be reaped
        }
        if (!isGone() && ++failedLooks < REAP_LOOKS) {
            loop.run(() -> loop.schedule(REAP_LOOK_NANOS, this::reap));
            return Optional.empty();
        }
        return Optional.of(outcomeOf(status));
    }

    /** Its status, if there is one to take, which is kept, should there be no memory to say it; or the negative errno. With the lock. */
    private int take() {
        if (!isGone()) {
            answer = process.reap();
        }
        return answer;
    }

    /** Once there is an outcome; under no lock. */
    private void conclude() {
        lock.lock();
        try {
            if (concluded) {
                return;
            }
            concluded = true;
        } finally {
            lock.unlock();
        }
        try {
            letGo();
        } finally {
            whenReaped.accept(outcome.get());
        }
    }

    private static WaitStatus outcomeOf(int status) {
        if (status >= 0) {
            return WaitStatus.of(status);
        }
        if (status == ECHILD) {
            return WaitStatus.unknown("somebody else took its status, or SIGCHLD is ignored");
        }
        return WaitStatus.unknown("waitid: " + Errno.describe(-status));
    }
}
