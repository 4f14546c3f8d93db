package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.Children;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.Needs;
import dev.panpty.testing.OwnReactor;
import dev.panpty.testing.ProtocolRecorder;
import dev.panpty.testing.Tools;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A program that is traced, see ptrace(2). The kernel notifies the tracer of its death first. Until the tracer has waited for it or has
 * exited, the parent can see that the program has exited but cannot reap it.
 */
@Timeout(60)
class TracedChildTest extends OwnReactor {

    private static final String TRACER = Path.of(System.getProperty("panpty.test.native"), "tracer").toString();
    private static final Duration HELD = Duration.ofMillis(300);
    private static final long MOST_CPU_NANOS = HELD.toNanos() / 5; // a thread that spins would take all

    /** A tracer process; close() ends it. */
    private static final class Tracer implements AutoCloseable {

        private final Process process;
        private final BufferedReader answers;

        Tracer(PtyProcess traced) throws IOException {
            process = new ProcessBuilder(TRACER, Long.toString(traced.pid())).start();
            answers = process.inputReader();
            String answer = answers.readLine();
            Tools.skipUnless(answer.equals("(seized)"), "the right to trace a program that is no child: " + answer);
        }

        boolean isThere() {
            return process.isAlive();
        }

        void tell(char command, String answer) throws IOException {
            process.outputWriter().write(command);
            process.outputWriter().flush();
            assertEquals(answer, answers.readLine());
        }

        @Override
        public void close() throws IOException {
            process.outputWriter().close();
            assertEquals(0, process.onExit().join().exitValue());
        }
    }

    /** The CPU time of the reactor threads and of the given threads. */
    private long cpuNanos(List<Thread> others) throws Exception {
        long all = 0;
        for (Reactor each : List.of(reactor, Reactor.shared())) { // streams use the shared one
            CompletableFuture<Long> reactorsThread = new CompletableFuture<>();
            each.execute(() -> reactorsThread.complete(Thread.currentThread().threadId()));
            all += ManagementFactory.getThreadMXBean().getThreadCpuTime(reactorsThread.get());
        }
        for (Thread other : others) {
            all += Math.max(ManagementFactory.getThreadMXBean().getThreadCpuTime(other.threadId()), 0);
        }
        return all;
    }

    private void dieUnderATracer(PtyProcess process, boolean waitedFor, Thread... waiting) throws Exception {
        List<Thread> callers = List.of(waiting);
        try (Tracer tracer = new Tracer(process)) {
            process.destroyForcibly();
            Await.until("it is dead", () -> Children.fields(process.pid())[0].equals("Z"));
            long before = cpuNanos(callers);
            assertNotWithin(HELD, process.onExit());
            long used = cpuNanos(callers) - before;
            assertTrue(used < MOST_CPU_NANOS, () -> "CPU time while it cannot be reaped: " + used);
            if (waitedFor) {
                tracer.tell('w', "(waited)");
                process.onEnd().get(PROMPTLY.toSeconds(), TimeUnit.SECONDS);
            }
        }
        process.onEnd().get(PROMPTLY.toSeconds(), TimeUnit.SECONDS);
        for (Thread caller : callers) {
            assertTrue(caller.join(PROMPTLY));
        }
        assertEquals(new ExitStatus.Signaled(Signal.KILL, false), process.exitStatus().orElseThrow());
        assertEquals(0, Children.fields(process.pid()).length);
    }

    private static void assertNotWithin(Duration time, CompletableFuture<?> future) throws InterruptedException, ExecutionException {
        try {
            future.get(time.toNanos(), TimeUnit.NANOSECONDS);
            throw new AssertionError("it was reaped before its tracer had waited");
        } catch (TimeoutException expected) {
            return;
        }
    }

