package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.Children;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.OwnReactor;
import dev.panpty.testing.Programs;
import dev.panpty.testing.ProtocolRecorder;
import dev.panpty.testing.Tools;
import dev.panpty.testing.Way;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** closeAsync and terminateSessionAsync: the steps and bounds of close and terminateSession, without a caller that waits. */
@Timeout(90)
class CloseAsyncTest extends OwnReactor {

    private static final Duration GRACE = Duration.ofMillis(400);
    private static final Duration LONG_GRACE = Duration.ofHours(1);
    private static final SessionReport NOTHING_LEFT = new SessionReport(List.of(), List.of());

    private static PtyProcessBuilder ignoring(String signals) {
        return new PtyProcessBuilder("sh", "-c", "trap '' " + signals + "; echo R; read x; read y").closeGrace(GRACE);
    }

    private static PtyProcess streams(PtyProcessBuilder builder) throws Exception {
        PtyProcess process = builder.start();
        assertEquals('R', process.getInputStream().read());
        return process;
    }

    private PtyProcess events(PtyProcessBuilder builder) throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = builder.start(reactor, recorder);
        recorder.awaitOutput("R");
        return process;
    }

    private static <T> T promptly(CompletableFuture<T> future) throws Exception {
        return future.get(PROMPTLY.toSeconds(), TimeUnit.SECONDS);
    }

    private static void assertClosed(int exitValue, PtyProcess process) throws Exception {
        ExitStatus status = promptly(process.closeAsync());
        assertEquals(exitValue, status.exitValue());
        assertEquals(status, process.exitStatus().orElseThrow());
        assertEquals(ProcessTransport.State.DISCONNECTED, process.state());
        assertEquals(0, Children.fields(process.pid()).length);
    }

    /** Holds the reactor until it is released. */
    private CountDownLatch hold() throws Exception {
        CountDownLatch holds = new CountDownLatch(1);
        CountDownLatch letGo = new CountDownLatch(1);
        reactor.execute(() -> {
            holds.countDown();
            Await.opened(letGo);
        });
        assertPromptly("the reactor is held", holds);
        return letGo;
    }

    @EachWay
    void theStepsAreThoseOfClose() throws Exception {
        Leaks.none(() -> {
            for (List<String> row : List.of(List.of("QUIT", "129"), List.of("HUP", "143"), List.of("HUP TERM", "137"))) {
                assertClosed(Integer.parseInt(row.get(1)), streams(ignoring(row.get(0))));
                assertClosed(Integer.parseInt(row.get(1)), events(ignoring(row.get(0))));
            }
        });
    }

    @EachWay
    void withoutGraceTheProgramIsKilled() throws Exception {
        Leaks.none(() -> {
            for (PtyProcess process : List.of(streams(ignoring("HUP TERM").closeGrace(Duration.ZERO)),
                    events(ignoring("HUP TERM").closeGrace(Duration.ZERO)))) {
                promptly(process.closeAsync());
                assertTrue(process.waitFor(PROMPTLY));
                assertEquals(137, process.exitValue());
            }
        });
    }

    @EachWay
    void aStoppedProgramIsEndedToo() throws Exception {
        PtyProcess process = streams(ignoring("QUIT").closeGrace(LONG_GRACE));
        process.signal(Signal.STOP);
        Await.until("stopped", () -> Children.fields(process.pid())[0].equals("T"));
        assertClosed(129, process);
    }

    @EachWay
    void eachStepWaitsForItsGrace() throws Exception {
        PtyProcess process = streams(ignoring("HUP TERM").closeGrace(Duration.ofSeconds(1))); // the third bounds what the kernel takes
        long start = System.nanoTime();
        assertClosed(137, process);
        assertTrue(System.nanoTime() - start >= TimeUnit.MILLISECONDS.toNanos(1950), "both grace times");
    }

    @Test
    void writesAreRefusedAtOnceAndReadsEnd() throws Exception {
        PtyProcess ofStreams = streams(ignoring("HUP").closeGrace(LONG_GRACE));
        PtyProcess ofEvents = events(ignoring("HUP").closeGrace(LONG_GRACE));
        List<CompletableFuture<ExitStatus>> closing = List.of(ofStreams.closeAsync(), ofEvents.closeAsync());
        assertThrows(IOException.class, () -> ofStreams.getOutputStream().write('x'));
        assertThrows(IllegalStateException.class, () -> ofEvents.write(new byte[1]));
        ofStreams.destroyForcibly();
        ofEvents.destroyForcibly();
        for (CompletableFuture<ExitStatus> one : closing) {
            assertEquals(137, promptly(one).exitValue());
        }
        assertThrows(IOException.class, () -> ofStreams.windowSize());
    }

    /** In connectionMade, in outReceived and in work given to the reactor. The callback goes on before anything is closed. */
    @EachWay
    void itIsCalledOnTheReactorsThread() throws Exception {
        Leaks.none(() -> {
            List<CompletableFuture<CompletableFuture<ExitStatus>>> calls = new ArrayList<>();
            List<ProtocolRecorder> recorders = new ArrayList<>();
            for (boolean early : new boolean[] {true, false}) {
                CompletableFuture<CompletableFuture<ExitStatus>> call = new CompletableFuture<>();
                calls.add(call);
                ProtocolRecorder recorder = new ProtocolRecorder() {
                    @Override
                    public void connectionMade(ProcessTransport transport) {
                        super.connectionMade(transport);
                        if (early) {
                            closeInside(transport, call);
                        }
                    }

                    @Override
                    public void outReceived(ByteBuffer data) {
                        super.outReceived(data);
                        if (!early) {
                            closeInside(transport(), call);
                        }
                    }
                };
                recorders.add(recorder);
                ignoring("HUP TERM").start(reactor, recorder);
            }
            PtyProcess ofStreams = streams(ignoring("HUP TERM"));
            CompletableFuture<CompletableFuture<ExitStatus>> call = new CompletableFuture<>();
            calls.add(call);
            reactor.execute(() -> call.complete(ofStreams.closeAsync()));
            for (CompletableFuture<CompletableFuture<ExitStatus>> each : calls) {
                int value = promptly(promptly(each)).exitValue();
                assertTrue(value == 137 || value == 129, "exit value " + value); // before its trap the shell is ended by SIGHUP
            }
            for (ProtocolRecorder recorder : recorders) {
                recorder.awaitEnd().assertOrderly();
            }
        });
    }

    private static void closeInside(ProcessTransport transport, CompletableFuture<CompletableFuture<ExitStatus>> call) {
        if (call.isDone()) {
            return; // more output
        }
        transport.write(new byte[] {'x'});
        CompletableFuture<ExitStatus> closing = ((PtyProcess) transport).closeAsync();
        try {
            transport.windowSize(); // the terminal is not closed before the callback has returned
            assertThrows(IllegalStateException.class, () -> transport.write(new byte[] {'x'}));
            call.complete(closing);
        } catch (IOException | AssertionError early) {
            call.completeExceptionally(early);
        }
    }

    @Test
    void dependentsNeverRunOnTheReactorsThread() throws Exception {
        for (PtyProcess process : List.of(streams(ignoring("HUP")), events(ignoring("HUP")))) {
            CompletableFuture<Boolean> virtual = new CompletableFuture<>();
            reactor.execute(() -> process.closeAsync().thenRun(() -> virtual.complete(Thread.currentThread().isVirtual())));
            assertTrue(promptly(virtual));
        }
    }

    @EachWay
    void theStatusIsKnownWithoutAGraceTimeToo() throws Exception {
        for (int i = 0; i < Math.max(5, Way.times(20)); i++) {
            for (PtyProcess process : List.of(ignoring("HUP TERM").closeGrace(Duration.ZERO).start(),
                    ignoring("HUP TERM").closeGrace(Duration.ZERO).start(reactor, new ProtocolRecorder()))) {
                assertInstanceOf(ExitStatus.Signaled.class, promptly(process.closeAsync()));
                process.close();
                assertInstanceOf(ExitStatus.Signaled.class, process.exitStatus().orElseThrow());
            }
        }
    }

    @Test
    void aDependentThatIsAddedToACompleteFutureOnTheReactorsThreadDoesNotRunThere() throws Exception {
        for (PtyProcess process : List.of(Programs.sh("exit 0"), Programs.shell("exit 0").start(reactor, new ProtocolRecorder()))) {
            process.onEnd().get();
            for (CompletableFuture<?> future : List.of(process.closeAsync(), process.terminateSessionAsync(Duration.ZERO))) {
                promptly(future);
                CompletableFuture<Boolean> virtual = new CompletableFuture<>();
                reactor.execute(() -> future.thenApply(end -> end).thenRun(() -> virtual.complete(Thread.currentThread().isVirtual())));
                assertTrue(promptly(virtual), () -> process.toString());
            }
        }
    }

    @Test
    void aDependentThatBlocksHoldsNoOtherProcess() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch letGo = new CountDownLatch(1);
        Future<?> blocked = events(ignoring("HUP")).closeAsync().thenRun(() -> { // not complete yet, or it would run here
            inside.countDown();
            assertTrue(Await.opened(letGo), "the test has gone on");
        });
        assertPromptly("the dependent", inside);
        assertTheReactorAnswers();
        assertClosed(129, events(ignoring("QUIT")));
        letGo.countDown();
        blocked.get(PROMPTLY.toSeconds(), TimeUnit.SECONDS);
    }

    @EachWay
    void closesOfManyThreadsAreOneClose() throws Exception {
        Leaks.none(() -> {
            for (int i = 0; i < Way.times(60); i++) {
                PtyProcess process = i % 2 == 0 ? PtyProcess.start("cat") : new PtyProcessBuilder("cat").start(reactor, new ProtocolRecorder());
                List<CompletableFuture<ExitStatus>> closing = new ArrayList<>();
                try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                    List<Future<CompletableFuture<ExitStatus>>> calls = new ArrayList<>();
                    for (int j = 0; j < 5; j++) {
                        calls.add(executor.submit((Callable<CompletableFuture<ExitStatus>>) process::closeAsync));
                        executor.submit(process::close);
                    }
                    for (Future<CompletableFuture<ExitStatus>> call : calls) {
                        closing.add(call.get());
                    }
                }
                assertNotSame(closing.get(0), closing.get(1));
                for (CompletableFuture<ExitStatus> one : closing) {
                    assertEquals(new ExitStatus.Signaled(Signal.HUP, false), promptly(one));
                }
                assertFalse(process.isAlive());
            }
        });
    }

    @EachWay
    void itRacesTheExit() throws Exception {
        Leaks.none(() -> {
            for (int i = 0; i < Way.times(200); i++) {
                PtyProcess process = i % 2 == 0 ? PtyProcess.start("cat") : new PtyProcessBuilder("cat").start(reactor, new ProtocolRecorder());
                process.destroyForcibly();
                int value = promptly(process.closeAsync()).exitValue();
                assertTrue(value == 137 || value == 129, () -> process.toString());
                assertEquals(value, process.exitValue());
            }
        });
    }

    @EachWay
    void afterTheEndItIsCompleteWithTheStatus() throws Exception {
        for (PtyProcess process : List.of(Programs.sh("exit 8"), Programs.shell("exit 8").start(reactor, new ProtocolRecorder()))) {
            process.onEnd().get();
            assertEquals(new ExitStatus.Exited(8), promptly(process.closeAsync()));
            process.close();
            assertEquals(new ExitStatus.Exited(8), promptly(process.closeAsync()));
        }
    }

    @EachWay
    void manyAreClosedAtTheSameTimeWithoutAThreadForEach() throws Exception {
        Leaks.none(() -> {
            List<PtyProcess> processes = new ArrayList<>();
            for (int i = 0; i < Way.times(40); i++) {
                processes.add(i % 2 == 0 ? streams(ignoring("HUP TERM")) : events(ignoring("HUP TERM")));
            }
            int before = Thread.getAllStackTraces().size();
            List<CompletableFuture<ExitStatus>> closing = processes.stream().map(PtyProcess::closeAsync).toList();
            assertTrue(Thread.getAllStackTraces().size() < before + processes.size());
            for (CompletableFuture<ExitStatus> one : closing) {
                assertEquals(137, promptly(one).exitValue());
            }
        });
    }

    /** The first signal is sent by the call; the rest waits for the reactor, or for a thread that calls close. */
    @EachWay
    void whileTheReactorIsHeldTheFirstSignalIsSent() throws Exception {
        PtyProcess mild = events(ignoring("QUIT"));
        PtyProcess stubborn = events(ignoring("HUP TERM"));
        CountDownLatch letGo = hold();
        List<CompletableFuture<ExitStatus>> closing = List.of(mild.closeAsync(), stubborn.closeAsync());
        Await.until("it has exited", () -> Children.hasExited(mild.pid()));
        assertEquals(1, letGo.getCount());
        stubborn.close();
        assertEquals(137, promptly(closing.get(1)).exitValue());
        letGo.countDown();
        assertEquals(129, promptly(closing.get(0)).exitValue());
    }

    @EachWay
    void aReactorThatIsHeldAlreadyIsNotWaitedFor() throws Exception {
        List<PtyProcess> processes = List.of(events(ignoring("QUIT")), events(ignoring("HUP")), events(ignoring("HUP TERM")));
        CountDownLatch letGo = hold();
        assertFalse(letGo.await(1100, TimeUnit.MILLISECONDS)); // held for more than a second
        List<CompletableFuture<ExitStatus>> closing = processes.stream().map(PtyProcess::closeAsync).toList();
        List<Integer> values = new ArrayList<>();
        for (CompletableFuture<ExitStatus> one : closing) {
            values.add(promptly(one).exitValue());
        }
        assertEquals(List.of(129, 143, 137), values);
        assertEquals(1, letGo.getCount());
        letGo.countDown();
    }

    @EachWay
    void aReactorThatIsClosedMeanwhileCompletesIt() throws Exception {
        Leaks.none(() -> {
            for (int i = 0; i < Way.times(20); i++) {
                Reactor own = Reactor.open();
                ProtocolRecorder recorder = new ProtocolRecorder();
                PtyProcess process = ignoring("HUP TERM").closeGrace(Duration.ofMillis(10)).start(own, recorder);
                CompletableFuture<ExitStatus> before = process.closeAsync();
                own.close();
                promptly(before);
                assertEquals(process.exitStatus().orElseThrow(), promptly(process.closeAsync()));
            }
        });
    }

    /** A traced program that was killed cannot be reaped before its tracer has seen it. */
    @Test
    void aProgramThatDoesNotExitIsReportedAtTheBound() throws Exception {
        PtyProcess process = streams(ignoring("HUP TERM"));
        String tracer = Path.of(System.getProperty("panpty.test.native"), "tracer").toString();
        Process tracing = new ProcessBuilder(tracer, Long.toString(process.pid())).start();
        try {
            String answer = tracing.inputReader().readLine();
            Tools.skipUnless(answer.equals("(seized)"), "the right to trace a program that is no child: " + answer);
            ExitStatus status = promptly(process.closeAsync());
            assertTrue(assertInstanceOf(ExitStatus.Unknown.class, status).reason().contains("has not exited"), status::toString);
            assertTrue(process.isAlive());
        } finally {
            tracing.outputWriter().close();
            tracing.onExit().join();
        }
        promptly(process.onExit());
        assertEquals(137, promptly(process.closeAsync()).exitValue());
    }

    @EachWay
    void aSessionIsEndedWithoutACallerThatWaits() throws Exception {
        Leaks.none(() -> {
            for (boolean ofEvents : new boolean[] {false, true}) {
                PtyProcessBuilder builder = new PtyProcessBuilder("sh", "-c", "trap '' HUP TERM; sleep 1000 & echo R; read x; read y");
                PtyProcess process = ofEvents ? events(builder) : streams(builder);
                CompletableFuture<CompletableFuture<SessionReport>> call = new CompletableFuture<>();
                reactor.execute(() -> call.complete(process.terminateSessionAsync(GRACE)));
                assertEquals(NOTHING_LEFT, promptly(promptly(call)));
                assertEquals(137, promptly(process.onExit()).exitValue());
                assertEquals(NOTHING_LEFT, promptly(process.terminateSessionAsync(Duration.ZERO)));
                process.close();
            }
        });
    }

    @EachWay
    void aSessionIsEndedWhileTheReactorIsHeld() throws Exception {
        PtyProcess process = events(new PtyProcessBuilder("sh", "-c", "trap '' HUP TERM; sleep 1000 & echo R; read x; read y"));
        CountDownLatch letGo = hold();
        assertEquals(NOTHING_LEFT, promptly(process.terminateSessionAsync(GRACE)));
        assertEquals(1, letGo.getCount());
        assertTrue(Children.hasExited(process.pid()));
        letGo.countDown();
    }
}
