package dev.panpty.internal.loop;

import dev.panpty.internal.gen.Linux;
import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.Epoll;
import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.Pidfd;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A child process, from its exec to its reaping.
 *
 * <pre>
 *   running --pidfd readable: waitid--> reaped, outcome known; the pidfd is closed and no signal is sent any more
 *           --waitid fails, a second long--> the same, outcome unknown: the child stays a zombie
 * </pre>
 *
 * <p>The loop reaps; any thread may signal. The lock orders the two: a group number is ours only while its leader is not reaped.
 */
final class Child {

    private static final int REAP_LOOKS = 100;
    private static final long REAP_LOOK_NANOS = 10_000_000;

    private final EventLoop loop;
    private final int pid;
    private final Optional<ExitWatch> watch;
    private final Consumer<Outcome> whenReaped;
    private final ReentrantLock lock = new ReentrantLock();
    private int failedLooks;
    private volatile Optional<Outcome> outcome = Optional.empty();

    /**
     * @param pidfd empty if somebody else has reaped the child already
     * @param whenReaped called once, on the loop's thread
     */
    Child(EventLoop loop, int pid, Optional<Descriptor> pidfd, Consumer<Outcome> whenReaped) {
        this.loop = loop;
        this.pid = pid;
        this.whenReaped = whenReaped;
        watch = pidfd.isPresent() ? Optional.of(new ExitWatch(pidfd.get())) : Optional.empty();
    }

    private final class ExitWatch extends Watch {

        ExitWatch(Descriptor pidfd) {
            super(loop, pidfd);
        }

        @Override
        void ready(int readiness) {
            reap(descriptor());
        }
    }

    /** Begins to look for the exit; 0 or the negative errno, and then the child is not watched. */
    int watch() {
        if (watch.isEmpty()) {
            loop.post(() -> reaped(Outcome.unknown("somebody else took its status")));
            return 0;
        }
        return watch.get().arm(Epoll.IN);
    }

    int pid() {
        return pid;
    }

    boolean isReaped() {
        return outcome.isPresent();
    }

    Optional<Outcome> outcome() {
        return outcome;
    }

    /** What the look gives while the child's number is its own for certain; empty once it is reaped. */
    <T> Optional<T> unlessReaped(Supplier<T> look) {
        lock.lock();
        try {
            return isReaped() || watch.isEmpty() ? Optional.empty() : Optional.of(look.get());
        } finally {
            lock.unlock();
        }
    }

    /** Sends a signal to the child; 0 or the negative errno, ESRCH once it is reaped. */
    int signal(int signal) {
        lock.lock();
        try {
            return isReaped() || watch.isEmpty() ? -Linux.ESRCH() : Pidfd.signal(watch.get().descriptor(), signal);
        } finally {
            lock.unlock();
        }
    }

    /** Sends a signal to a process group of the child's session, only while the child is not reaped. */
    int signalGroup(int group, int signal) {
        lock.lock();
        try {
            return isReaped() || watch.isEmpty() ? -Linux.ESRCH() : Pidfd.signalGroup(group, signal);
        } finally {
            lock.unlock();
        }
    }

    /** Waits no longer for a child that cannot be ended; on the loop's thread. */
    void abandon(String reason) {
        if (!isReaped()) {
            watch.ifPresent(Watch::close);
            reaped(Outcome.unknown(reason));
        }
    }

    /** Its start has failed half-way: kills and reaps it here and now, a second at most, and tells nobody. */
    void undo() {
        lock.lock();
        try {
            if (!isReaped() && watch.isPresent()) {
                Pidfd.killAndReap(pid);
            }
            outcome = Optional.of(Outcome.unknown("its start has failed"));
        } finally {
            lock.unlock();
        }
        watch.ifPresent(Watch::close);
    }

    /** Kills it and waits for its end here and now, a second at most; nobody will tell of it. On the loop's thread. */
    void killAndAbandon(String reason) {
        lock.lock();
        try {
            if (!isReaped() && watch.isPresent()) {
                Pidfd.killAndReap(pid);
            }
        } finally {
            lock.unlock();
        }
        abandon(reason);
    }

    private void reap(Descriptor pidfd) {
        lock.lock();
        Pidfd.Reaped reaped;
        try {
            if (isReaped()) {
                return; // abandoned before another look
            }
            reaped = Pidfd.reap(pidfd);
            if (reaped.error() == -Linux.EAGAIN()) {
                watch.get().insist(Epoll.IN);
                return;
            }
            if (reaped.error() < 0 && reaped.error() != -Linux.ECHILD() && ++failedLooks < REAP_LOOKS) {
                loop.schedule(REAP_LOOK_NANOS, () -> reap(pidfd));
                return;
            }
            outcome = Optional.of(outcomeOf(reaped));
        } finally {
            lock.unlock();
        }
        watch.get().close();
        whenReaped.accept(outcome.get());
    }

    private void reaped(Outcome unknown) {
        outcome = Optional.of(unknown);
        whenReaped.accept(unknown);
    }

    private static Outcome outcomeOf(Pidfd.Reaped reaped) {
        if (reaped.error() == 0) {
            return Outcome.of(reaped.rawStatus());
        }
        if (reaped.error() == -Linux.ECHILD()) {
            return Outcome.unknown("somebody else took its status, or SIGCHLD is ignored");
        }
        return Outcome.unknown("waitid: " + Errno.describe(-reaped.error()));
    }
}
