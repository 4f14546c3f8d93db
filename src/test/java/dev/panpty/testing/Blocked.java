package dev.panpty.testing;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** A call on a thread of its own that is blocked. */
public record Blocked<T>(Thread thread, FutureTask<T> task) {

    public static <T> Blocked<T> in(boolean virtual, Callable<T> call) throws Exception {
        FutureTask<T> task = new FutureTask<>(call);
        Thread thread = virtual ? Thread.ofVirtual().unstarted(task) : Thread.ofPlatform().daemon().unstarted(task);
        thread.start();
        Await.until(thread + " blocks", () -> Await.isBlocked(thread) || task.isDone());
        if (task.isDone()) {
            throw new AssertionError("it did not block, and gave " + task.get());
        }
        return new Blocked<>(thread, task);
    }

    public T result() throws Exception {
        return task.get(Await.DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    }

    public Throwable failure() {
        return assertThrows(ExecutionException.class, this::result).getCause();
    }
}
