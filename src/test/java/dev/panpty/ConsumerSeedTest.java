package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.ProcessTransport.State;
import dev.panpty.testing.Await;
import dev.panpty.testing.ProtocolRecorder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The names of Twisted's API that are about writing and producing, continued from {@link TransportSeedTest}. */
class ConsumerSeedTest extends SeedFixture {

    private static final int MANY = 300_000;

    /** Does what it is told, which is nothing. */
    private static final class Quiet implements Producer.Push {

        @Override
        public void pauseProducing() {
            // it produces nothing
        }

        @Override
        public void resumeProducing() {
            // it produces nothing
        }

        @Override
        public void stopProducing() {
            // it produces nothing
        }
    }

    /** Is asked, and has nothing. */
    private static final class Empty implements Producer.Pull {

        @Override
        public void resumeProducing() {
            // it has nothing
        }

        @Override
        public void stopProducing() {
            // it has nothing
        }
    }

    @Test
    void producerIsTheRegisteredOne() throws Exception {
        PtyProcess process = rawCat();
        assertEquals(Optional.empty(), process.producer());
        Producer producer = new Quiet();
        process.registerProducer(producer);
        assertSame(producer, process.producer().orElseThrow());
        process.unregisterProducer();
        assertEquals(Optional.empty(), process.producer());
        process.registerProducer(producer);
        process.abortConnection();
        recorder.awaitEnd();
        assertEquals(Optional.empty(), process.producer());
    }

    @Test
    void producerPausedIsTrueWhileTheSendBufferIsFull() throws Exception {
        PtyProcess process = deaf();
        process.registerProducer(new Quiet());
        assertFalse(process.isProducerPaused());
        process.write(new byte[MANY]);
        Await.until("paused", process::isProducerPaused);
        process.interrupt(); // raw mode: a byte more, and nothing is discarded
        assertTrue(process.isProducerPaused());
        process.waterMarks(2 * MANY, 2 * MANY);
        Await.until("resumed", () -> !process.isProducerPaused());
    }

    @Test
    void streamingProducerIsTheKindOfTheProducer() throws Exception {
        PtyProcess process = rawCat();
        process.registerProducer(new Quiet());
        assertTrue(process.producer().orElseThrow() instanceof Producer.Push);
        process.unregisterProducer();
        process.registerProducer(new Empty());
        assertTrue(process.producer().orElseThrow() instanceof Producer.Pull);
        process.stopWriting();
        process.write(new byte[MANY]);
        assertFalse(process.isProducerPaused());
    }

    @Test
    void bufferSizeIsReadAndSetAsWaterMarks() throws Exception {
        PtyProcess process = start(new PtyProcessBuilder("cat").waterMarks(5000, 100));
        assertEquals(5000, process.highWaterBytes());
        assertEquals(100, process.lowWaterBytes());
        process.waterMarks(7, 0);
        assertEquals(7, process.highWaterBytes());
        assertEquals(0, process.lowWaterBytes());
        assertThrows(IllegalArgumentException.class, () -> process.waterMarks(1, 2));
        assertThrows(IllegalArgumentException.class, () -> process.waterMarks(1, -1));
        assertEquals(7, process.highWaterBytes());
        recorder = new ProtocolRecorder();
        PtyProcess other = start(new PtyProcessBuilder("cat"));
        assertEquals(64 * 1024, other.highWaterBytes());
        assertEquals(16 * 1024, other.lowWaterBytes());
    }

    @Test
    void isSendBufferFullComparesWhatIsPendingWithTheMarks() throws Exception {
        PtyProcess process = rawCat();
        process.stopWriting();
        process.waterMarks(10, 5);
        process.write(new byte[10]);
        assertFalse(process.isSendBufferFull());
        process.write(new byte[1]);
        assertTrue(process.isSendBufferFull());
        process.waterMarks(20, 11);
        assertFalse(process.isSendBufferFull());
    }

