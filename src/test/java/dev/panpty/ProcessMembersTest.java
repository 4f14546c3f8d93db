package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.Programs;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A PtyProcess as a java.lang.Process, member by member. */
class ProcessMembersTest {

    /** The contract says 20 ms; this allows for a busy machine, and still excludes polling every 100 ms. */
    private static final long PROMPT_MILLIS = 60;

    @Test
    void everyMemberIsOverriddenWhereTheDefaultPollsThrowsOrBurnsAThread() throws Exception {
        Set<String> fine = Set.of("inputReader", "errorReader", "outputWriter");
        List<String> inherited = Arrays.stream(Process.class.getMethods())
                .filter(method -> method.getDeclaringClass() == Process.class && !Modifier.isFinal(method.getModifiers()))
                .filter(method -> !fine.contains(method.getName()))
                .filter(method -> !isOverridden(method))
                .map(Method::toString)
                .toList();
        assertEquals(List.of(), inherited);
    }

    private static boolean isOverridden(Method method) {
        return Arrays.stream(PtyProcess.class.getDeclaredMethods())
                .anyMatch(own -> own.getName().equals(method.getName())
                        && Arrays.equals(own.getParameterTypes(), method.getParameterTypes()));
    }

    @EachWay
    void pidIsTheProgramsOwn() throws Exception {
        try (PtyProcess process = Programs.sh("echo $$; read x")) {
            assertEquals(Long.toString(process.pid()), process.inputReader().readLine());
        }
    }

    @EachWay
    void pidStaysTheSameAfterTheExit() throws Exception {
        PtyProcess process = PtyProcess.start("cat");
        long pid = process.pid();
        process.close();
        assertEquals(pid, process.pid());
    }

    @EachWay
    void isAliveUntilTheExit() throws Exception {
        try (PtyProcess process = PtyProcess.start("cat")) {
            assertTrue(process.isAlive());
            process.destroyForcibly().waitFor();
            assertFalse(process.isAlive());
        }
    }

    @EachWay
    void exitValueThrowsUntilTheExit() throws Exception {
        try (PtyProcess process = PtyProcess.start("cat")) {
            assertThrows(IllegalThreadStateException.class, process::exitValue);
            assertEquals(Optional.empty(), process.exitStatus());
            process.destroyForcibly().waitFor();
            assertEquals(137, process.exitValue());
        }
    }

    @EachWay
    void waitForReturnsTheExitValueAgainAndAgain() throws Exception {
        try (PtyProcess process = Programs.sh("exit 42")) {
            assertEquals(42, process.waitFor());
            assertEquals(42, process.waitFor());
        }
    }

    @Test
    void waitForWithATimeLimitReturnsWhetherItExited() throws Exception {
        try (PtyProcess process = PtyProcess.start("cat")) {
            assertFalse(process.waitFor(20, TimeUnit.MILLISECONDS));
            assertFalse(process.waitFor(Duration.ofMillis(20)));
            process.destroyForcibly();
            assertTrue(process.waitFor(20, TimeUnit.SECONDS));
            assertTrue(process.waitFor(Duration.ofSeconds(20)));
        }
    }

    @Test
    void waitForWithNoTimeOnlyPolls() throws Exception {
        try (PtyProcess process = PtyProcess.start("cat")) {
            for (long time : new long[] {0, -1, Long.MIN_VALUE}) {
                assertFalse(process.waitFor(time, TimeUnit.DAYS));
            }
            assertFalse(process.waitFor(Duration.ZERO));
            assertFalse(process.waitFor(Duration.ofSeconds(Long.MIN_VALUE)));
        }
    }

    @Test
    void waitForTakesTheLongestTimes() throws Exception {
        try (PtyProcess process = Programs.sh("read x")) {
            Thread.startVirtualThread(process::destroy);
            assertTrue(process.waitFor(Long.MAX_VALUE, TimeUnit.DAYS));
            assertTrue(process.waitFor(Duration.ofSeconds(Long.MAX_VALUE)));
        }
    }

    /** A poll every 100 ms would never be prompt, since the kill comes right after the first poll; a busy machine may need several tries. */
    @EachWay
    void waitForReturnsPromptlyAfterTheExit() throws Exception {
        Await.until("a wait returns promptly", () -> leastMillisFromKillToReturn() < PROMPT_MILLIS);
    }

    private static long leastMillisFromKillToReturn() throws Exception {
        List<Long> millis = new ArrayList<>();
        for (int i = 0; i < 21; i++) {
            try (PtyProcess process = PtyProcess.start("cat")) {
                CompletableFuture<Long> returned = new CompletableFuture<>();
                Thread waiter = Thread.ofPlatform().start(() -> {
                    try {
                        process.waitFor(1, TimeUnit.MINUTES);
                        returned.complete(System.nanoTime());
                    } catch (InterruptedException interrupted) {
                        returned.completeExceptionally(interrupted);
                    }
                });
                Await.blocked(waiter);
                long killed = System.nanoTime();
                process.destroyForcibly();
                millis.add(TimeUnit.NANOSECONDS.toMillis(returned.get() - killed));
            }
        }
        return Collections.min(millis);
    }

    @EachWay
    void onExitIsANewFutureOfThisProcessAtEachCall() throws Exception {
        try (PtyProcess process = PtyProcess.start("cat")) {
            CompletableFuture<Process> first = process.onExit();
            CompletableFuture<Process> second = process.onExit();
            assertTrue(first.cancel(true));
            assertFalse(second.isDone());
            process.destroyForcibly();
            assertSame(process, second.get(20, TimeUnit.SECONDS));
            assertSame(process, process.onExit().get(20, TimeUnit.SECONDS));
        }
    }

