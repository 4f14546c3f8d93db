package dev.panpty.screen;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * Waits of any number of threads for what a screen shows. The lock is that of the screen: a wait does not hold it while it waits, nor while a
 * predicate runs. What feeds the screen signals only if there is a wait, and none that looks at the screen already.
 */
final class Waits {

    /** While output goes on, a predicate is tried this often; when it pauses, at once. */
    private static final long TRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final ReentrantLock lock;
    private final View view;
    private final Condition changed;

    /** Signalled at the end alone. */
    private final Condition ended;

    // All below is read and written under the lock.
    private int waiting;
    private long changedNanos = System.nanoTime(); // of the last change during a wait
    private boolean hasEnded;

    Waits(ReentrantLock lock, View view) {
        this.lock = lock;
        this.view = view;
        changed = lock.newCondition();
        ended = lock.newCondition();
    }

    /** Under the lock. */
    void noteChange() {
        if (waiting > 0) {
            changedNanos = System.nanoTime();
            changed.signalAll();
        }
    }

    /** Whether no output is to come any more. Under the lock. */
    void noteEnd(boolean isEnded) {
        hasEnded = isEnded;
        if (isEnded) {
            changed.signalAll();
            ended.signalAll();
        }
    }

    Snapshot await(String missing, Duration limit, Predicate<Snapshot> condition) throws ScreenTimeoutException, InterruptedException {
        long end = System.nanoTime() + View.nanos(limit);
        lock.lockInterruptibly();
        waiting++;
        try {
            for (;;) {
                long tried = System.nanoTime();
                long seen = view.version();
                Snapshot snapshot = view.seen();
                boolean last = hasEnded;
                if (testUnlocked(condition, snapshot)) {
                    return snapshot;
                }
                if (last && seen == view.version()) {
                    throw new ScreenTimeoutException(missing + ", and the program has ended", snapshot);
                }
                if (System.nanoTime() - end >= 0) {
                    throw new ScreenTimeoutException(missing + " within " + limit, snapshot);
                }
                awaitChange(seen, end);
                awaitPause(Math.min(tried + TRY_NANOS - end, 0) + end);
            }
        } finally {
            waiting--;
            lock.unlock();
        }
    }

    private boolean testUnlocked(Predicate<Snapshot> condition, Snapshot snapshot) {
        lock.unlock();
        try {
            return condition.test(snapshot);
        } finally {
            lock.lock();
        }
    }

    /** Until there is a change, the end of synchronized output included, or that time. */
    private void awaitChange(long seen, long end) throws InterruptedException {
        while (view.version() == seen && !hasEnded) {
            long frozen = view.frozenNanos();
            long left = end - System.nanoTime();
            if (left <= 0 || changed.awaitNanos(frozen > 0 ? Math.min(left, frozen) : left) <= 0 && frozen > 0 && !view.isFrozen()) {
                return;
            }
        }
    }

    /** Until output pauses, or that time. Feeding does not signal: there may be a thousand calls before. */
    private void awaitPause(long until) throws InterruptedException {
        long seen = view.version() - 1;
        while (view.version() != seen && !hasEnded && System.nanoTime() - until < 0) {
            seen = view.version();
            waiting--;
            try {
                ended.awaitNanos(PAUSE_NANOS);
            } finally {
                waiting++;
            }
        }
    }

    Snapshot awaitSettled(Duration quiet, Duration limit) throws ScreenTimeoutException, InterruptedException {
        long begin = System.nanoTime();
        long end = begin + View.nanos(limit);
        lock.lockInterruptibly();
        waiting++;
        try {
            for (;;) {
                long now = System.nanoTime();
                long since = changedNanos - begin > 0 ? changedNanos : begin;
                long left = Math.max(hasEnded ? 0 : View.nanos(quiet) - (now - since), view.frozenNanos());
                if (left <= 0) {
                    return view.present();
                }
                if (now - end >= 0) {
                    throw new ScreenTimeoutException("not quiet for " + quiet + " within " + limit, view.seen());
                }
                changed.awaitNanos(Math.min(left, end - now));
            }
        } finally {
            waiting--;
            lock.unlock();
        }
    }
}
