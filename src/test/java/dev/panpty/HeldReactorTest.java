package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.Children;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.LoggedErrors;
import dev.panpty.testing.OwnReactor;
import dev.panpty.testing.ProtocolRecorder;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** close() while a callback of another process blocks the reactor, against the rules; the log names the callback. */
@Timeout(90)
class HeldReactorTest extends OwnReactor {

    private static final Duration GRACE = Duration.ofMillis(200);
    private static final Duration A_SECOND = Duration.ofMillis(1100);

    /** Blocks its reactor in the first call with output, until the test releases it. */
    private static final class Holder implements ProcessProtocol {

        private final CountDownLatch holds = new CountDownLatch(1);
        private final CountDownLatch letGo = new CountDownLatch(1);

        @Override
        public void outReceived(ByteBuffer data) {
            holds.countDown();
            Await.opened(letGo);
        }
    }

    private final LoggedErrors logged = new LoggedErrors();
    private Holder holder;
    private PtyProcess holding;

    /** The log names a callback that holds its reactor for more than a second, and has no other entry. */
    @AfterEach
    void nothingElseIsLogged() {
        logged.close();
        assertEquals(logged.all(), named(logged));
    }

    private void hold(Reactor held) throws Exception {
        holder = new Holder();
        holding = new PtyProcessBuilder("sh", "-c", "echo hold; exec sleep 1000").start(held, holder);
        assertPromptly("the reactor is held", holder.holds);
    }

    private void letGo() throws Exception {
        holder.letGo.countDown();
        holding.close();
        holding.onEnd().get(PROMPTLY.toSeconds(), TimeUnit.SECONDS);
    }

    private static PtyProcessBuilder ignoring(String signals) {
        return new PtyProcessBuilder("sh", "-c", "trap '' " + signals + "; echo R; read x; read y").closeGrace(GRACE);
    }

    private static void assertClosesWhileHeld(PtyProcess process, Holder holder) throws Exception {
        Thread closing = Thread.ofPlatform().start(process::close);
        assertTrue(closing.join(PROMPTLY), "close waits for the callback");
        assertEquals(1, holder.letGo.getCount());
        assertEquals(ProcessTransport.State.DISCONNECTED, process.state());
    }

    @EachWay
    void aStreamIsClosedWhileTheReactorIsHeld() throws Exception {
        Leaks.none(() -> {
            PtyProcess mild = new PtyProcessBuilder("sh", "-c", "echo R; read x").start();
            PtyProcess stubborn = ignoring("HUP TERM").start();
            assertEquals('R', mild.getInputStream().read());
            assertEquals('R', stubborn.getInputStream().read());
            hold(Reactor.shared());
            assertClosesWhileHeld(mild, holder);
            assertClosesWhileHeld(stubborn, holder);
            assertEquals(129, mild.exitValue());
            assertEquals(137, stubborn.waitFor());
            letGo();
            mild.onEnd().get(PROMPTLY.toSeconds(), TimeUnit.SECONDS);
            stubborn.onEnd().get(PROMPTLY.toSeconds(), TimeUnit.SECONDS);
        });
    }

    @EachWay
    void aProtocolsProcessIsClosedWhileTheReactorIsHeldAndHearsOfItAfterwards() throws Exception {
        Leaks.none(() -> {
            ProtocolRecorder first = new ProtocolRecorder();
            ProtocolRecorder second = new ProtocolRecorder();
            ProtocolRecorder third = new ProtocolRecorder();
            PtyProcess mild = new PtyProcessBuilder("sh", "-c", "echo R; read x").start(reactor, first);
            PtyProcess stubborn = ignoring("HUP TERM").start(reactor, second);
            first.awaitOutput("R");
            second.awaitOutput("R");
            hold(reactor);
            PtyProcess unheard = new PtyProcessBuilder("cat").start(reactor, third); // its connectionMade is still pending
            for (PtyProcess process : List.of(mild, stubborn, unheard)) {
                assertClosesWhileHeld(process, holder);
                assertFalse(process.isAlive());
                assertEquals(0, Children.fields(process.pid()).length);
            }
            assertEquals(129, mild.exitValue());
            assertEquals(137, stubborn.exitValue());
            assertFalse(first.events().contains("exited"));
            letGo();
            for (ProtocolRecorder recorder : List.of(first, second, third)) {
                recorder.awaitEnd().assertOrderly();
            }
        });
    }

