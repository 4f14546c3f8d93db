package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.Descriptors;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.IdleTime;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.Programs;
import dev.panpty.testing.ProtocolRecorder;
import dev.panpty.testing.Way;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A reactor that is not used ends its thread, and starts another one when it is used again. */
class ReactorIdleTest {

    private static final long SECONDS = Await.DEADLINE.toSeconds();
    private static final boolean STRESS = Boolean.getBoolean("panpty.stress");
    private static final int RACERS = 3;
    private static final int WORKS = STRESS ? 5000 : 1000;

    private final IdleTime idle = IdleTime.ofMillis(20);
    private Map<Integer, String> descriptors;
    private Reactor reactor;

    @BeforeEach
    void open() throws Exception {
        descriptors = Descriptors.own();
        reactor = Reactor.open();
    }

    @AfterEach
    void close() {
        reactor.close();
        idle.close();
    }

    /** On the reactor with the shortest idle time. */
    private void reopen() throws Exception {
        reactor.close();
        IdleTime.ofMillis(0);
        reactor = Reactor.open();
    }

    private String output(String script) throws IOException {
        try (PtyProcess process = Programs.shell(script).start(reactor)) {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private String received(String script) throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = Programs.shell(script).start(reactor, recorder);
        recorder.awaitEnd().assertOrderly();
        process.onEnd().get(SECONDS, TimeUnit.SECONDS);
        return recorder.text();
    }

    @EachWay
    void threadAndDescriptorsGoAndTheNextUseStartsOthers() throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            assertEquals("streams\r\n", output("echo streams"));
            assertEquals("protocol\r\n", received("echo protocol"));
            threads.add(IdleTime.threadOf(reactor));
            IdleTime.awaitEnd(threads.get(i));
            Await.until("its descriptors are closed", () -> Descriptors.own().values().stream().filter("anon_inode:[eventpoll]"::equals).count()
                    <= descriptors.values().stream().filter("anon_inode:[eventpoll]"::equals).count());
        }
        assertNotSame(threads.get(0), threads.get(1));
        assertNotSame(threads.get(1), threads.get(2));
    }

    @Test
    void aProcessKeepsTheThread() throws Exception {
        Thread thread = IdleTime.threadOf(reactor);
        try (PtyProcess cat = Programs.shell("stty raw -echo; printf R; exec cat").start(reactor)) {
            assertEquals('R', cat.getInputStream().read());
            IdleTime.pass();
            cat.getOutputStream().write('x');
            assertEquals('x', cat.getInputStream().read());
            assertSame(thread, IdleTime.threadOf(reactor));
        }
        IdleTime.awaitEnd(thread);
    }

    @Test
    void aTimerKeepsTheThreadUntilItHasRunOrIsCancelled() throws Exception {
        Thread thread = IdleTime.threadOf(reactor);
        CompletableFuture<Thread> ran = new CompletableFuture<>();
        reactor.schedule(Duration.ofMillis(200), () -> ran.complete(Thread.currentThread()));
        assertSame(thread, ran.get(SECONDS, TimeUnit.SECONDS));
        IdleTime.awaitEnd(thread);
        Reactor.Delayed far = reactor.schedule(Duration.ofDays(1), () -> {});
        Thread next = IdleTime.threadOf(reactor);
        IdleTime.pass();
        assertSame(next, IdleTime.threadOf(reactor));
        far.cancel();
        far.cancel();
        IdleTime.awaitEnd(next);
    }

    @Test
    void aReactorThatIsClosedWhileItIsIdleRefusesAll() throws Exception {
        IdleTime.awaitEnd(IdleTime.threadOf(reactor));
        Leaks.none(() -> {
            reactor.close();
            assertThrows(RejectedExecutionException.class, () -> reactor.execute(() -> {}));
            assertThrows(RejectedExecutionException.class, () -> reactor.schedule(Duration.ZERO, () -> {}));
            assertThrows(IllegalStateException.class, () -> Programs.shell("exec cat").start(reactor));
            assertThrows(IllegalStateException.class, () -> Programs.shell("exec cat").start(reactor, new ProtocolRecorder()));
            reactor.close();
        });
    }

    @Test
    void anEndedProcessIsUsedWhileItsReactorIsIdle() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = Programs.shell("echo x; exit 3").start(reactor, recorder);
        recorder.awaitEnd().assertOrderly();
        IdleTime.awaitEnd(IdleTime.threadOf(reactor));
        assertEquals(3, process.waitFor());
        assertEquals(3, process.onExit().thenApply(Process::exitValue).get(SECONDS, TimeUnit.SECONDS));
        assertEquals(new ExitStatus.Exited(3), process.closeAsync().get(SECONDS, TimeUnit.SECONDS));
        assertEquals(List.of(), process.terminateSession(Duration.ZERO).survivors());
        process.close();
        process.loseConnection();
        process.abortConnection();
        CompletableFuture<Thread> stopped = new CompletableFuture<>();
        process.registerProducer(new Producer.Push() {
            @Override
            public void resumeProducing() {
                stopped.completeExceptionally(new AssertionError("resumed"));
            }

            @Override
            public void pauseProducing() {
                stopped.completeExceptionally(new AssertionError("paused"));
            }

            @Override
            public void stopProducing() {
                stopped.complete(Thread.currentThread());
            }
        });
        assertTrue(stopped.get(SECONDS, TimeUnit.SECONDS).getName().startsWith("panpty-reactor"));
    }

    @Test
    void closeEndsAProcessWithStreams() throws Exception {
        PtyProcess process = Programs.shell("stty raw -echo; printf R; exec cat").start(reactor);
        assertSame(reactor, process.reactor());
        assertEquals('R', process.getInputStream().read());
        CompletableFuture<Process> exit = process.onExit();
        Thread reader = Thread.ofPlatform().start(() -> assertThrowsOrEnds(process));
        Await.blocked(reader);
        reactor.close();
        assertTrue(reader.join(Await.DEADLINE), "the reader waits");
        exit.get(SECONDS, TimeUnit.SECONDS);
        assertTrue(process.exitStatus().isPresent());
        assertThrows(IOException.class, () -> process.getOutputStream().write('x'));
    }

    private static void assertThrowsOrEnds(PtyProcess process) {
        try {
            assertEquals(-1, process.getInputStream().read());
        } catch (IOException cut) {
            assertTrue(cut.getMessage() != null);
        }
    }

    /** Some starts meet a loop that is about to end. */
    @EachWay
    void startsThatRaceWithTheEndOfTheThreadAllSucceed() throws Exception {
        reopen();
        race(Way.times(STRESS ? 3000 : 150), (i, random) -> {
            if (random.nextBoolean()) {
                assertEquals("s" + i + "\r\n", output("echo s" + i));
            } else {
                assertEquals("p" + i + "\r\n", received("echo p" + i));
            }
        });
    }

    @Test
    void workThatRacesWithTheEndOfTheThreadIsRunOnce() throws Exception {
        reopen();
        AtomicInteger run = new AtomicInteger();
        race(WORKS, (i, random) -> {
            CountDownLatch done = new CountDownLatch(1);
            Runnable work = () -> {
                run.incrementAndGet();
                done.countDown();
            };
            if (random.nextBoolean()) {
                reactor.execute(work);
            } else {
                reactor.schedule(Duration.ofNanos(random.nextInt(1_000_000)), work);
            }
            assertTrue(done.await(SECONDS, TimeUnit.SECONDS), "lost work");
        });
        assertEquals(RACERS * WORKS, run.get());
    }

    private interface Round {

        void run(int i, Random random) throws Exception;
    }

    /** On some threads, with pauses that are about as long as the loop waits. */
    private static void race(int rounds, Round round) throws Exception {
        List<CompletableFuture<Void>> racers = new ArrayList<>();
        for (int racer = 0; racer < RACERS; racer++) {
            Random random = new Random(racer);
            CompletableFuture<Void> over = new CompletableFuture<>();
            racers.add(over);
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    for (int i = 0; i < rounds; i++) {
                        round.run(i, random);
                        LockSupport.parkNanos(random.nextInt(4_000_000));
                    }
                    over.complete(null);
                } catch (Throwable failed) {
                    over.completeExceptionally(failed);
                }
            });
        }
        for (CompletableFuture<Void> racer : racers) {
            racer.get(5 * SECONDS, TimeUnit.SECONDS);
        }
    }
}
