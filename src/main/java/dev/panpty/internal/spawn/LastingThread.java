package dev.panpty.internal.spawn;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntSupplier;

/**
 * One thread that lives as long as the JVM, for children with a parent-death signal: the kernel sends it when the <em>thread</em> that
 * made the child ends, see PR_SET_PDEATHSIG in prctl(2). It starts with the first such child.
 */
final class LastingThread {

    private static final ExecutorService EXECUTOR = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("panpty-parent").daemon().factory());

    private LastingThread() {}

    /** The answer of the call made there; waits for it, however often interrupted. */
    static int call(IntSupplier work) {
        return CompletableFuture.supplyAsync(work::getAsInt, EXECUTOR).join();
    }
}
