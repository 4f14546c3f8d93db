package dev.panpty.model;

import dev.panpty.Reactor;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** The kind of thread on which a call is made; the test can abandon the thread if the call does not return. */
enum Where {
    PLATFORM, VIRTUAL, REACTOR;

    /** Only a call that hangs reaches it. */
    static final Duration LIMIT = Duration.ofSeconds(20);

    /** Returns the call's result, or throws its exception. */
    <T> T call(Reactor reactor, Callable<T> call) throws Exception {
        FutureTask<T> task = new FutureTask<>(call);
        Thread thread = this == VIRTUAL ? Thread.ofVirtual().unstarted(task) : Thread.ofPlatform().daemon().unstarted(task);
        if (this != REACTOR || !accepts(reactor, task)) {
            thread.start();
        }
        try {
            return task.get(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Error error) {
                throw error;
            }
            throw (Exception) failed.getCause();
        } catch (TimeoutException stuck) {
            throw new AssertionError("not within " + LIMIT + ", " + this + ":\n" + trace(thread), stuck);
        }
    }

    /** A closed reactor accepts no calls; then another thread makes them. */
    private static boolean accepts(Reactor reactor, Runnable task) {
        try {
            reactor.execute(task);
            return true;
        } catch (RejectedExecutionException closed) {
            return false;
        }
    }

    private static String trace(Thread thread) {
        return Arrays.stream(thread.getStackTrace()).map(frame -> "    " + frame).collect(Collectors.joining("\n"));
    }
}