    @EachWay
    void aTimedWaitSeesAnExitThatTheReactorDoesNot() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess ofEvents = new PtyProcessBuilder("sh", "-c", "echo R; read x").start(reactor, recorder);
        recorder.awaitOutput("R");
        hold(reactor);
        ofEvents.destroyForcibly();
        Await.until("it has exited", () -> ofEvents.waitFor(Duration.ofMillis(1)));
        assertEquals(1, holder.letGo.getCount());
        assertEquals(137, ofEvents.exitValue());
        letGo();
        recorder.awaitEnd().assertOrderly();
    }

    @EachWay
    void aProcessIsClosedWhileItsOwnCallbackHoldsTheReactor() throws Exception {
        Leaks.none(() -> {
            hold(reactor);
            assertClosesWhileHeld(holding, holder);
            assertFalse(holding.isAlive());
            letGo();
        });
    }

    @EachWay
    void aReactorIsClosedWhileItIsHeldAndEndsAfterwards() throws Exception {
        Leaks.none(() -> {
            Reactor held = Reactor.open();
            List<PtyProcess> processes = new ArrayList<>();
            List<ProtocolRecorder> recorders = new ArrayList<>();
            for (String signals : List.of("QUIT", "HUP", "HUP TERM")) {
                recorders.add(new ProtocolRecorder());
                processes.add(ignoring(signals).start(held, recorders.getLast()));
                recorders.getLast().awaitOutput("R");
            }
            hold(held);
            for (int i = 0; i < 2; i++) {
                Thread closing = Thread.ofPlatform().start(held::close);
                assertTrue(closing.join(PROMPTLY), "close waits for the callback");
            }
            assertEquals(1, holder.letGo.getCount());
            assertEquals(List.of(129, 143, 137), processes.stream().map(PtyProcess::exitValue).toList());
            assertFalse(holding.isAlive());
            letGo();
            for (ProtocolRecorder recorder : recorders) {
                recorder.awaitEnd().assertOrderly();
            }
            held.close(); // now waits for its thread
        });
    }

    @EachWay
    void aCallerThatIsInterruptedWhileTheReactorIsHeldKillsAtOnce() throws Exception {
        Leaks.none(() -> {
            ProtocolRecorder recorder = new ProtocolRecorder();
            PtyProcess process = ignoring("HUP TERM").closeGrace(Duration.ofHours(1)).start(reactor, recorder);
            recorder.awaitOutput("R");
            hold(reactor);
            Thread closing = Thread.ofVirtual().start(process::close);
            Await.blocked(closing);
            closing.interrupt();
            assertTrue(closing.join(PROMPTLY));
            Await.until("it is killed", () -> Children.hasExited(process.pid()));
            assertEquals(ProcessTransport.State.DISCONNECTED, process.state());
            letGo();
            recorder.awaitEnd().assertOrderly();
            assertEquals(137, process.exitValue());
        });
    }

    @Test
    void manyCloseAtOnceWhileTheReactorIsHeld() throws Exception {
        Leaks.none(() -> {
            List<PtyProcess> processes = new ArrayList<>();
            List<ProtocolRecorder> recorders = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                recorders.add(new ProtocolRecorder());
                processes.add(ignoring(i % 2 == 0 ? "HUP TERM" : "QUIT").start(reactor, recorders.getLast()));
                recorders.getLast().awaitOutput("R");
            }
            hold(reactor);
            List<Thread> closing = new ArrayList<>();
            for (PtyProcess process : processes) {
                closing.add(Thread.ofVirtual().start(process::close));
                closing.add(Thread.ofPlatform().start(process::close));
            }
            for (Thread thread : closing) {
                assertTrue(thread.join(PROMPTLY));
            }
            assertEquals(1, holder.letGo.getCount());
            for (int i = 0; i < 20; i++) {
                assertEquals(i % 2 == 0 ? 137 : 129, processes.get(i).exitValue());
            }
            letGo();
            for (ProtocolRecorder recorder : recorders) {
                recorder.awaitEnd().assertOrderly();
            }
        });
    }

    /** The reactor sees no exit. The caller polls for it itself after a second, before the grace time is over. */
    @EachWay
    void aSessionIsEndedWhileTheReactorIsHeld() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = new PtyProcessBuilder("sh", "-c", "sleep 1000 & echo R; read x").start(reactor, recorder);
        recorder.awaitOutput("R");
        try (LoggedErrors log = new LoggedErrors()) {
            hold(reactor);
            Thread ending = Thread.ofPlatform().start(() -> {
                try {
                    assertEquals(new SessionReport(List.of(), List.of()), process.terminateSession(Duration.ofHours(1)));
                } catch (Exception failed) {
                    throw new AssertionError(failed);
                }
            });
            assertTrue(ending.join(PROMPTLY), "it waits for the callback");
            assertEquals(1, holder.letGo.getCount());
            assertTrue(Children.hasExited(process.pid()));
            letGo();
            assertEquals(1, named(log).size());
        }
        recorder.awaitEnd().assertOrderly();
    }

    private static List<String> named(LoggedErrors log) {
        return log.all().stream().filter(message -> message.contains("has held the reactor")).toList();
    }

    @Test
    void aCallbackThatIsWaitedForIsNamedOnceWhileItRuns() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = ignoring("HUP TERM").closeGrace(Duration.ofSeconds(1)).start(reactor, recorder);
        recorder.awaitOutput("R");
        try (LoggedErrors log = new LoggedErrors()) {
            hold(reactor);
            Thread waiting = Thread.ofVirtual().start(() -> process.onExit().join());
            Thread other = Thread.ofPlatform().start(process::close);
            Await.until("it is named", () -> !named(log).isEmpty());
            assertEquals(1, holder.letGo.getCount());
            process.close();
            letGo();
            waiting.join();
            other.join();
            assertEquals(1, named(log).size(), () -> log.all().toString());
            String message = named(log).getFirst();
            assertTrue(message.contains(Holder.class.getName()) && message.contains("pid " + holding.pid()), message);
        }
    }

    @Test
    void aWaitForTheExitNamesTheCallbackThatHoldsIt() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = ignoring("HUP").start(reactor, recorder);
        recorder.awaitOutput("R");
        try (LoggedErrors log = new LoggedErrors()) {
            hold(reactor);
            process.destroyForcibly();
            Thread waiting = Thread.ofVirtual().start(() -> {
                try {
                    process.waitFor();
                } catch (InterruptedException stop) {
                    throw new AssertionError(stop);
                }
            });
            Await.until("it is named", () -> !named(log).isEmpty());
            assertEquals(1, holder.letGo.getCount());
            letGo();
            waiting.join();
            assertEquals(1, named(log).size());
        }
    }

    @Test
    void aCallbackThatNoCallWaitsForIsNamedWhenItReturns() throws Exception {
        try (LoggedErrors log = new LoggedErrors()) {
            hold(reactor);
            assertFalse(holder.letGo.await(A_SECOND.toMillis(), TimeUnit.MILLISECONDS));
            assertEquals(List.of(), named(log));
            letGo();
            assertEquals(1, named(log).size(), () -> log.all().toString());
            CountDownLatch over = new CountDownLatch(1);
            AtomicInteger brief = new AtomicInteger();
            for (int i = 0; i < 1000; i++) { // together they do not count as one long callback
                reactor.execute(() -> brief.incrementAndGet());
            }
            reactor.execute(over::countDown);
            assertPromptly("the rest", over);
            assertEquals(1, named(log).size());
        }
    }

    @Test
    void workThatHoldsTheReactorIsNamedToo() throws Exception {
        CountDownLatch letGo = new CountDownLatch(1);
        CountDownLatch holds = new CountDownLatch(1);
        ProtocolRecorder recorder = new ProtocolRecorder();
        Reactor held = Reactor.open();
        PtyProcess process = ignoring("HUP TERM").start(held, recorder);
        recorder.awaitOutput("R");
        try (LoggedErrors log = new LoggedErrors()) {
            held.schedule(Duration.ZERO, new Runnable() {
                @Override
                public void run() {
                    holds.countDown();
                    Await.opened(letGo);
                }

                @Override
                public String toString() {
                    throw new AssertionError("it is named by its class");
                }
            });
            assertPromptly("the work", holds);
            Thread closing = Thread.ofPlatform().start(held::close);
            assertTrue(closing.join(PROMPTLY), "close waits for the work");
            assertEquals(137, process.exitValue());
            Await.until("it is named", () -> !named(log).isEmpty() || isNamedBy(held, log));
            assertEquals(1, letGo.getCount());
            String message = named(log).getFirst();
            assertTrue(message.startsWith("the work " + HeldReactorTest.class.getName()), message);
            letGo.countDown();
            held.close();
            recorder.awaitEnd().assertOrderly();
            assertEquals(1, named(log).size());
        }
    }

    private static boolean isNamedBy(Reactor held, LoggedErrors log) {
        held.close(); // waits again
        return !named(log).isEmpty();
    }
}
