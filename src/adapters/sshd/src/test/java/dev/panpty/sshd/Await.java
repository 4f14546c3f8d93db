package dev.panpty.sshd;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for a state that raises no event. */
final class Await {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long POLL_NANOS = 5_000_000;

    private Await() {}

    static void until(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within " + LIMIT + ": " + what);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
