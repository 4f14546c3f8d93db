package dev.panpty.internal.stream;

import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.ShortWait;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The callers of a stream that wait on their own threads: first briefly in poll(2), which saves two thread switches if the event comes at
 * once; then parked until the loop wakes them. Every method is called under the stream's lock, which is released while they wait.
 */
final class Waiters {

    private final Descriptor descriptor;
    private final ReentrantLock lock;
    private final Condition changed;
    private Optional<ShortWait> shortWait = Optional.empty();
    private int count;

    Waiters(Descriptor descriptor, ReentrantLock lock) {
        this.descriptor = descriptor;
        this.lock = lock;
        changed = lock.newCondition();
    }

    boolean isAnyone() {
        return count > 0;
    }

    /** Waits briefly for one of these events; not on a virtual thread. */
    void briefly(int events) {
        if (shortWait.isEmpty()) {
            shortWait = Optional.of(new ShortWait(descriptor));
        }
        ShortWait wait = shortWait.get();
        leave();
        try {
            wait.await(events);
        } finally {
            comeBack();
        }
    }

    /** Releases the lock and counts the caller as a waiter until {@link #comeBack}. */
    void leave() {
        count++;
        lock.unlock();
    }

    void comeBack() {
        lock.lock();
        count--;
    }

    /** Waits until {@link #wake}, or a spurious wake-up. */
    void parked() throws InterruptedException {
        count++;
        try {
            changed.await();
        } finally {
            count--;
        }
    }

    /** {@link #parked}, at most so long. */
    void parked(long nanos) throws InterruptedException {
        count++;
        try {
            changed.awaitNanos(nanos);
        } finally {
            count--;
        }
    }

    /** All parked waiters retry. */
    void wake() {
        changed.signalAll();
    }
}
