package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Programs;
import dev.panpty.testing.ProtocolRecorder;
import dev.panpty.testing.Seed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How much output a call has, and who owns its buffer. */
@Timeout(120)
class JoinedOutputTest {

    private static final int LEAST_BYTES = 4096; // that can be set
    private static final int WAITING_BYTES = 7000; // more than one read gives at once, and less than a terminal holds unread

    @RegisterExtension
    final Seed seed = new Seed();

    /** Records the length of each call, and whether it may be paused from the begin. */
    private static class Lengths extends ProtocolRecorder {

        final List<Integer> lengths = Collections.synchronizedList(new ArrayList<>());
        final List<Integer> errorLengths = Collections.synchronizedList(new ArrayList<>());
        private final boolean paused;

        Lengths(boolean paused) {
            this.paused = paused;
        }

        @Override
        public void connectionMade(ProcessTransport transport) {
            if (paused) {
                transport.pauseProducing();
            }
            super.connectionMade(transport);
        }

        @Override
        public void outReceived(ByteBuffer data) {
            lengths.add(data.remaining());
            super.outReceived(data);
        }

        @Override
        public void errReceived(ByteBuffer data) {
            errorLengths.add(data.remaining());
        }

        int longest() {
            return Collections.max(lengths);
        }
    }

    private static String numbers(int last) {
        return IntStream.rangeClosed(1, last).mapToObj(n -> n + "\r\n").collect(Collectors.joining());
    }

    /** The calls that deliver output which waits since before the exit. */
    private static Lengths deliverWaiting(PtyProcessBuilder builder) throws Exception {
        Lengths recorder = new Lengths(true);
        builder.start(recorder);
        recorder.awaitEvent("exited");
        recorder.transport().resumeProducing();
        recorder.awaitEnd().assertOrderly();
        assertEquals("x".repeat(WAITING_BYTES), recorder.text());
        return recorder;
    }

    private static PtyProcessBuilder waiting() {
        return Programs.shell("head -c " + WAITING_BYTES + " /dev/zero | tr '\\0' x");
    }

    @Test
    void whatCanBeReadIsJoinedToOneCall() throws Exception {
        for (int i = 0; i < 50; i++) {
            assertEquals(List.of(WAITING_BYTES), deliverWaiting(waiting().joinOutput(64 * 1024)).lengths);
        }
    }

    @Test
    void noCallHasMoreThanIsAllowed() throws Exception {
        for (int most : new int[] {LEAST_BYTES, 5000, 64 * 1024}) {
            Lengths recorder = new Lengths(false);
            Programs.shell("seq 1 200000").joinOutput(most).start(recorder);
            recorder.awaitEnd().assertOrderly();
            assertTrue(recorder.longest() <= most, () -> "a call of " + recorder.longest());
            assertEquals(numbers(200_000), recorder.text());
        }
    }

    @Test
    void standardErrorIsJoinedToo() throws Exception {
        Lengths recorder = new Lengths(false);
        Programs.shell("head -c 300000 /dev/zero >&2").stderr(StandardError.PIPE).joinOutput(6000).start(recorder);
        recorder.awaitEnd();
        assertEquals(300_000, recorder.errorLengths.stream().mapToInt(Integer::intValue).sum());
        assertTrue(Collections.max(recorder.errorLengths) <= 6000, recorder.errorLengths::toString);
    }

    /** One byte is not held back for others that may come. */
    @Test
    void aByteThatIsThereIsDelivered() throws Exception {
        Lengths recorder = new Lengths(false);
        try (PtyProcess process = Programs.shell("stty raw -echo; printf R; exec cat").joinOutput(64 * 1024).start(recorder)) {
            recorder.awaitOutput("R");
            for (int i = 0; i < 500; i++) {
                process.write(new byte[] {(byte) i});
                recorder.awaitSize(2 + i);
            }
            process.abortConnection();
            recorder.awaitEnd();
        }
    }

