package dev.panpty.testing;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition: polls until it is true, and fails at a deadline that only a hang reaches. */
public final class Await {

    /** Long enough for a loaded machine. */
    public static final Duration DEADLINE = Duration.ofSeconds(30);

    private static final long PAUSE_NANOS = 2_000_000;

    private Await() {}

    /** Returns when the condition is true. */
    public static void until(String what, Callable<Boolean> condition) throws Exception {
        if (!within(DEADLINE, condition)) {
            throw new AssertionError("not within " + DEADLINE + ": " + what);
        }
    }

    /** Whether the condition became true in that time. */
    public static boolean within(Duration time, Callable<Boolean> condition) throws Exception {
        long start = System.nanoTime();
        while (!condition.call()) {
            if (System.nanoTime() - start > time.toNanos()) {
                return false;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return true;
    }

    /** Whether the latch opens; false after the deadline or an interrupt. For callbacks, which cannot throw checked exceptions. */
    public static boolean opened(CountDownLatch latch) {
        try {
            return latch.await(DEADLINE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stop) {
            return false;
        }
    }

    /** Returns when the thread is parked, which means blocked in its call. */
    public static void blocked(Thread thread) throws Exception {
        until(thread + " blocks", () -> isBlocked(thread));
    }

    /** Whether the thread is parked at this moment. */
    public static boolean isBlocked(Thread thread) {
        return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
    }
}
