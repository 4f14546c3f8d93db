package dev.panpty.internal.spawn;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntSupplier;

/**
 * A thread that lives as long as the JVM and makes the children with a parent-death signal: the kernel sends the signal when the
 * <em>thread</em> that made the child ends, see PR_SET_PDEATHSIG in prctl(2). It starts with the first such child.
 */
final class LastingThread {

    private static final ExecutorService EXECUTOR = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("panpty-parent").daemon().factory());

    private LastingThread() {}

    /** Runs the call on that thread and waits for its answer, also if interrupted. */
    static int call(IntSupplier work) {
        return CompletableFuture.supplyAsync(work::getAsInt, EXECUTOR).join();
    }
}
