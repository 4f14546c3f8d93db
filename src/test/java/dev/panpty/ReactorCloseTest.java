package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.Children;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.OwnReactor;
import dev.panpty.testing.Programs;
import dev.panpty.testing.ProtocolRecorder;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** close() of a reactor: it ends its processes, and refuses new work. */
class ReactorCloseTest extends OwnReactor {

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
                    PtyProcess process = Programs.shell(script).closeGrace(Duration.ofMillis(100)).start(own, recorder);
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
                    assertSame(processes.get(p), exits.get(p).get(20, TimeUnit.SECONDS));
                    assertSame(processes.get(p), ends.get(p).get(20, TimeUnit.SECONDS));
                    recorders.get(p).awaitEnd();
                    recorders.get(p).assertOrderly();
                }
                own.close();
            }
        });
    }

    @Test
    void aClosedReactorRefusesWorkAndAFailedStartLeavesNothing() throws Exception {
        Leaks.none(() -> {
            Reactor own = Reactor.open();
            own.close();
            own.close();
            assertThrows(RejectedExecutionException.class, () -> own.execute(() -> {}));
            assertThrows(RejectedExecutionException.class, () -> own.schedule(Duration.ZERO, () -> {}));
            for (int i = 0; i < 50; i++) {
                ProtocolRecorder recorder = new ProtocolRecorder();
                assertThrows(IllegalStateException.class, () -> Programs.shell("exec sleep 1000").start(own, recorder));
                assertEquals(List.of(), recorder.events());
            }
        });
    }

    @Test
    void aStartThatFailsOnAClosedReactorLeavesNothingBehind() throws Exception {
        Leaks.none(() -> {
            Reactor own = Reactor.open();
            own.close();
            PtyProcessBuilder builder = new PtyProcessBuilder("cat").closeGrace(ChronoUnit.FOREVER.getDuration()).stderr(StandardError.PIPE);
            assertThrows(IllegalStateException.class, () -> builder.start(own, new ProtocolRecorder()));
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
                        // documented: the reactor is closed
                    } catch (SpawnException failed) {
                        throw new AssertionError(failed);
                    }
                });
                assertPromptly("the first", first);
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
                    // documented: the reactor is closed
                }
            });
            assertPromptly("the first", running);
            own.close();
            giver.join();
            int round = i;
            assertEquals(accepted.get(), done.get(), () -> "round " + round);
        }
    }

    @Test
    void whateverWorkAReactorAcceptsItRunsEvenWhileItIsClosed() throws Exception {
        for (int i = 0; i < 100; i++) {
            Reactor closing = Reactor.open();
            AtomicLong accepted = new AtomicLong();
            AtomicLong run = new AtomicLong();
            CountDownLatch begun = new CountDownLatch(50);
            Thread giver = Thread.ofPlatform().daemon().start(() -> {
                try {
                    for (;;) {
                        closing.execute(run::incrementAndGet);
                        accepted.incrementAndGet();
                        begun.countDown();
                    }
                } catch (RejectedExecutionException closed) {
                    // the reactor is closed: the loop ends
                }
            });
            assertPromptly("some work", begun);
            closing.close();
            assertTrue(giver.join(PROMPTLY), "nothing is refused");
            assertEquals(accepted.get(), run.get(), "accepted, and run");
        }
    }

    @Test
    void aProcessCanBeClosedAfterItsReactor() throws Exception {
        PtyProcess ended = Programs.shell("exit 0").start(reactor, new ProtocolRecorder());
        ended.onEnd().get(PROMPTLY.toSeconds(), TimeUnit.SECONDS);
        PtyProcess closed = Programs.shell("exec sleep 1000").start(reactor, new ProtocolRecorder());
        reactor.close();
        Thread closing = Thread.ofPlatform().daemon().start(() -> {
            ended.close();
            closed.close();
        });
        assertTrue(closing.join(PROMPTLY), "close does not return");
    }

    @Test
    void anInterruptedCloseOfAReactorLeavesNoZombie() throws Exception {
        Set<String> before = Children.all();
        CountDownLatch ready = new CountDownLatch(1);
        // with much memory to free, it takes a moment to exit after SIGKILL
        PtyProcess process = Programs.shell("trap '' HUP TERM; exec dd if=/dev/zero bs=20M").start(reactor, new ProtocolRecorder() {
            @Override
            public void outReceived(ByteBuffer data) {
                transport().pauseProducing();
                ready.countDown();
            }
        });
        assertPromptly("output", ready);
        Thread closing = Thread.ofPlatform().daemon().start(reactor::close);
        Await.blocked(closing);
        closing.interrupt();
        assertTrue(closing.join(PROMPTLY), "close does not return");
        Set<String> left = Children.all();
        left.removeAll(before);
        assertEquals(Set.of(), left);
        assertInstanceOf(ExitStatus.Signaled.class, process.exitStatus().orElseThrow());
    }

    @Test
    void theSharedReactorIsOneAndCannotBeClosed() throws Exception {
        assertSame(Reactor.shared(), Reactor.shared());
        assertThrows(IllegalStateException.class, Reactor.shared()::close);
    }
}
