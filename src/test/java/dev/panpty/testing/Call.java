package dev.panpty.testing;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.panpty.PtyProcess;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** A call on a thread of its own, so that a call that never returns fails its test and does not block it. */
public record Call<T>(Thread thread, FutureTask<T> task) {

    /** The time limit for prompt events on a busy machine. */
    private static final Duration PROMPTLY = Duration.ofSeconds(10);

    public static <T> Call<T> of(Callable<T> body) {
        FutureTask<T> task = new FutureTask<>(body);
        return new Call<>(Thread.ofPlatform().name("caller").daemon().start(task), task);
    }

    public static <T> Call<T> blocked(Callable<T> body) throws Exception {
        Call<T> call = of(body);
        Await.blocked(call.thread);
        return call;
    }

    public T result() throws Exception {
        return task.get(PROMPTLY.toSeconds(), TimeUnit.SECONDS);
    }

    public Throwable failure() {
        return assertThrows(ExecutionException.class, this::result).getCause();
    }

    /** A write of zeros to its terminal. */
    public static Callable<Void> writing(PtyProcess process, int bytes) {
        return () -> {
            process.getOutputStream().write(new byte[bytes]);
            return null;
        };
    }
}
