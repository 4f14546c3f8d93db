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
 * Processes held by pidfd, so that a signal reaches them and no later process of their number, and watched by the loop until they end. Used
 * by one thread, which waits.
 */
final class HeldProcesses implements AutoCloseable {

    /** How long after the first end others of the same moment are waited for; and how soon to look again for one that was not held. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    /** How soon to look again while a callback holds the loop, which then sees no end. */
    private static final long HELD_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final EventLoop loop;
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
    }

    /** Holds what has this number now, which may be a later process: see {@link #keep}. */
    void hold(Entry entry) {
        Result<Descriptor> pidfd = Pidfd.open(entry.pid());
        if (pidfd.failed()) {
            isComplete = false; // it has ended, or there is no descriptor left
            return;
        }
        Registration registration = new Registration(loop, pidfd.value(), readiness -> ends.release());
        processes.add(new Held(entry.identity(), pidfd.value(), registration));
    }

    /** Lets go of all but these. To be called with what is there once all are held. */
    void keep(Set<Identity> which) {
        for (Held held : processes) {
            if (!which.contains(held.identity)) {
                held.close();
            }
        }
        isComplete &= !processes.removeIf(held -> held.pidfd.isClosed());
    }

    /** Signals those that were not signalled before; all but SIGKILL are followed by SIGCONT. */
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

    /** Returns soon after one has ended, or when the time is over, or soon where not all are held; after a second in any case. */
    void awaitEnd(long nanos) throws InterruptedException {
        for (Held held : processes) {
            isComplete &= held.registration.once(Epoll.IN) == 0;
        }
        if (!ends.tryAcquire(Math.min(nanos, lookNanos()), TimeUnit.NANOSECONDS)) {
            loop.callbacks().nameTheHolder();
        } else if (processes.size() > 1) {
            ends.tryAcquire(processes.size() - 1, Math.min(nanos, PAUSE_NANOS), TimeUnit.NANOSECONDS);
        }
    }

    private long lookNanos() {
        if (!isComplete) {
            return PAUSE_NANOS;
        }
        return loop.callbacks().isHeld() ? HELD_LOOK_NANOS : Callbacks.TOO_LONG_NANOS;
    }

    @Override
    public void close() {
        processes.forEach(Held::close);
    }
}