    @Test
    void anyBytesComeBackEqualWithPausesInBetween() throws Exception {
        byte[] bytes = seed.bytes(1_000_000);
        Random random = seed.random();
        Reactor reactor = Reactor.shared();
        for (int most : new int[] {LEAST_BYTES, 10_000, 64 * 1024}) {
            ProtocolRecorder recorder = new ProtocolRecorder() {
                @Override
                public void outReceived(ByteBuffer data) {
                    super.outReceived(data);
                    if (random.nextInt(10) == 0) {
                        transport().pauseProducing();
                        reactor.execute(transport()::resumeProducing);
                    }
                }
            };
            try (PtyProcess process = Programs.shell("stty raw -echo; printf R; exec cat").joinOutput(most).start(recorder)) {
                recorder.awaitOutput("R");
                process.write(bytes);
                recorder.awaitSize(1 + bytes.length);
                process.abortConnection();
                recorder.awaitEnd().assertOrderly();
            }
            assertArrayEquals(bytes, Arrays.copyOfRange(recorder.bytes(), 1, 1 + bytes.length));
        }
    }

    /** The output that a program has written is complete however it ends, and however large the calls are. */
    @Test
    void theLastOutputIsDeliveredWithEveryEnd() throws Exception {
        for (int i = 0; i < 60; i++) {
            Lengths recorder = new Lengths(i % 3 == 2);
            PtyProcess process = Programs.shell("seq 1 1000; (trap '' HUP; exec sleep 2) & kill -9 $$").joinOutput(64 * 1024)
                    .endAtExit(true).start(recorder);
            if (i % 3 == 2) {
                recorder.awaitEvent("exited");
                process.resumeProducing();
            }
            recorder.awaitEnd().assertOrderly();
            assertEquals(numbers(1000), recorder.text());
        }
    }

    @Test
    void anItemOfAFlowHasJoinedReads() throws Exception {
        ProcessFlow flow = new ProcessFlow();
        List<ByteBuffer> items = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<Void> completed = new CompletableFuture<>();
        PtyProcess process = waiting().joinOutput(64 * 1024).start(flow);
        process.onExit().get(20, TimeUnit.SECONDS);
        flow.output().subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(ByteBuffer item) {
                items.add(item);
            }

            @Override
            public void onError(Throwable thrown) {
                completed.completeExceptionally(thrown);
            }

            @Override
            public void onComplete() {
                completed.complete(null);
            }
        });
        completed.get(20, TimeUnit.SECONDS);
        assertEquals(List.of(WAITING_BYTES), items.stream().map(ByteBuffer::remaining).toList());
        assertOwned(items, "x".repeat(WAITING_BYTES));
    }

    /** Valid after the calls, and the receiver's to change. */
    private static void assertOwned(List<ByteBuffer> items, String text) {
        StringBuilder all = new StringBuilder();
        for (ByteBuffer item : items) {
            assertFalse(item.isReadOnly());
            assertEquals(item.remaining(), item.array().length);
            all.append(StandardCharsets.ISO_8859_1.decode(item.duplicate()));
            item.put(0, (byte) 0);
        }
        assertEquals(text, all.toString());
    }

    @Test
    void ownedBuffersAreKeptByTheReceiver() throws Exception {
        for (boolean joined : new boolean[] {false, true}) {
            List<ByteBuffer> items = new ArrayList<>();
            List<ByteBuffer> errors = new ArrayList<>();
            PtyProcessBuilder builder = Programs.shell("seq 1 5000; echo error >&2").stderr(StandardError.PIPE).ownedOutput(true);
            ProtocolRecorder recorder = new ProtocolRecorder() {
                @Override
                public void outReceived(ByteBuffer data) {
                    items.add(data);
                }

                @Override
                public void errReceived(ByteBuffer data) {
                    errors.add(data);
                }
            };
            (joined ? builder.joinOutput(10_000) : builder).start(recorder);
            recorder.awaitEnd();
            assertOwned(items, numbers(5000));
            assertOwned(errors, "error\n");
        }
    }

    @Test
    void aBuilderCanTakeItBack() throws Exception {
        List<ByteBuffer> items = new ArrayList<>();
        ProtocolRecorder recorder = new ProtocolRecorder() {
            @Override
            public void outReceived(ByteBuffer data) {
                items.add(data);
            }
        };
        Programs.shell("echo hello").ownedOutput(true).ownedOutput(false).start(recorder);
        recorder.awaitEnd();
        assertTrue(items.stream().allMatch(item -> item.isReadOnly() && !item.hasRemaining()));
    }

    @Test
    void aNumberOutOfRangeIsRefused() {
        for (int bytes : new int[] {-1, 0, LEAST_BYTES - 1, 64 * 1024 + 1}) {
            Exception refused = assertThrows(IllegalArgumentException.class, () -> new PtyProcessBuilder("true").joinOutput(bytes));
            assertEquals("maxBytes must be 4096..65536, was " + bytes, refused.getMessage());
        }
    }
}
