package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.OwnReactor;
import dev.panpty.testing.Programs;
import dev.panpty.testing.ProtocolRecorder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A write to the transport: all of it in order, or nothing. */
class TransportWriteTest extends OwnReactor {

    @Test
    void bytesWrittenInConnectionMadeArriveHoweverManyTheyAre() throws Exception {
        byte[] sent = new byte[200_000];
        new Random(5).nextBytes(sent);
        ProtocolRecorder recorder = new ProtocolRecorder() {
            @Override
            public void connectionMade(ProcessTransport transport) {
                super.connectionMade(transport);
                transport.write(sent);
            }
        };
        PtyProcess process = new PtyProcessBuilder("cat").attributes(TerminalAttributes.raw()).start(reactor, recorder);
        assertTrue(Await.within(PROMPTLY, () -> recorder.size() == sent.length), () -> recorder.size() + " bytes came back, pending "
                + process.pendingBytes());
        assertArrayEquals(sent, recorder.bytes());
    }

    @Test
    void aSequenceThatIsRefusedIsNotTaken() throws Exception {
        List<ByteBuffer> pieces = List.of(ByteBuffer.wrap(new byte[3000]), ByteBuffer.wrap(new byte[10], 2, 5), ByteBuffer.allocateDirect(3000));
        List<String> before = pieces.stream().map(ByteBuffer::toString).toList();
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = new PtyProcessBuilder("cat").longLines(LongLines.REFUSE).start(reactor, recorder);
        assertThrows(IllegalArgumentException.class, () -> process.writeSequence(pieces), "a line that the kernel would cut");
        assertEquals(before, pieces.stream().map(ByteBuffer::toString).toList());
        assertThrows(NullPointerException.class, () -> process.writeSequence(Arrays.asList(pieces.get(0), null)));
        assertEquals(before, pieces.stream().map(ByteBuffer::toString).toList());
        process.closeStdin();
        assertThrows(IllegalStateException.class, () -> process.writeSequence(pieces));
        assertEquals(before, pieces.stream().map(ByteBuffer::toString).toList());
        recorder.awaitEnd();
        try (PtyProcess streams = PtyProcess.start("cat")) {
            assertThrows(IllegalStateException.class, () -> streams.writeSequence(pieces));
            assertEquals(before, pieces.stream().map(ByteBuffer::toString).toList());
        }
    }

    @Test
    void aSequenceWithANullPieceIsRefusedAsAWhole() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = Programs.shell("stty raw -echo; printf R; exec cat").start(recorder);
        recorder.awaitOutput("R");
        assertThrows(NullPointerException.class,
                () -> process.writeSequence(Arrays.asList(ByteBuffer.wrap(ascii("before")), null)));
        process.write(ascii("after"));
        recorder.awaitOutput("after");
        assertEquals("Rafter", recorder.text());
        process.abortConnection();
        recorder.awaitEnd();
    }

    @Test
    void writesFromManyThreadsKeepEachThreadsOrderAndDoNotTear() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = Programs.shell("stty raw -echo; printf R; exec cat").start(recorder);
        recorder.awaitOutput("R");
        int threads = 8;
        int messages = 300;
        List<Thread> writers = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            String name = "thread-" + t;
            writers.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < messages; i++) {
                    process.write(ascii(name + " " + i + " " + "x".repeat(i) + "\n"));
                }
            }));
        }
        for (Thread writer : writers) {
            writer.join();
        }
        process.write(ascii("last\n"));
        recorder.awaitOutput("last\n");
        int[] next = new int[threads];
        for (String line : recorder.text().substring(1).lines().toList()) {
            if (!line.equals("last")) {
                String[] words = line.split(" ", -1);
                int thread = Integer.parseInt(words[0].substring("thread-".length()));
                int number = next[thread]++;
                assertEquals(List.of("thread-" + thread, "" + number, "x".repeat(number)), List.of(words));
            }
        }
        for (int count : next) {
            assertEquals(messages, count);
        }
        assertFalse(process.onExit().isDone());
        process.abortConnection();
        recorder.awaitEnd().assertOrderly();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
