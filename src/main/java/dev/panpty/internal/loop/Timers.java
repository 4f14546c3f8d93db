package dev.panpty.internal.loop;

import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Delayed work of a loop's thread, the earliest first. A cancelled timer is removed at once, in the time of a look-up in a tree, so that
 * nothing of it is kept until its deadline. Any thread may call; {@link #runDue} is for the loop's thread.
 */
public final class Timers {

    private static final int FOR_EVER = -1;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final TreeSet<Timer> pending = new TreeSet<>();
    private long count; // of timers ever added

    /** One piece of work and its time on the {@link System#nanoTime} clock. */
    public final class Timer implements Comparable<Timer> {

        private final long deadlineNanos;
        private final long number;
        private Runnable work; // null once it is cancelled or has begun; guarded by the lock

        private Timer(long deadlineNanos, long number, Runnable work) {
            this.deadlineNanos = deadlineNanos;
            this.number = number;
            this.work = work;
        }

        /** By deadline, then in the order of adding. */
        @Override
        public int compareTo(Timer other) {
            int order = Long.signum(deadlineNanos - other.deadlineNanos);
            return order != 0 ? order : Long.compare(number, other.number);
        }

        /** Any thread; true if it was pending. No effect once the work has begun. */
        public boolean cancel() {
            lock.lock();
            try {
                boolean pends = work != null;
                if (pends) {
                    pending.remove(this);
                    work = null;
                }
                return pends;
            } finally {
                lock.unlock();
            }
        }
    }

    /** Adds work after a delay; a negative delay counts as 0, the largest is 146 years. */
    Timer add(long delayNanos, Runnable work) {
        long deadline = System.nanoTime() + Math.clamp(delayNanos, 0, Long.MAX_VALUE / 2);
        lock.lock();
        try {
            Timer timer = new Timer(deadline, count++, work);
            pending.add(timer);
            return timer;
        } finally {
            lock.unlock();
        }
    }

    /** Whether no pending timer is due before it. */
    boolean isNext(Timer timer) {
        lock.lock();
        try {
            return !pending.isEmpty() && pending.first() == timer;
        } finally {
            lock.unlock();
        }
    }

    /** The timeout for epoll_wait, rounded up: an early wake-up would only wait again. */
    int millisUntilNext() {
        lock.lock();
        try {
            if (pending.isEmpty()) {
                return FOR_EVER;
            }
            long nanos = Math.max(pending.first().deadlineNanos - System.nanoTime(), 0);
            long millis = nanos / NANOS_PER_MILLI + (nanos % NANOS_PER_MILLI > 0 ? 1 : 0);
            return (int) Math.min(millis, Integer.MAX_VALUE);
        } finally {
            lock.unlock();
        }
    }

    /** Runs the work of all timers that are due now, the earliest first. */
    void runDue(Resync resync) {
        long now = System.nanoTime();
        for (Runnable work = takeDue(now); work != null; work = takeDue(now)) {
            resync.attempt(work);
        }
    }

    /** Removes the first timer that is due at this time on the {@link System#nanoTime} clock, and returns its work; else null. */
    private Runnable takeDue(long now) {
        lock.lock();
        try {
            if (pending.isEmpty() || pending.first().deadlineNanos - now > 0) {
                return null;
            }
            Timer due = pending.pollFirst();
            Runnable work = due.work;
            due.work = null;
            return work;
        } finally {
            lock.unlock();
        }
    }
}