    @EachWay
    void aProtocolHearsOfTheExitWhenTheTracerHasLeft() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = new PtyProcessBuilder("sh", "-c", "echo R; read x").start(reactor, recorder);
        recorder.awaitOutput("R");
        dieUnderATracer(process, false);
        recorder.awaitEnd().assertOrderly();
    }

    @Test
    void aProtocolHearsOfTheExitWhenTheTracerHasWaited() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = new PtyProcessBuilder("sh", "-c", "echo R; read x").start(reactor, recorder);
        recorder.awaitOutput("R");
        dieUnderATracer(process, true);
        recorder.awaitEnd().assertOrderly();
    }

    @EachWay
    void callersOfAStreamWaitWithoutSpinning() throws Exception {
        for (boolean waitedFor : new boolean[] {false, true}) {
            PtyProcess process = new PtyProcessBuilder("sh", "-c", "echo R; read x").start();
            assertEquals('R', process.getInputStream().read());
            List<Thread> callers = new ArrayList<>();
            for (Thread.Builder kind : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
                callers.add(kind.start(() -> {
                    try {
                        process.getInputStream().readAllBytes();
                    } catch (IOException failed) {
                        throw new AssertionError(failed);
                    }
                }));
                callers.add(kind.start(() -> {
                    try {
                        process.waitFor();
                    } catch (InterruptedException stop) {
                        throw new AssertionError(stop);
                    }
                }));
            }
            for (Thread caller : callers) {
                Await.blocked(caller);
            }
            dieUnderATracer(process, waitedFor, callers.toArray(Thread[]::new));
        }
    }

    /** A read that begins while the child cannot be reaped waits too. */
    @Test
    void readersParkWhileTheChildCannotBeReaped() throws Exception {
        PtyProcess process = new PtyProcessBuilder("sh", "-c", "echo R; read x").start();
        assertTrue(process.awaitOutput(PROMPTLY));
        Thread reader;
        try (Tracer tracer = new Tracer(process)) {
            process.destroyForcibly();
            Await.until("it is dead", () -> Children.fields(process.pid())[0].equals("Z"));
            assertEquals('R', process.getInputStream().read());
            assertTrue(tracer.isThere());
            assertFalse(process.waitFor(Duration.ofMillis(20)));
            reader = Thread.ofPlatform().start(() -> {
                try {
                    process.getInputStream().readAllBytes();
                } catch (IOException failed) {
                    throw new AssertionError(failed);
                }
            });
            Await.blocked(reader);
            long before = cpuNanos(List.of(reader));
            assertNotWithin(HELD, process.onExit());
            long used = cpuNanos(List.of(reader)) - before;
            assertTrue(used < MOST_CPU_NANOS, () -> "CPU time: " + used);
        }
        assertTrue(reader.join(PROMPTLY));
        assertEquals(137, process.waitFor());
    }

    /** A traced program stops at each signal except SIGKILL until its tracer continues it. */
    @EachWay
    void closeReturnsInTimeAndTheLoopReapsLater() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = new PtyProcessBuilder("cat").closeGrace(Duration.ofMillis(100)).start(reactor, recorder);
        try (Tracer tracer = new Tracer(process)) {
            process.close();
            assertTrue(tracer.isThere());
            assertTrue(process.isAlive());
        }
        recorder.awaitEnd();
        assertEquals(new ExitStatus.Signaled(Signal.KILL, false), process.exitStatus().orElseThrow());
        assertEquals(0, Children.fields(process.pid()).length);
    }

    /** A program that exits by itself under a tracer: the exit may be a stop first, and the end comes after the tracer has seen it. */
    @Test
    @Needs("strace")
    void aProgramUnderStraceExits() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = new PtyProcessBuilder("sh", "-c", "echo R; read x; exit 7").start(reactor, recorder);
        recorder.awaitOutput("R");
        Process strace = new ProcessBuilder("strace", "-f", "-p", Long.toString(process.pid())).redirectErrorStream(true).start();
        try (BufferedReader said = strace.inputReader()) {
            String first = said.readLine();
            Tools.skipUnless(first.contains("attached"), "the right to trace a program that is no child: " + first);
            process.write("\n".getBytes());
            recorder.awaitEnd();
            assertEquals(7, process.exitValue());
            said.lines().forEach(line -> { });
        }
        assertEquals(0, strace.waitFor());
    }
}