    @Test
    void maybePauseProducerIsDoneByEveryWriteAndEveryNewMark() throws Exception {
        PtyProcess process = rawCat();
        process.registerProducer(new Quiet());
        process.stopWriting();
        process.write(new byte[100]);
        process.waterMarks(99, 0);
        Await.until("paused", process::isProducerPaused);
        process.startWriting();
        Await.until("resumed", () -> !process.isProducerPaused());
    }

    @Test
    void stopWritingHoldsWhatIsWritten() throws Exception {
        PtyProcess process = rawCat();
        process.write(ascii("before "));
        recorder.awaitOutput("Rbefore ");
        process.stopWriting();
        process.write(ascii("held "));
        process.writeSequence(ascii("and "), ascii("held"));
        assertEquals(13, process.pendingBytes());
        process.startWriting();
        recorder.awaitOutput("Rbefore held and held");
        assertEquals(0, process.pendingBytes());
    }

    /** The calling thread writes, and the kernel counts its calls. */
    @Test
    void startWritingJoinsWhatWasHeldIntoOneSystemCall() throws Exception {
        PtyProcess process = rawCat();
        process.stopWriting();
        for (int i = 0; i < 1000; i++) {
            process.write(ascii("abc"));
        }
        assertEquals(3000, process.pendingBytes());
        long before = writes();
        process.startWriting();
        assertEquals(1, writes() - before);
        recorder.awaitOutput("R" + "abc".repeat(1000));
    }

    /** How many write system calls this thread has made, see proc_pid_io(5). */
    private static long writes() throws Exception {
        String line = Files.readAllLines(Path.of("/proc/thread-self/io")).stream().filter(text -> text.startsWith("syscw")).findFirst().orElseThrow();
        return Long.parseLong(line.substring("syscw: ".length()));
    }

    @Test
    void tempDataBufferAndTempDataLenAreThePendingBytes() throws Exception {
        PtyProcess process = rawCat();
        process.stopWriting();
        process.write(ascii("one"));
        process.write(ascii("two"));
        assertEquals(6, process.pendingBytes());
    }

    @Test
    void offsetIsNotSeenAWriteThatTheKernelTakesInPartsArrivesWhole() throws Exception {
        PtyProcess process = rawCat();
        process.write(ascii("x".repeat(MANY)));
        recorder.awaitSize(MANY + 1);
        assertEquals("R" + "x".repeat(MANY), recorder.text());
    }

    @Test
    void writeSomeDataIsDoneByTheWriteItselfWhileNothingIsPending() throws Exception {
        PtyProcess process = rawCat();
        process.write(ascii("at once"));
        assertEquals(0, process.pendingBytes());
        recorder.awaitOutput("Rat once");
    }

    @Test
    void heldInputIsWrittenByAGracefulClose() throws Exception {
        for (int way = 0; way < 2; way++) {
            recorder = new ProtocolRecorder();
            PtyProcess process = sh("trap '' HUP; stty -echo; echo R; cat; exit 2");
            recorder.awaitOutput("R");
            process.stopWriting();
            process.write(ascii("held\n"));
            if (way == 0) {
                process.closeStdin();
            } else {
                process.loseConnection();
            }
            recorder.awaitOutput("held");
            recorder.awaitEnd().assertOrderly();
            assertEquals(0, process.unwrittenBytes());
        }
    }

    @Test
    void heldInputIsCountedByAnAbortAndByAClose() throws Exception {
        for (int way = 0; way < 2; way++) {
            recorder = new ProtocolRecorder();
            PtyProcess process = rawCat();
            process.stopWriting();
            process.write(ascii("held"));
            if (way == 0) {
                process.abortConnection();
            } else {
                process.close();
            }
            recorder.awaitEnd().assertOrderly();
            assertEquals(4, process.unwrittenBytes());
            assertEquals(0, process.pendingBytes());
        }
    }

    @Test
    void stopWritingAfterAGracefulCloseHoldsNothing() throws Exception {
        PtyProcess process = rawCat();
        process.registerProducer(new Empty());
        process.loseConnection();
        process.stopWriting();
        process.write(ascii("of the producer"));
        recorder.awaitOutput("Rof the producer");
        process.unregisterProducer();
        recorder.awaitEnd().assertOrderly();
    }

