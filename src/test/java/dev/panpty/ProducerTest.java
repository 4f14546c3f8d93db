package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.Crowd;
import dev.panpty.testing.Flood;
import dev.panpty.testing.OwnReactor;
import dev.panpty.testing.Programs;
import dev.panpty.testing.ProtocolRecorder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Back-pressure: which producer is registered, and when it is resumed, paused and stopped. */
class ProducerTest extends OwnReactor {
    private static final int MEGABYTE = 1 << 20;

    @TempDir
    Path folder;

    private static PtyProcess start(ProtocolRecorder recorder, PtyProcessBuilder builder) throws Exception {
        PtyProcess process = builder.start(recorder);
        recorder.awaitOutput("R");
        return process;
    }

    /** The script on a raw terminal; it has printed R when it is ready. */
    private static PtyProcessBuilder raw(String script, Object... arguments) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "stty raw -echo; printf R; " + script));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new PtyProcessBuilder(command);
    }

    @Test
    @Timeout(120)
    void aPushProducerKeepsTheQueueBelowItsHighMarkAndOneWrite() throws Exception {
        Flood.feed(64L << 20);
    }

    @Test
    void aPushProducerThatComesWhileMoreThanTheHighMarkIsPendingIsPausedAtOnce() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = start(recorder, raw("exec sleep 1000"));
        process.write(new byte[MEGABYTE]);
        Flood flood = new Flood(process, 0, 1);
        process.registerProducer(flood);
        Await.until("paused", () -> flood.pauses == 1);
        process.abortConnection();
        recorder.awaitEnd().assertOrderly();
        assertTrue(flood.stopped.await(20, TimeUnit.SECONDS));
        assertEquals(0, flood.resumes);
    }

    @Test
    void aPushProducerThatComesWhileTheQueueGoesDownIsPausedAtTheHighMarkAgain() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        Path file = folder.resolve("read");
        PtyProcess process = start(recorder,
                raw("dd bs=1000 count=600 iflag=fullblock of=/dev/null 2>/dev/null; touch \"$0\"; exec sleep 1000", file)
                        .waterMarks(1_000_000, 100));
        process.write(new byte[1_200_000]);
        Await.until("it has read its part", () -> Files.exists(file) && process.pendingBytes() < 650_000);
        Flood flood = new Flood(process, 3_000_000, 10_000);
        process.registerProducer(flood);
        Reactor.shared().execute(flood::produce);
        Await.until("produced", () -> flood.pauses > 0 || process.pendingBytes() > 3_000_000);
        assertEquals(1, flood.pauses);
        assertTrue(flood.highest <= 1_010_000, () -> flood.highest + " pending");
        process.abortConnection();
        recorder.awaitEnd();
    }

    @Test
    void aProducerIsNotResumedOnceNothingIsAccepted() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        Path go = folder.resolve("go");
        PtyProcess process = start(recorder, raw(Programs.until(go) + "; exec cat >/dev/null"));
        Flood flood = new Flood(process, Long.MAX_VALUE, 10_000);
        process.registerProducer(flood);
        Reactor.shared().execute(flood::produce);
        Await.until("paused", () -> flood.pauses == 1); // the program does not read yet, so the producer stays paused
        process.closeStdin();
        Files.createFile(go);
        Await.until("all has gone out", () -> process.pendingBytes() == 0);
        process.signalProcess("KILL");
        recorder.awaitEnd();
        assertTrue(flood.stopped.await(20, TimeUnit.SECONDS));
        assertEquals(List.of(), recorder.errors());
    }

    /** Writes a piece at each request, and counts the requests. */
    private static final class Asked implements Producer.Pull {

        private final ProcessTransport transport;
        private final List<byte[]> pieces;
        private final int times;
        final AtomicInteger asked = new AtomicInteger();
        final AtomicInteger stopped = new AtomicInteger();
        volatile String fault = "";

        Asked(ProcessTransport transport, int times, List<byte[]> pieces) {
            this.transport = transport;
            this.times = times;
            this.pieces = pieces;
        }

        @Override
        public void resumeProducing() {
            long pending = transport.pendingBytes();
            if (pending > 0) {
                fault = "asked while " + pending + " bytes are pending";
            }
            if (asked.incrementAndGet() <= times) {
                pieces.forEach(transport::write);
            }
        }

        @Override
        public void stopProducing() {
            stopped.incrementAndGet();
        }
    }

    @Test
    void aPullProducerIsAskedOnceForEachDrain() throws Exception {
        int piece = 100_000; // more than the kernel accepts at once
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = start(recorder, raw("head -c " + 100L * piece + " | cksum; exec sleep 1000"));
        Asked producer = new Asked(process, 100, List.of(new byte[piece]));
        process.registerProducer(producer);
        recorder.awaitOutput(" " + 100L * piece);
        Await.until("requested once more after the last piece", () -> producer.asked.get() >= 101);
        barrier();
        assertEquals(101, producer.asked.get());
        assertEquals("", producer.fault);
        process.abortConnection();
        recorder.awaitEnd().assertOrderly();
        assertEquals(1, producer.stopped.get());
    }

    @Test
    void aPullProducerThatWritesTwoPiecesIsAskedOnceForBoth() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = start(recorder, raw("exec cat >/dev/null"));
        Asked producer = new Asked(process, 8, List.of(ascii("head "), ascii("and body ")));
        process.registerProducer(producer);
        Await.until("asked", () -> producer.asked.get() > 8);
        barrier();
        assertEquals(9, producer.asked.get());
        assertEquals("", producer.fault);
        process.abortConnection();
        recorder.awaitEnd();
    }

    @Test
    void aPullProducerIsAskedAgainWhenAnInterruptDiscardsWhatIsPending() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = Programs.shell("trap '' INT; stty -icanon -echo; echo R; exec sleep 1000").start(reactor, recorder);
        recorder.awaitOutput("R");
        AtomicInteger asked = new AtomicInteger();
        process.registerProducer(new Producer.Pull() {
            @Override
            public void resumeProducing() {
                if (asked.incrementAndGet() == 1) {
                    process.write(new byte[200_000]);
                }
            }

            @Override
            public void stopProducing() {
                // it has no more pieces
            }
        });
        Await.until("it has produced", () -> process.pendingBytes() > 0);
        assertTheReactorAnswers(); // so the write has completed
        process.interrupt();
        assertTrue(Await.within(PROMPTLY, () -> asked.get() == 2), "not asked again");
    }

    /** Returns when the loop has completed what it had begun. */
    private static void barrier() throws Exception {
        for (int i = 0; i < 10; i++) {
            CountDownLatch turn = new CountDownLatch(1);
            Reactor.shared().execute(turn::countDown);
            assertTrue(turn.await(20, TimeUnit.SECONDS));
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void thereIsOneProducerAtATime() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = start(recorder, raw("exec cat"));
        Asked first = new Asked(process, 0, List.of());
        Asked second = new Asked(process, 0, List.of());
        process.registerProducer(first);
        assertThrows(IllegalStateException.class, () -> process.registerProducer(second));
        Await.until("asked", () -> first.asked.get() == 1); // if it were unregistered earlier, it would never be asked
        process.unregisterProducer();
        process.registerProducer(second);
        Await.until("asked", () -> second.asked.get() == 1);
        assertEquals(1, first.asked.get());
        process.abortConnection();
        recorder.awaitEnd().assertOrderly();
        assertEquals(1, second.stopped.get());
        assertEquals(0, first.stopped.get());
    }

    @Test
    void aProducerThatComesAfterTheEndIsStoppedAtOnce() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = new PtyProcessBuilder("true").start(recorder);
        recorder.awaitEnd().assertOrderly();
        for (int i = 1; i <= 3; i++) {
            Asked late = new Asked(process, 0, List.of());
            process.registerProducer(late);
            Await.until("stopped", () -> late.stopped.get() == 1);
            assertEquals(0, late.asked.get());
            barrier();
        }
    }

    /** Pending bytes are still written, and nothing more is accepted. */
    @Test
    void aProducerThatComesWhileTheInputIsBeingClosedIsStoppedAtOnce() throws Exception {
        List<Consumer<PtyProcess>> closings = List.of(PtyProcess::closeStdin, PtyProcess::loseConnection);
        for (Consumer<PtyProcess> closing : closings) {
            ProtocolRecorder recorder = new ProtocolRecorder();
            Path go = folder.resolve("go" + closings.indexOf(closing));
            PtyProcess process = start(recorder, raw(Programs.until(go) + "; head -c 200000 | wc -c"));
            process.write(new byte[200_000]);
            closing.accept(process);
            assertTrue(process.pendingBytes() > 0);
            Asked late = new Asked(process, 1, List.of(new byte[1]));
            process.registerProducer(late);
            Await.until("stopped", () -> late.stopped.get() == 1);
            Files.createFile(go);
            recorder.awaitEnd().assertOrderly();
            assertEquals(0, late.asked.get());
            assertEquals(0, process.unwrittenBytes());
        }
    }

    /** Inside a callback a full queue pauses a producer at once. This one is stopped instead, before the next callback. */
    @Test
    void aPushProducerThatComesInsideACallbackAfterCloseStdinIsStoppedAndNeverPaused() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = start(recorder, raw("exec sleep 1000"));
        Flood late = new Flood(process, 0, 1);
        process.onReactor(() -> {
            process.write(new byte[MEGABYTE]);
            process.closeStdin();
            process.registerProducer(late);
        });
        assertTrue(late.stopped.await(20, TimeUnit.SECONDS));
        assertEquals(ProcessTransport.State.WRITE_DISCONNECTING, process.state());
        assertEquals(0, late.pauses);
        process.abortConnection();
        recorder.awaitEnd().assertOrderly();
    }

    @Test
    void aThrowableOfAProducerGoesToOnError() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = start(recorder, raw("exec cat"));
        process.registerProducer(new Producer.Pull() {
            @Override
            public void resumeProducing() {
                throw new IllegalStateException("no idea");
            }

            @Override
            public void stopProducing() {
                throw new IllegalStateException("no end");
            }
        });
        recorder.awaitEvent("error");
        process.write(ascii("still here"));
        recorder.awaitOutput("still here");
        process.abortConnection();
        recorder.awaitEnd();
        List<String> messages = recorder.errors().stream().map(Throwable::getMessage).toList();
        assertTrue(messages.containsAll(List.of("no idea", "no end")), messages::toString);
    }

    /** Counts its requests. */
    private static final class Eager implements Producer.Pull {

        final AtomicInteger times = new AtomicInteger();

        @Override
        public void resumeProducing() {
            times.incrementAndGet();
        }

        @Override
        public void stopProducing() {
            // the end of the test
        }
    }

    /** On a busy reactor, so that two concurrent commands may run in either order. */
    @Test
    void aProducerThatAnotherThreadUnregisteredIsNotAskedAgain() throws Exception {
        try (Reactor reactor = Reactor.open()) {
            ProtocolRecorder recorder = new ProtocolRecorder();
            PtyProcess process = raw("exec cat").start(reactor, recorder);
            recorder.awaitOutput("R");
            AtomicBoolean over = new AtomicBoolean();
            Thread busy = Thread.ofPlatform().start(() -> {
                while (!over.get()) {
                    reactor.execute(() -> { });
                }
            });
            try {
                for (int round = 0; round < 300; round++) {
                    Eager eager = new Eager();
                    Crowd.run(2, (number, count) -> {
                        if (number == 0) {
                            registerUnlessTaken(process, eager);
                        } else {
                            process.unregisterProducer();
                        }
                        return false;
                    });
                    process.unregisterProducer();
                    allBeforeHasRun(reactor);
                    int before = eager.times.get();
                    process.write(new byte[] {'x'});
                    recorder.awaitSize(2 + round);
                    allBeforeHasRun(reactor);
                    allBeforeHasRun(reactor); // the drained queue is notified one turn later
                    assertEquals(before, eager.times.get(), "round " + round);
                }
            } finally {
                over.set(true);
                busy.join();
                process.abortConnection();
            }
            recorder.awaitEnd().assertOrderly();
        }
    }

    private static void registerUnlessTaken(PtyProcess process, Producer producer) {
        try {
            process.registerProducer(producer);
        } catch (IllegalStateException taken) {
            // the other thread has registered it: only one at a time
        }
    }

    private static void allBeforeHasRun(Reactor reactor) throws Exception {
        CountDownLatch run = new CountDownLatch(1);
        reactor.execute(run::countDown);
        assertTrue(run.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS));
    }
}
