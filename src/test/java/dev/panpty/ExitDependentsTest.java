package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.EachWay;
import dev.panpty.testing.Programs;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
