package dev.panpty.internal.process;

import dev.panpty.internal.loop.Callbacks;
import dev.panpty.internal.loop.EventLoop;
import dev.panpty.internal.loop.Registration;
import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.Epoll;
import dev.panpty.internal.sys.Pidfd;
import dev.panpty.internal.sys.ProcessTable.Entry;
import dev.panpty.internal.sys.ProcessTable.Identity;
import dev.panpty.internal.sys.Result;
import dev.panpty.internal.sys.SignalNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Processes held by pidfds, so that a signal cannot reach a later process of the same number. The loop watches the pidfds. Used by one
 * thread, which waits.
 */
final class HeldProcesses implements AutoCloseable {

    /** Wait for further exits after the first one; and poll interval while some processes could not be held. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    /** Poll interval while a callback holds the loop, which then sees no exit. */
    private static final long HELD_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final EventLoop loop;
    private final boolean leased; // else it has ended, no pidfd is watched, and this polls
    private final List<Held> processes = new ArrayList<>();
    private final Semaphore ends = new Semaphore(0);
    private boolean isComplete = true;

    private record Held(Identity identity, Descriptor pidfd, Registration registration) {

        void close() {
            registration.close();
            pidfd.close();
        }
    }

    HeldProcesses(EventLoop loop) {
        this.loop = loop;
        leased = loop.lease();
    }

    /** Holds the process that has this number now, which may be a later one: {@link #keep} follows. */
    void hold(Entry entry) {
        Result<Descriptor> pidfd = Pidfd.open(entry.pid());
        if (pidfd.failed()) {
            isComplete = false; // it has exited, or no descriptor is available
            return;
        }
        Registration registration = new Registration(loop, pidfd.value(), readiness -> ends.release());
        processes.add(new Held(entry.identity(), pidfd.value(), registration));
    }

    /** Releases all but these. To be called with the processes that are confirmed once all are held. */
    void keep(Set<Identity> which) {
        for (Held held : processes) {
            if (!which.contains(held.identity)) {
                held.close();
            }
        }
        isComplete &= !processes.removeIf(held -> held.pidfd.isClosed());
    }

    /** Signals those not yet in the set; a signal other than SIGKILL is followed by SIGCONT. */
    void signal(int signal, Set<Identity> signalled) {
        for (Held held : processes) {
            if (signalled.add(held.identity)) {
                Pidfd.signal(held.pidfd, signal);
                if (signal != SignalNumber.SIGKILL) {
                    Pidfd.signal(held.pidfd, SignalNumber.SIGCONT);
                }
            }
        }
    }

    /** Returns soon after one has exited or when the time is over, but after a second at most; sooner if not all are held. */
    void awaitEnd(long nanos) throws InterruptedException {
        for (Held held : processes) {
            isComplete &= held.registration.once(Epoll.IN) == 0;
        }
        if (!ends.tryAcquire(Math.min(nanos, pollNanos()), TimeUnit.NANOSECONDS)) {
            loop.callbacks().nameTheHolder();
        } else if (processes.size() > 1) {
            ends.tryAcquire(processes.size() - 1, Math.min(nanos, PAUSE_NANOS), TimeUnit.NANOSECONDS);
        }
    }

    private long pollNanos() {
        if (!isComplete) {
            return PAUSE_NANOS;
        }
        return loop.callbacks().isHeld() ? HELD_POLL_NANOS : Callbacks.TOO_LONG_NANOS;
    }

    @Override
    public void close() {
        processes.forEach(Held::close);
        if (leased) {
            loop.release();
        }
    }
}