    @EachWay
    void onEndIsReachedWhenAllOutputIsThere() throws Exception {
        try (PtyProcess process = PtyProcess.start("seq", "1", "1000")) {
            CompletableFuture<PtyProcess> end = process.onEnd();
            process.getInputStream().readAllBytes();
            assertSame(process, end.get(20, TimeUnit.SECONDS));
            assertFalse(process.isAlive());
        }
    }

    @EachWay
    void destroyTerminatesTheProgramAndItsLastOutputIsRead() throws Exception {
        try (PtyProcess process = Programs.sh("trap 'echo bye; exit 4' TERM; echo ready; while :; do sleep 0.02; done")) {
            assertEquals("ready", process.inputReader().readLine());
            process.destroy();
            assertEquals("bye", process.inputReader().readLine());
            assertEquals(4, process.waitFor());
        }
    }

    @EachWay
    void destroyForciblyKillsAndReturnsTheProcess() throws Exception {
        try (PtyProcess process = Programs.sh("trap '' TERM; echo ready; while :; do sleep 0.02; done")) {
            assertEquals("ready", process.inputReader().readLine());
            assertSame(process, process.destroyForcibly());
            assertEquals(137, process.waitFor());
        }
    }

    @Test
    void destroyAfterTheExitIsHarmless() throws Exception {
        try (PtyProcess process = PtyProcess.start("true")) {
            process.waitFor();
            process.destroy();
            process.destroyForcibly();
            assertEquals(0, process.exitValue());
        }
    }

    @Test
    void normalTerminationIsSupported() throws Exception {
        try (PtyProcess process = PtyProcess.start("true")) {
            assertTrue(process.supportsNormalTermination());
        }
    }

    @EachWay
    void theHandleAndItsInfoAreTheProcesss() throws Exception {
        try (PtyProcess process = Programs.rawAndThen("exec sleep 1000")) {
            // during an exec the kernel has the program, but not yet its arguments
            Await.until("sleep runs", () -> process.info().command().orElse("").endsWith("/sleep")
                    && process.info().arguments().isPresent());
            assertEquals(process.pid(), process.toHandle().pid());
            assertTrue(process.toHandle().isAlive());
            assertEquals(Optional.of(ProcessHandle.current().pid()), process.toHandle().parent().map(ProcessHandle::pid));
            assertEquals("1000", process.info().arguments().orElseThrow()[0]);
        }
    }

    @EachWay
    void theHandleIsThereAlsoForAProgramThatEndsAtOnce() throws Exception {
        for (int i = 0; i < 50; i++) {
            try (PtyProcess process = PtyProcess.start("true")) {
                assertEquals(process.pid(), process.toHandle().pid());
                assertSame(process, process.onExit().get(20, TimeUnit.SECONDS));
            }
        }
    }

    @EachWay
    void theHandleFirstAskedForAfterTheExitKnowsTheNumberOnly() throws Exception {
        try (PtyProcess process = PtyProcess.start("true")) {
            process.waitFor();
            ProcessHandle handle = process.toHandle();
            assertEquals(process.pid(), handle.pid());
            assertFalse(handle.isAlive() || handle.destroy() || handle.destroyForcibly());
            assertSame(handle, handle.onExit().get(20, TimeUnit.SECONDS));
            assertEquals(Optional.empty(), handle.parent());
            assertEquals(0, process.children().count() + process.descendants().count());
            assertEquals(Optional.empty(), process.info().command());
            assertSame(handle, process.toHandle());
        }
    }

    @EachWay
    void theHandleAskedForBeforeTheExitStaysTheSame() throws Exception {
        try (PtyProcess process = PtyProcess.start("cat")) {
            ProcessHandle handle = process.toHandle();
            assertEquals(ProcessHandle.of(process.pid()).orElseThrow(), handle);
            process.destroyForcibly().waitFor();
            assertSame(handle, process.toHandle());
            assertFalse(handle.isAlive());
        }
    }

    @EachWay
    void childrenAndDescendantsAreListed() throws Exception {
        try (PtyProcess process = Programs.sh("sh -c 'sleep 1000 & wait' & sleep 1000 & wait")) {
            Await.until("two children, three descendants",
                    () -> process.children().count() == 2 && process.descendants().count() == 3);
        }
    }

    @Test
    void theErrorStreamIsEmptyAndStandardErrorIsInTheOutput() throws Exception {
        try (PtyProcess process = Programs.sh("echo error >&2")) {
            assertEquals(-1, process.getErrorStream().read());
            assertEquals("error", process.inputReader().readLine());
        }
    }

    @Test
    void theStreamsAreTheSameAtEachCall() throws Exception {
        try (PtyProcess process = PtyProcess.start("true")) {
            assertSame(process.getInputStream(), process.getInputStream());
            assertSame(process.getOutputStream(), process.getOutputStream());
        }
    }

    @Test
    void toStringNamesPidCommandAndState() throws Exception {
        PtyProcess process = PtyProcess.start("sleep", "1000");
        assertTrue(process.toString().contains(Long.toString(process.pid())), process::toString);
        assertTrue(process.toString().contains("[sleep, 1000]"), process::toString);
        assertTrue(process.toString().contains("running"), process::toString);
        process.close();
        assertTrue(process.toString().contains(Long.toString(process.pid())), process::toString);
        assertTrue(process.toString().contains("HUP"), process::toString);
    }

    @Test
    void callersOfProcessCanUseAPtyProcess() throws Exception {
        Process process = PtyProcess.start("cat");
        assertInstanceOf(AutoCloseable.class, process).close();
        assertFalse(process.isAlive());
    }
}
