package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.LoggedErrors;
import dev.panpty.testing.Programs;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** The loop's thread: what runs on it, what may not, and its end. */
class ReactorTest {

    private static final long SECONDS = 20;

    private Reactor reactor;

    @BeforeEach
    void open() throws Exception {
        reactor = Reactor.open();
    }

    @AfterEach
    void close() {
        reactor.close();
    }

    private static PtyProcessBuilder sh(String script) {
        return new PtyProcessBuilder("sh", "-c", script);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertTrue(latch.await(SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void executedWorkRunsInOrderOnTheOneDaemonThread() throws Exception {
        List<Integer> ran = Collections.synchronizedList(new ArrayList<>());
        AtomicReference<Thread> thread = new AtomicReference<>();
        CountDownLatch last = new CountDownLatch(1);
        for (int i = 0; i < 1000; i++) {
            int number = i;
            reactor.execute(() -> ran.add(number));
        }
        reactor.execute(() -> {
            thread.set(Thread.currentThread());
            last.countDown();
        });
        await(last);
        assertEquals(IntStream.range(0, 1000).boxed().toList(), ran);
        assertTrue(thread.get().isDaemon());
        assertTrue(thread.get().getName().startsWith("panpty-reactor"), () -> thread.get().getName());
    }

    @Test
    void scheduledWorkRunsInTheOrderOfItsTimesAndNotBefore() throws Exception {
        List<String> ran = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch last = new CountDownLatch(1);
        AtomicReference<Long> took = new AtomicReference<>();
        reactor.execute(() -> { // there nothing comes due before all is scheduled
            long start = System.nanoTime();
            reactor.schedule(Duration.ofMillis(60), () -> {
                ran.add("second");
                took.set(System.nanoTime() - start);
                last.countDown();
            });
            reactor.schedule(Duration.ofMillis(20), () -> ran.add("first"));
            reactor.schedule(Duration.ofMillis(40), () -> ran.add("never")).cancel();
        });
        await(last);
        assertEquals(List.of("first", "second"), ran);
        assertTrue(took.get() >= 60_000_000);
    }

    @Test
    void cancelledWorkNeverRunsAndCancellingTwiceOrLateDoesNothing() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        for (int i = 0; i < 300; i++) {
            Reactor.Delayed delayed = reactor.schedule(Duration.ofDays(1), ran::incrementAndGet);
            delayed.cancel();
            delayed.cancel();
        }
        CountDownLatch done = new CountDownLatch(1);
        Reactor.Delayed late = reactor.schedule(Duration.ZERO, done::countDown);
        await(done);
        late.cancel();
        assertEquals(0, ran.get());
    }

    /** Also while the reactor is busy: who cancels gives back the memory. */
    @Test
    void aMillionTimersThatWereCancelledLeaveNoMemoryBehind() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        Reactor.Delayed first = reactor.schedule(Duration.ofDays(1), () -> {});
        long before = heapInUse();
        reactor.execute(() -> {
            scheduleAndCancel(500_000);
            Await.opened(over);
        });
        scheduleAndCancel(500_000);
        Await.until("the memory of a million timers is free", () -> heapInUse() - before < 8_000_000); // 40 MB if they were kept
        over.countDown();
        first.cancel();
    }

    private void scheduleAndCancel(int count) {
        Random random = new Random(count);
        List<Reactor.Delayed> some = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            some.add(reactor.schedule(Duration.ofSeconds(1000 + random.nextInt(1000)), () -> {}));
            if (some.size() == 1000) {
                Collections.shuffle(some, random);
                some.forEach(Reactor.Delayed::cancel);
                some.clear();
            }
        }
    }

    private static long heapInUse() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @Test
    void workForNowIsNotHeldUpByWorkForTheFarFuture() throws Exception {
        CountDownLatch now = new CountDownLatch(1);
        Reactor.Delayed far = reactor.schedule(ChronoUnit.FOREVER.getDuration(), () -> {});
        reactor.schedule(Duration.ofSeconds(-1), now::countDown);
        await(now);
        far.cancel();
    }

    @Test
    void workThatACallbackGivesIsDoneThoughNothingElseHappens() throws Exception {
        CountDownLatch done = new CountDownLatch(20);
        ProtocolRecorder recorder = new ProtocolRecorder() {
            @Override
            public void outReceived(ByteBuffer data) {
                super.outReceived(data);
                reactor.execute(done::countDown);
            }
        };
        PtyProcess process = sh("stty raw -echo; printf R; exec cat").start(reactor, recorder);
        for (int size = 1; size <= 20; size++) {
            recorder.awaitSize(size);
            long left = 20 - size;
            Await.until("the work is done", () -> done.getCount() <= left);
            process.write(ascii("x"));
        }
    }

