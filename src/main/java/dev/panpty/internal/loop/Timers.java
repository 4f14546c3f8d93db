package dev.panpty.internal.loop;

import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is to be done later on a loop's thread, the earliest first. A timer that is cancelled leaves at once, on any thread, in the
 * time of a look-up in a tree: nothing of it is kept until it would have been due. Any thread may call; {@link #takeDue} is the
 * loop's.
 */
public final class Timers {

    private static final int FOR_EVER = -1;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final TreeSet<Timer> pending = new TreeSet<>();
    private long count; // of all that ever came

    /** One piece of work and its time on the {@link System#nanoTime} clock. */
    public final class Timer implements Comparable<Timer> {

        private final long deadlineNanos;
        private final long number;
        private Runnable work; // null once it was cancelled, or has begun; with the lock

        private Timer(long deadlineNanos, long number, Runnable work) {
            this.deadlineNanos = deadlineNanos;
            this.number = number;
            this.work = work;
        }

        /** The earlier first; of one time, the one that came first. */
        @Override
        public int compareTo(Timer other) {
            int order = Long.signum(deadlineNanos - other.deadlineNanos);
            return order != 0 ? order : Long.compare(number, other.number);
        }

        /** Any thread; no effect once the work has begun. */
        public void cancel() {
            lock.lock();
            try {
                if (work != null) {
                    pending.remove(this);
                    work = null;
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** Adds work for a time from now; a time beyond reckoning is 146 years, one that is past is now. */
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

    /** How long epoll_wait may wait, rounded up: waking early would only mean waiting again. */
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

    /** The next piece of work whose time has come by now, on the {@link System#nanoTime} clock; null if there is none. */
    Runnable takeDue(long now) {
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
