package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.Children;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.Needs;
import dev.panpty.testing.Programs;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What once held up, starved or deceived a reactor. */
@Timeout(60)
class ReactorRegressionTest extends OwnReactor {

    private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();
    private static final String SAYS_ONE_THING = "echo hi; exec sleep 1000";

    /** A protocol that does something when the first output comes. */
    private static class AtOutput extends ProtocolRecorder {

        private final Runnable then;
        private boolean done;

        AtOutput(Runnable then) {
            this.then = then;
        }

        @Override
        public void outReceived(ByteBuffer data) {
            super.outReceived(data);
            if (!done) {
                done = true;
                then.run();
            }
        }
    }

    private PtyProcess start(ProcessProtocol protocol, String script) throws SpawnException {
        return new PtyProcessBuilder("sh", "-c", script).start(reactor, protocol);
    }

    private void startUnchecked(ProcessProtocol protocol, String script) {
        try {
            start(protocol, script);
        } catch (SpawnException failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void workGivenOnTheReactorsOwnThreadWhileOutputIsDeliveredRunsWithoutAnyOtherEvent() throws Exception {
        CountDownLatch ran = new CountDownLatch(1);
        start(new AtOutput(() -> reactor.execute(ran::countDown)), SAYS_ONE_THING);
        assertPromptly("the work", ran);
    }

    @Test
    void aConnectionAbortedWhileItsOutputIsDeliveredEndsWithoutAnyOtherEvent() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        start(new ProtocolRecorder() {
            @Override
            public void outReceived(ByteBuffer data) {
                transport().abortConnection();
            }

            @Override
            public void processEnded(ExitStatus status) {
                ended.countDown();
            }
        }, SAYS_ONE_THING);
        assertPromptly("the end", ended);
    }

    @Test
    void aProcessStartedWhileOutputIsDeliveredIsConnectedWithoutAnyOtherEvent() throws Exception {
        CountDownLatch made = new CountDownLatch(1);
        ProtocolRecorder second = new ProtocolRecorder() {
            @Override
            public void connectionMade(ProcessTransport transport) {
                made.countDown();
            }
        };
        start(new AtOutput(() -> startUnchecked(second, "exec sleep 1000")), SAYS_ONE_THING);
        assertPromptly("the connection", made);
    }

    @Test
    void workGivenByATimerRunsWithoutAnyOtherEvent() throws Exception {
        CountDownLatch ran = new CountDownLatch(2);
        CountDownLatch made = new CountDownLatch(1);
        reactor.schedule(Duration.ofMillis(1), () -> {
            reactor.execute(ran::countDown);
            reactor.execute(ran::countDown);
        });
        assertPromptly("the work", ran);
        reactor.schedule(Duration.ofMillis(1), () -> startUnchecked(new ProtocolRecorder() {
            @Override
            public void connectionMade(ProcessTransport transport) {
                made.countDown();
            }
        }, "exec sleep 1000"));
        assertPromptly("the connection", made);
    }

    @Test
    void typingIntoAStreamOnAReactorsThreadIsRefused() throws Exception {
        try (PtyProcess process = Programs.rawCat()) {
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            reactor.execute(() -> {
                try {
                    process.sendEndOfFile();
                    thrown.complete(new AssertionError("typed"));
                } catch (Throwable refused) {
                    thrown.complete(refused);
                }
            });
            assertInstanceOf(IllegalStateException.class, thrown.get(PROMPTLY.toSeconds(), TimeUnit.SECONDS));
        }
    }

    @Test
    void aProcessCanBeClosedAfterItsReactor() throws Exception {
        PtyProcess ended = start(new ProtocolRecorder(), "exit 0");
        ended.onEnd().get(PROMPTLY.toSeconds(), TimeUnit.SECONDS);
        PtyProcess closed = start(new ProtocolRecorder(), "exec sleep 1000");
        reactor.close();
        Thread closing = Thread.ofPlatform().daemon().start(() -> {
            ended.close();
            closed.close();
        });
        assertTrue(closing.join(PROMPTLY), "close does not return");
    }

    @Test
    void aTimerFarInTheFutureDoesNotHoldUpOneThatIsDue() throws Exception {
        CountDownLatch ran = new CountDownLatch(3);
        reactor.execute(() -> {
            for (Duration far : new Duration[] {FOREVER, Duration.ofDays(400_000), Duration.ofNanos(Long.MAX_VALUE)}) {
                long start = System.nanoTime();
                reactor.schedule(Duration.ofNanos(1), ran::countDown);
                while (System.nanoTime() - start < 2_000_000) {
                    Thread.onSpinWait(); // so that the first one's time is past, and the other as far from it as can be
                }
                reactor.schedule(far, () -> { });
            }
        });
        assertPromptly("the timers that are due", ran);
    }

    @Test
    void aTimerWithANegativeDelayRunsAtOnce() throws Exception {
        CountDownLatch ran = new CountDownLatch(3);
        reactor.schedule(Duration.ofSeconds(Long.MIN_VALUE), ran::countDown);
        reactor.schedule(Duration.ofNanos(Long.MIN_VALUE), ran::countDown);
        reactor.schedule(Duration.ofNanos(-1), ran::countDown);
        assertPromptly("the timers", ran);
    }

    @Test
    void workThatGivesItselfAgainDoesNotStarveTerminals() throws Exception {
        CountDownLatch output = new CountDownLatch(1);
        AtomicLong turns = new AtomicLong();
        AtomicBoolean over = new AtomicBoolean();
        Runnable again = new Runnable() {
            @Override
            public void run() {
                turns.incrementAndGet();
                if (!over.get()) {
                    reactor.execute(this);
                }
            }
        };
        reactor.execute(again);
        try {
            start(new AtOutput(output::countDown), "echo hi");
            assertPromptly("output", output);
        } finally {
            over.set(true);
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
                    // that is how it ends
                }
            });
            assertPromptly("some work", begun);
            closing.close();
            assertTrue(giver.join(PROMPTLY), "nothing is refused");
            assertEquals(accepted.get(), run.get(), "accepted, and run");
        }
    }

    @Test
    void anInterruptedCloseOfAReactorLeavesNoZombie() throws Exception {
        Set<String> before = Children.all();
        CountDownLatch ready = new CountDownLatch(1);
        // much memory to give back: it takes a moment to die of a SIGKILL
        PtyProcess process = start(new ProtocolRecorder() {
            @Override
            public void outReceived(ByteBuffer data) {
                transport().pauseProducing();
                ready.countDown();
            }
        }, "trap '' HUP TERM; exec dd if=/dev/zero bs=20M");
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

    /** This JVM is not to be stopped, so another is. */
    @Test
    @Needs("sh")
    void aTimerKeepsItsTimeWhileTheJvmIsStoppedAndContinued() throws Exception {
        new ForkedJvm(Interrupted.class).run();
    }

    /** A timer of half a second, in a JVM that is stopped and continued every twentieth of one. */
    public static final class Interrupted implements ForkedJvm.Body {
        @Override
        public void run(String[] arguments) throws Throwable {
            Reactor reactor = Reactor.open();
            CountDownLatch ready = new CountDownLatch(1);
            reactor.execute(ready::countDown);
            ready.await();
            String self = Long.toString(ProcessHandle.current().pid());
            Path more = Files.createTempFile("panpty", "more");
            Process signals = new ProcessBuilder("sh", "-c", "while test -e \"$2\" && kill -STOP $1 && kill -CONT $1; do echo; sleep 0.05; done",
                    "sh", self, more.toString()).start();
            try {
                signals.getInputStream().read();
                CountDownLatch fired = new CountDownLatch(1);
                reactor.schedule(Duration.ofMillis(500), fired::countDown);
                assertTrue(fired.await(PROMPTLY.toSeconds(), TimeUnit.SECONDS), "half a second has not passed yet");
            } finally {
                Files.delete(more); // it ends after a CONT, never between the two
                signals.waitFor();
            }
        }
    }

    @Test
    void aLoggerThatThrowsOnWhatItIsToldDoesNotEndTheReactor() throws Exception {
        Logger logger = Logger.getLogger("dev.panpty");
        Handler thrower = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                throw (IllegalStateException) entry.getThrown();
            }

            @Override
            public void flush() {
                // nothing is held back
            }

            @Override
            public void close() {
                // nothing is held
            }
        };
        logger.addHandler(thrower);
        try {
            CountDownLatch next = new CountDownLatch(1);
            reactor.execute(() -> {
                throw new IllegalStateException("mine");
            });
            reactor.execute(next::countDown);
            assertPromptly("the command after the one that has failed", next);
        } finally {
            logger.removeHandler(thrower);
        }
    }
}
