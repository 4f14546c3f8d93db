package dev.panpty.internal.stream;

import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.ShortWait;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The callers of a stream that wait on their own threads: briefly in poll(2), where the answer comes at once as a rule and two thread
 * switches are saved; else parked until the loop wakes them. Everything is done under the stream's lock, which is free while they wait.
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

    /** Until one of these events, or for a moment; not on a virtual thread. */
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

    /** The caller waits for something else, without the lock, until {@link #comeBack}. */
    void leave() {
        count++;
        lock.unlock();
    }

    void comeBack() {
        lock.lock();
        count--;
    }

    /** Until {@link #wake}, or for no reason. */
    void parked() throws InterruptedException {
        count++;
        try {
            changed.await();
        } finally {
            count--;
        }
    }

    /** All that are parked retry. */
    void wake() {
        changed.signalAll();
    }
}