    @Test
    void writeDisconnectingLastsWhileInputIsPending() throws Exception {
        PtyProcess process = deaf();
        process.write(new byte[MANY]);
        assertEquals(State.CONNECTED, process.state());
        process.loseWriteConnection();
        assertEquals(State.WRITE_DISCONNECTING, process.state());
        process.loseConnection();
        assertEquals(State.DISCONNECTING, process.state());
    }

    @Test
    void writeDisconnectedComesWhenAllIsWritten() throws Exception {
        PtyProcess process = sh("stty -echo; echo R; cat; echo S; exec sleep 1000");
        recorder.awaitOutput("R");
        process.loseWriteConnection();
        recorder.awaitOutput("S");
        assertEquals(State.WRITE_DISCONNECTED, process.state());
        process.abortConnection();
        recorder.awaitEnd();
        assertEquals(State.DISCONNECTED, process.state());
    }

    @Test
    void closeWriteConnectionTypesTheEndOfTheInput() throws Exception {
        PtyProcess process = sh("stty -echo; echo R; wc -c");
        recorder.awaitOutput("R");
        process.write(ascii("12345\n"));
        process.loseWriteConnection();
        recorder.awaitEnd().assertOrderly();
        assertEquals("R\r\n6\r\n", recorder.text());
    }

    @Test
    void connectionLostCarriesItsReason() throws Exception {
        PtyProcess ended = sh("echo R");
        recorder.awaitEnd();
        assertEquals(Optional.of(new DisconnectReason.HungUp()), ended.disconnectReason());
        for (int way = 0; way < 3; way++) {
            recorder = new ProtocolRecorder();
            PtyProcess process = rawCat();
            assertEquals(Optional.empty(), process.disconnectReason());
            switch (way) {
                case 0 -> process.loseConnection();
                case 1 -> process.abortConnection();
                default -> process.close();
            }
            recorder.awaitEnd();
            assertEquals(Optional.of(new DisconnectReason.Closed()), process.disconnectReason());
        }
        recorder = new ProtocolRecorder();
        PtyProcess held = start(new PtyProcessBuilder("sh", "-c", "trap '' HUP; sleep 3 & exit 0").endAtExit(true));
        recorder.awaitEnd();
        assertEquals(Optional.of(new DisconnectReason.Closed()), held.disconnectReason());
        try (PtyProcess streams = PtyProcess.start("true")) {
            streams.onEnd().get();
            assertEquals(Optional.of(new DisconnectReason.HungUp()), streams.disconnectReason());
        }
    }

    @Test
    void signalProcessOfZeroAsksWhetherItIsAlive() throws Exception {
        PtyProcess process = rawCat();
        process.signalProcess(0);
        assertThrows(IllegalArgumentException.class, () -> process.signalProcess(-1));
        process.destroyForcibly();
        process.waitFor();
        assertThrows(ProcessExitedException.class, () -> process.signalProcess(0));
    }

    @Test
    void reactorIsTheOneThatItWasStartedOn() throws Exception {
        assertSame(Reactor.shared(), rawCat().reactor());
        try (Reactor own = Reactor.open(); PtyProcess process = new PtyProcessBuilder("cat").start(own, new ProcessProtocol() { })) {
            assertSame(own, process.reactor());
        }
    }

    @Test
    void protoIsTheProtocolUntilTheEnd() throws Exception {
        PtyProcess process = rawCat();
        assertSame(recorder, process.protocol().orElseThrow());
        process.abortConnection();
        process.onEnd().get();
        assertEquals(Optional.empty(), process.protocol());
        try (PtyProcess streams = PtyProcess.start("cat")) {
            assertEquals(Optional.empty(), streams.protocol());
        }
    }

    @Test
    void pauseProducingIsReadAsIsPaused() throws Exception {
        PtyProcess process = rawCat();
        assertFalse(process.isPaused());
        process.pauseProducing();
        assertTrue(process.isPaused());
        process.resumeProducing();
        assertFalse(process.isPaused());
    }
}