    @Test
    void aStartInACallbackIsToldOfAfterwardsThoughNothingElseHappens() throws Exception {
        ProtocolRecorder second = new ProtocolRecorder();
        AtomicReference<List<String>> atReturn = new AtomicReference<>();
        ProtocolRecorder first = new ProtocolRecorder() {
            @Override
            public void outReceived(ByteBuffer data) {
                super.outReceived(data);
                if (atReturn.get() != null) {
                    return; // the output may come in pieces
                }
                try {
                    sh("exec sleep 1000").start(reactor, second);
                    atReturn.set(second.events());
                } catch (SpawnException failed) {
                    throw new AssertionError(failed);
                }
            }
        };
        sh("echo hello; exec sleep 1000").start(reactor, first);
        second.awaitEvent("made");
        assertEquals(List.of(), atReturn.get());
        assertEquals(List.of(), first.errors());
    }

    @Test
    void workThatThrowsEndsNothing() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        try (LoggedErrors logged = new LoggedErrors()) {
            reactor.execute(() -> {
                throw new AssertionError("thrown for a test");
            });
            reactor.schedule(Duration.ZERO, () -> {
                throw new IllegalStateException("thrown for a test");
            });
            sh("echo hello").start(reactor, recorder);
            recorder.awaitEnd().assertOrderly();
            Await.until("both are reported", () -> logged.all().size() == 2);
        }
        assertEquals("hello\r\n", recorder.text());
    }

    @Test
    void everyCallThatBlocksIsRefusedInACallbackAtOnce() throws Exception {
        try (PtyProcess streams = Programs.sh("exec sleep 1000"); Reactor other = Reactor.open()) {
            AtomicReference<Throwable> outcome = new AtomicReference<>();
            ProtocolRecorder recorder = new ProtocolRecorder() {
                @Override
                public void outReceived(ByteBuffer data) {
                    super.outReceived(data);
                    try {
                        PtyProcess self = (PtyProcess) transport();
                        List<Executable> calls = List.of(self::waitFor, () -> self.waitFor(1, TimeUnit.SECONDS),
                                () -> self.waitFor(Duration.ofSeconds(1)), self::close, streams::waitFor, streams::close,
                                () -> streams.getInputStream().read(), () -> streams.getInputStream().read(new byte[10]),
                                () -> streams.getInputStream().readAllBytes(), () -> streams.inputReader().read(),
                                () -> streams.getOutputStream().write(1), () -> streams.getOutputStream().write(new byte[10]),
                                () -> streams.getOutputStream().close(), reactor::close, other::close);
                        for (Executable call : calls) {
                            assertThrows(IllegalStateException.class, call, () -> "call " + calls.indexOf(call));
                        }
                        assertFalse(self.waitFor(0, TimeUnit.SECONDS), "which only looks");
                    } catch (Throwable thrown) {
                        outcome.set(thrown);
                    }
                }
            };
            sh("echo hello; exec sleep 1000").start(reactor, recorder);
            recorder.awaitOutput("hello");
            CountDownLatch turn = new CountDownLatch(1);
            reactor.execute(turn::countDown);
            await(turn);
            if (outcome.get() != null) {
                throw new AssertionError(outcome.get());
            }
            assertEquals(List.of(), recorder.errors());
        }
    }

    @Test
    void dependentsThatBlockLeaveOtherTerminalsUndisturbed() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(20);
        Runnable block = () -> {
            blocked.countDown();
            try {
                release.await(SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        };
        for (int i = 0; i < 10; i++) {
            PtyProcess process = sh("read line").start(reactor, new ProtocolRecorder());
            process.onExit().thenRun(block);
            process.onEnd().thenRun(block);
            process.write(ascii("\n"));
        }
        await(blocked);
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = sh("echo hello; exit 3").start(reactor, recorder);
        recorder.awaitEnd().assertOrderly();
        assertEquals(3, process.onEnd().get(SECONDS, TimeUnit.SECONDS).exitValue());
        release.countDown();
    }

    @Test
    void aFloodingTerminalDoesNotStarveOthers() throws Exception {
        for (int i = 0; i < 3; i++) {
            sh("exec yes").start(reactor, new ProcessProtocol() {});
        }
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess cat = sh("stty raw -echo; printf R; exec cat").start(reactor, recorder);
        recorder.awaitOutput("R");
        for (int i = 0; i < 200; i++) {
            cat.write(ascii("<" + i + ">"));
            recorder.awaitOutput("<" + i + ">");
        }
    }

    @Test
    void closeCompletesTheFuturesOfLivePausedAndDeadProcessesAndLeavesNothing() throws Exception {
        Leaks.none(() -> {
            for (int i = 0; i < 10; i++) {
                Reactor own = Reactor.open();
                List<PtyProcess> processes = new ArrayList<>();
                List<ProtocolRecorder> recorders = new ArrayList<>();
                for (String script : List.of("exec cat", "exec yes", "exit 3", "kill -STOP $$", "trap '' HUP TERM; exec sleep 100",
                        "stty raw -echo; printf R; exec sleep 1000", "trap '' HUP; (while sleep 0.05 && echo x; do :; done) & exit 4")) {
                    ProtocolRecorder recorder = new ProtocolRecorder();
                    PtyProcess process = sh(script).closeGrace(Duration.ofMillis(100)).start(own, recorder);
                    processes.add(process);
                    recorders.add(recorder);
                }
                processes.get(1).pauseProducing();
                processes.get(2).pauseProducing();
                recorders.get(2).awaitEvent("exited");
                recorders.get(5).awaitOutput("R");
                processes.get(5).write(new byte[200_000]);
                List<CompletableFuture<PtyProcess>> ends = processes.stream().map(PtyProcess::onEnd).toList();
                List<CompletableFuture<Process>> exits = processes.stream().map(PtyProcess::onExit).toList();
                own.close();
                for (int p = 0; p < processes.size(); p++) {
                    assertSame(processes.get(p), exits.get(p).get(SECONDS, TimeUnit.SECONDS));
                    assertSame(processes.get(p), ends.get(p).get(SECONDS, TimeUnit.SECONDS));
                    recorders.get(p).awaitEnd();
                    recorders.get(p).assertOrderly();
                }
                own.close();
            }
        });
    }

    @Test
    void afterCloseNothingIsTakenAndAStartLeavesNothing() throws Exception {
        Leaks.none(() -> {
            Reactor own = Reactor.open();
            own.close();
            own.close();
            assertThrows(RejectedExecutionException.class, () -> own.execute(() -> {}));
            assertThrows(RejectedExecutionException.class, () -> own.schedule(Duration.ZERO, () -> {}));
            for (int i = 0; i < 50; i++) {
                ProtocolRecorder recorder = new ProtocolRecorder();
                assertThrows(IllegalStateException.class, () -> sh("exec sleep 1000").start(own, recorder));
                assertEquals(List.of(), recorder.events());
            }
        });
    }

    @Test
    void startsThatRaceWithCloseEitherEndOrThrow() throws Exception {
        Leaks.none(() -> {
            for (int i = 0; i < 100; i++) {
                Reactor own = Reactor.open();
                List<ProtocolRecorder> started = Collections.synchronizedList(new ArrayList<>());
                CountDownLatch first = new CountDownLatch(1);
                Thread starter = Thread.ofPlatform().start(() -> {
                    try {
                        for (;;) {
                            ProtocolRecorder recorder = new ProtocolRecorder();
                            new PtyProcessBuilder("sleep", "1000").closeGrace(Duration.ofMillis(20)).start(own, recorder);
                            started.add(recorder);
                            first.countDown();
                        }
                    } catch (IllegalStateException closed) {
                        // as promised
                    } catch (SpawnException failed) {
                        throw new AssertionError(failed);
                    }
                });
                await(first);
                own.close();
                starter.join();
                for (ProtocolRecorder recorder : started) {
                    recorder.awaitEnd();
                    recorder.assertOrderly();
                }
            }
        });
    }

    @Test
    void workGivenWhileTheReactorClosesIsEitherDoneOrRefused() throws Exception {
        for (int i = 0; i < 300; i++) {
            Reactor own = Reactor.open();
            AtomicInteger accepted = new AtomicInteger();
            AtomicInteger done = new AtomicInteger();
            CountDownLatch running = new CountDownLatch(1);
            Thread giver = Thread.ofPlatform().start(() -> {
                try {
                    for (;;) {
                        own.execute(done::incrementAndGet);
                        accepted.incrementAndGet();
                        running.countDown();
                    }
                } catch (RejectedExecutionException closed) {
                    // as promised
                }
            });
            await(running);
            own.close();
            giver.join();
            int round = i;
            assertEquals(accepted.get(), done.get(), () -> "round " + round);
        }
    }

    @Test
    void theSharedReactorIsOneAndCannotBeClosed() throws Exception {
        assertSame(Reactor.shared(), Reactor.shared());
        assertThrows(IllegalStateException.class, Reactor.shared()::close);
    }

    @Test
    @Timeout(120)
    void fiveHundredTerminalsAtOnceAreServedByOneThread() throws Exception {
        ReactorCrowd.cats(500);
    }

    @Test
    void idleTerminalsCostNothing() throws Exception {
        ReactorCrowd.idle(200, Duration.ofSeconds(2));
    }
}
