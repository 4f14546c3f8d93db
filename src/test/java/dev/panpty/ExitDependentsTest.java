package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.EachWay;
import dev.panpty.testing.Programs;
import dev.panpty.testing.ProtocolRecorder;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Dependents of the futures of the exit and the end: the threads that run them, and that they disturb no other process. */
class ExitDependentsTest {

    @Test
    void dependentsOfTheExitRunOnAVirtualThread() throws Exception {
        try (PtyProcess process = PtyProcess.start("cat")) {
            Future<Boolean> virtual = process.onExit().thenApply(exited -> Thread.currentThread().isVirtual());
            Future<Boolean> virtualToo = process.onEnd().thenApply(ended -> Thread.currentThread().isVirtual());
            process.destroyForcibly();
            assertTrue(virtual.get());
            assertTrue(virtualToo.get());
        }
    }

    @Test
    void futuresAskedForAfterTheFactAreCompleteAtOnce() throws Exception {
        for (boolean events : new boolean[] {false, true}) {
            PtyProcessBuilder builder = new PtyProcessBuilder("true");
            try (PtyProcess process = events ? builder.start(new ProtocolRecorder()) : builder.start()) {
                process.waitFor();
                assertEquals(process, process.onExit().getNow(null));
                process.onEnd().get(20, TimeUnit.SECONDS);
                assertEquals(process, process.onEnd().getNow(null));
                assertSame(Thread.currentThread(), process.onEnd().thenApply(ended -> Thread.currentThread()).get());
            }
        }
    }

    /** Added on the reactor's thread, to a future that is complete, and to what is made from it. */
    @Test
    void noDependentRunsOnTheReactorsThread() throws Exception {
        try (PtyProcess process = PtyProcess.start("true")) {
            process.onEnd().get(20, TimeUnit.SECONDS);
            CompletableFuture<PtyProcess> ended = process.onEnd();
            List<CompletableFuture<?>> added = new ArrayList<>();
            Queue<Thread> threads = new ConcurrentLinkedQueue<>();
            CompletableFuture<?> done = new CompletableFuture<>();
            Reactor.shared().execute(() -> {
                add(ended, threads, added);
                add(process.onExit(), threads, added);
                add(ended.copy(), threads, added);
                done.complete(null);
            });
            done.get(20, TimeUnit.SECONDS);
            for (CompletableFuture<?> one : added) {
                one.get(20, TimeUnit.SECONDS);
            }
            assertEquals(3 * 14, threads.size());
            assertTrue(threads.stream().allMatch(Thread::isVirtual), threads::toString);
        }
    }

    /** Every method that takes a dependent and no executor. */
    private static <T> void add(CompletableFuture<T> future, Queue<Thread> threads, List<CompletableFuture<?>> added) {
        Runnable noted = () -> threads.add(Thread.currentThread());
        added.add(future.thenRun(noted));
        added.add(future.thenAccept(value -> noted.run()));
        added.add(future.thenApply(value -> threads.add(Thread.currentThread())).thenApply(value -> threads.add(Thread.currentThread())));
        added.add(future.thenCombine(future, (one, other) -> threads.add(Thread.currentThread())));
        added.add(future.thenAcceptBoth(future, (one, other) -> noted.run()));
        added.add(future.runAfterBoth(future, noted));
        added.add(future.applyToEither(future, value -> threads.add(Thread.currentThread())));
        added.add(future.acceptEither(future, value -> noted.run()));
        added.add(future.runAfterEither(future, noted));
        added.add(future.whenComplete((value, thrown) -> noted.run()));
        added.add(future.handle((value, thrown) -> threads.add(Thread.currentThread())));
        added.add(future.thenCompose(value -> {
            noted.run();
            return CompletableFuture.completedFuture(value);
        }));
        CompletableFuture<T> failed = future.newIncompleteFuture();
        failed.completeExceptionally(new IllegalStateException("for a dependent of a failure"));
        added.add(failed.exceptionally(thrown -> {
            noted.run();
            return null;
        }));
    }

    @EachWay
    void dependentsOfTheExitThatBlockHarmNoOtherTerminal() throws Exception {
        List<PtyProcess> silent = new ArrayList<>();
        List<Future<?>> blocked = new ArrayList<>();
        try {
            for (int i = 0; i < 4 * Runtime.getRuntime().availableProcessors(); i++) {
                PtyProcess quiet = PtyProcess.start("cat");
                silent.add(quiet);
                PtyProcess started = PtyProcess.start("cat");
                silent.add(started);
                CountDownLatch inside = new CountDownLatch(1);
                blocked.add(started.onExit().thenRun(() -> {
                    inside.countDown();
                    try {
                        quiet.getInputStream().read();
                    } catch (IOException freed) {
                        throw new AssertionError(freed);
                    }
                }));
                started.destroyForcibly();
                assertTrue(inside.await(20, TimeUnit.SECONDS));
            }
            assertEquals("hello\r\n", Programs.output("echo", "hello"));
            assertTrue(blocked.stream().noneMatch(Future::isDone));
        } finally {
            silent.forEach(PtyProcess::close);
        }
        for (Future<?> one : blocked) {
            one.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aDependentThatThrowsHarmsNoOtherProcess() throws Exception {
        try (PtyProcess process = PtyProcess.start("cat")) {
            Future<?> failing = process.onExit().thenRun(() -> {
                throw new IllegalStateException("of the user's making");
            });
            process.destroyForcibly();
            assertThrows(ExecutionException.class, failing::get);
            assertEquals(137, process.onExit().get().exitValue());
            assertEquals("hello\r\n", Programs.output("echo", "hello"));
        }
    }

    /** A thread that waits for the exit may reap, and then starts the dependents that other threads registered. */
    @Test
    void dependentsOfTheExitInheritNothingOfTheThreadThatWaited() throws Exception {
        InheritableThreadLocal<String> secret = new InheritableThreadLocal<>();
        ClassLoader foreign = new URLClassLoader(new URL[0]);
        for (int round = 0; round < 200; round++) {
            try (PtyProcess process = Programs.sh(":")) {
                CompletableFuture<String> seen = process.onExit()
                        .thenApply(exited -> secret.get() + (Thread.currentThread().getContextClassLoader() == foreign ? " foreign" : ""));
                Thread waits = new Thread(() -> {
                    secret.set("secret");
                    Thread.currentThread().setContextClassLoader(foreign);
                    assertDoesNotThrow(() -> process.waitFor());
                });
                waits.start();
                waits.join();
                assertEquals("null", seen.get(10, TimeUnit.SECONDS));
            }
        }
    }
}
