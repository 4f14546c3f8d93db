package dev.panpty.internal.loop;

import java.util.PriorityQueue;

/** What is to be done later on a loop's thread. Touched on that thread only, but for {@link Timer#cancel}. */
public final class Timers {

    private static final int FOR_EVER = -1;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final PriorityQueue<Timer> queue = new PriorityQueue<>();

    /** One piece of work and its time on the {@link System#nanoTime} clock. */
    public static final class Timer implements Comparable<Timer> {

        private final long deadlineNanos;
        private volatile Runnable work;

        private Timer(long deadlineNanos, Runnable work) {
            this.deadlineNanos = deadlineNanos;
            this.work = work;
        }

        /** The earlier first. */
        @Override
        public int compareTo(Timer other) {
            return Long.signum(deadlineNanos - other.deadlineNanos);
        }

        /** Any thread; no effect once the work has begun. It stays in the queue as a husk until its time. */
        public void cancel() {
            work = null;
        }
    }

    /** Work for a time from now; a time beyond reckoning is 146 years, one that is past is now. */
    static Timer in(long delayNanos, Runnable work) {
        return new Timer(System.nanoTime() + Math.clamp(delayNanos, 0, Long.MAX_VALUE / 2), work);
    }

    void add(Timer timer) {
        queue.add(timer);
    }

    /** How long epoll_wait may wait, rounded up: waking early would only mean waiting again. */
    int millisUntilNext() {
        while (!queue.isEmpty() && queue.peek().work == null) {
            queue.remove();
        }
        if (queue.isEmpty()) {
            return FOR_EVER;
        }
        long nanos = Math.max(queue.peek().deadlineNanos - System.nanoTime(), 0);
        long millis = nanos / NANOS_PER_MILLI + (nanos % NANOS_PER_MILLI > 0 ? 1 : 0);
        return (int) Math.min(millis, Integer.MAX_VALUE);
    }

    /** The next piece of work whose time has come by now, on the {@link System#nanoTime} clock; null if there is none. */
    Runnable takeDue(long now) {
        Runnable work = null;
        while (work == null && !queue.isEmpty() && queue.peek().deadlineNanos - now <= 0) {
            work = queue.remove().work;
        }
        return work;
    }
}
