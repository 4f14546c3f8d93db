package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.Crowd;
import dev.panpty.testing.LoggedErrors;
import dev.panpty.testing.ProtocolRecorder;
import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The output of a flow as text and as lines, by the rules of Reactive Streams. */
@Timeout(120)
class FlowTextTest {

    /** Keeps its items and checks the rules: one signal at a time, on the reactor's thread, no more than requested, none after the last. */
    private static class Reader implements Flow.Subscriber<String> {

        final Queue<String> items = new ConcurrentLinkedQueue<>();
        final AtomicInteger count = new AtomicInteger();
        final AtomicInteger lasts = new AtomicInteger();
        volatile Flow.Subscription subscription;
        volatile Throwable error;
        volatile boolean completed;
        volatile String fault = "";
        private final AtomicLong requested = new AtomicLong();
        private final AtomicBoolean inside = new AtomicBoolean();

        void request(long more) {
            requested.accumulateAndGet(more, (now, n) -> now + n < 0 ? Long.MAX_VALUE : now + n);
            subscription.request(more);
        }

        @Override
        public void onSubscribe(Flow.Subscription newSubscription) {
            subscription = newSubscription;
        }

        @Override
        public void onNext(String item) {
            if (!inside.compareAndSet(false, true)) {
                fault = "two at once";
            }
            if (!Thread.currentThread().getName().startsWith("panpty-reactor")) {
                fault = "on " + Thread.currentThread();
            }
            if (lasts.get() > 0) {
                fault = "an item after the last signal";
            }
            items.add(item);
            if (count.incrementAndGet() > requested.get()) {
                fault = "more than was requested";
            }
            inside.set(false);
        }

        @Override
        public void onError(Throwable thrown) {
            error = thrown;
            lasts.incrementAndGet();
        }

        @Override
        public void onComplete() {
            lasts.incrementAndGet();
            completed = true;
        }
    }

    private static PtyProcess start(ProcessFlow flow, String script) throws Exception {
        return new PtyProcessBuilder("sh", "-c", script).start(flow);
    }

    private static Reader lines(ProcessFlow flow) {
        Reader reader = new Reader();
        flow.lines(StandardCharsets.UTF_8, 1000).subscribe(reader);
        return reader;
    }

    private static Reader text(ProcessFlow flow) {
        Reader reader = new Reader();
        flow.text(StandardCharsets.UTF_8).subscribe(reader);
        return reader;
    }

    private static List<String> numbers(int last) {
        return IntStream.rangeClosed(1, last).mapToObj(Integer::toString).toList();
    }

    private static void assertEnded(Reader reader) throws Exception {
        Await.until("complete", () -> reader.completed || reader.error != null);
        assertEquals("", reader.fault);
        assertEquals(1, reader.lasts.get());
        assertTrue(reader.completed, () -> "failed: " + reader.error);
    }

    @Test
    void allLinesArePublishedAndThenTheEnd() throws Exception {
        for (int i = 0; i < 50; i++) {
            ProcessFlow flow = new ProcessFlow();
            Reader reader = lines(flow);
            reader.request(Long.MAX_VALUE);
            start(flow, "seq 1 2000; printf rest");
            assertEnded(reader);
            assertEquals("rest", List.copyOf(reader.items).getLast());
            assertEquals(numbers(2000), List.copyOf(reader.items).subList(0, 2000));
            assertEquals(2001, reader.count.get());
        }
    }

    @Test
    void noMoreLinesThanRequestedArePublishedAndNoneIsLost() throws Exception {
        ProcessFlow flow = new ProcessFlow();
        start(flow, "seq 1 5000");
        Reader reader = lines(flow);
        long requested = 0;
        Random random = new Random(1);
        while (!reader.completed) {
            long already = requested;
            Await.until("all that is requested, or the end", () -> reader.completed || reader.count.get() == already);
            int more = 1 + random.nextInt(20);
            requested += more;
            reader.request(more);
        }
        assertEnded(reader);
        assertEquals(numbers(5000), List.copyOf(reader.items));
    }

    /** The last lines and the end are not one step. */
    @Test
    void theEndWaitsForTheDemandOfTheLastLine() throws Exception {
        ProcessFlow flow = new ProcessFlow();
        Reader reader = lines(flow);
        PtyProcess process = start(flow, "printf 'one\\ntwo\\nthree'");
        reader.request(1);
        Await.until("the first", () -> reader.count.get() == 1);
        reader.request(1);
        Await.until("the second", () -> reader.count.get() == 2);
        assertFalse(reader.completed);
        reader.request(1);
        assertEnded(reader);
        assertEquals(List.of("one", "two", "three"), List.copyOf(reader.items));
        process.onEnd().get(20, TimeUnit.SECONDS);
    }

    @Test
    void requestsOfManyThreadsAddUp() throws Exception {
        ProcessFlow flow = new ProcessFlow();
        Reader reader = lines(flow);
        try (PtyProcess process = start(flow, "exec yes")) {
            AtomicInteger requested = new AtomicInteger();
            Crowd.run(4, (number, count) -> {
                requested.addAndGet(number + 1);
                reader.request(number + 1);
                return count < 200;
            });
            Await.until("all requested lines", () -> reader.count.get() == requested.get());
            assertEquals("", reader.fault);
            process.abortConnection();
        }
    }

    @Test
    void aSubscriberThatRequestsInsideDoesNotDeepenTheStack() throws Exception {
        ProcessFlow flow = new ProcessFlow();
        Reader reader = new Reader() {
            @Override
            public void onSubscribe(Flow.Subscription newSubscription) {
                super.onSubscribe(newSubscription);
                request(1);
            }

            @Override
            public void onNext(String item) {
                super.onNext(item);
                request(1);
            }
        };
        flow.lines(StandardCharsets.UTF_8, 2).subscribe(reader);
        start(flow, "stty raw -echo; head -c 300000 /dev/zero | tr '\\0' x");
        assertEnded(reader);
        assertEquals(150_000, reader.count.get());
    }

    @Test
    void aCharacterThatTwoItemsShareComesWhole() throws Exception {
        byte[] typed = "\u20ac\u00e9\ud83d\ude00".getBytes(StandardCharsets.UTF_8);
        ProcessFlow flow = new ProcessFlow();
        Reader reader = text(flow);
        reader.request(Long.MAX_VALUE);
        ProtocolRecorder delegating = new ProtocolRecorder() {
            @Override
            public void connectionMade(ProcessTransport transport) {
                flow.connectionMade(transport);
                super.connectionMade(transport);
            }

            @Override
            public void outReceived(ByteBuffer data) {
                flow.outReceived(data.duplicate());
                super.outReceived(data);
            }

            @Override
            public void processEnded(ExitStatus status) {
                flow.processEnded(status);
                super.processEnded(status);
            }
        };
        try (PtyProcess process = new PtyProcessBuilder("sh", "-c", "stty raw -echo; printf R; exec cat").start(delegating)) {
            delegating.awaitOutput("R");
            for (int i = 0; i < typed.length; i++) {
                process.write(new byte[] {typed[i]});
                delegating.awaitSize(2 + i);
            }
            process.abortConnection();
            assertEnded(reader);
            assertEquals(List.of("R", "\u20ac", "\u00e9", "\ud83d\ude00"), List.copyOf(reader.items));
        }
    }

    @Test
    void bytesThatTheEndCutsAreReplaced() throws Exception {
        ProcessFlow flow = new ProcessFlow();
        Reader reader = text(flow);
        reader.request(Long.MAX_VALUE);
        start(flow, "printf 'x\\342\\202'");
        assertEnded(reader);
        assertEquals("x\ufffd", String.join("", reader.items));
    }

    @Test
    void anOutputWithoutTextCompletesWithoutDemand() throws Exception {
        ProcessFlow flow = new ProcessFlow();
        Reader reader = text(flow);
        start(flow, "exit 0");
        assertEnded(reader);
        assertEquals(0, reader.count.get());
    }

    @Test
    void aRequestThatIsNotPositiveIsAnErrorAndTheLastSignal() throws Exception {
        for (boolean inside : new boolean[] {false, true}) {
            ProcessFlow flow = new ProcessFlow();
            Reader reader = new Reader() {
                @Override
                public void onSubscribe(Flow.Subscription newSubscription) {
                    super.onSubscribe(newSubscription);
                    if (inside) {
                        newSubscription.request(0);
                        assertEquals(0, lasts.get(), "an error before onSubscribe has returned");
                    }
                }
            };
            flow.lines(StandardCharsets.UTF_8, 80).subscribe(reader);
            try (PtyProcess process = start(flow, "exec yes")) {
                if (!inside) {
                    reader.request(Long.MAX_VALUE);
                    Await.until("lines", () -> reader.count.get() > 100);
                    Crowd.run(4, (number, count) -> {
                        reader.subscription.request(-number);
                        return count < 3;
                    });
                }
                Await.until("an error", () -> reader.error != null);
                process.abortConnection();
                process.onEnd().get(20, TimeUnit.SECONDS);
            }
            assertInstanceOf(IllegalArgumentException.class, reader.error);
            assertEquals(1, reader.lasts.get());
            assertEquals("", reader.fault);
        }
    }

    @Test
    void aSecondSubscriberOfAnyKindIsRefused() throws Exception {
        ProcessFlow flow = new ProcessFlow();
        Reader first = lines(flow);
        Reader second = text(flow);
        Await.until("refused", () -> second.error != null);
        assertInstanceOf(IllegalStateException.class, second.error);
        assertEquals(1, second.lasts.get());
        first.request(Long.MAX_VALUE);
        start(flow, "echo hello");
        assertEnded(first);
        assertEquals(List.of("hello"), List.copyOf(first.items));
    }

    @Test
    void cancellingDropsTheLinesThatAreDecodedAndTheProgramLives() throws Exception {
        ProcessFlow flow = new ProcessFlow();
        Reader reader = new Reader() {
            @Override
            public void onNext(String item) {
                super.onNext(item);
                subscription.cancel();
            }
        };
        flow.lines(StandardCharsets.UTF_8, 80).subscribe(reader);
        reader.request(Long.MAX_VALUE);
        PtyProcess process = start(flow, "seq 1 20000; exit 5");
        assertEquals(5, process.onEnd().get(20, TimeUnit.SECONDS).exitValue());
        assertEquals(List.of("1"), List.copyOf(reader.items));
        assertEquals(0, reader.lasts.get());
        assertTrue(process.droppedBytes() > 100_000);
    }

    @Test
    void aSubscriberThatHasThrownIsCalledNoMoreAndReportedOnce() throws Exception {
        ProcessFlow flow = new ProcessFlow();
        Reader reader = new Reader() {
            @Override
            public void onNext(String item) {
                super.onNext(item);
                throw new IllegalStateException("thrown for a test");
            }
        };
        flow.lines(StandardCharsets.UTF_8, 80).subscribe(reader);
        reader.request(Long.MAX_VALUE);
        try (LoggedErrors errors = new LoggedErrors()) {
            PtyProcess process = start(flow, "seq 1 20000; exit 7");
            assertEquals(7, process.onEnd().get(20, TimeUnit.SECONDS).exitValue());
            assertEquals(1, errors.all().size(), errors.all()::toString);
            assertTrue(errors.all().getFirst().contains("thrown for a test"), errors.all()::toString);
        }
        assertEquals(1, reader.count.get());
        assertEquals(0, reader.lasts.get());
    }

    @Test
    void aSubscriberThatThrowsInOnSubscribeGetsNothing() throws Exception {
        ProcessFlow flow = new ProcessFlow();
        Reader reader = new Reader() {
            @Override
            public void onSubscribe(Flow.Subscription newSubscription) {
                super.onSubscribe(newSubscription);
                request(Long.MAX_VALUE);
                throw new IllegalCallerException("mine");
            }
        };
        assertThrows(IllegalCallerException.class, () -> flow.text(StandardCharsets.UTF_8).subscribe(reader));
        PtyProcess process = start(flow, "seq 1 20000; exit 3");
        assertEquals(3, process.onEnd().get(20, TimeUnit.SECONDS).exitValue());
        assertEquals(0, reader.count.get() + reader.lasts.get());
    }

    @Test
    void aSubscriberThatHasCancelledIsForgotten() throws Exception {
        ProcessFlow flow = new ProcessFlow();
        WeakReference<Reader> reader = new WeakReference<>(lines(flow));
        try (PtyProcess process = start(flow, "echo hello; exec sleep 1000")) {
            reader.get().request(5);
            Await.until("it has an item", () -> reader.get().count.get() == 1);
            reader.get().subscription.cancel();
            Await.until("it is forgotten", () -> {
                System.gc();
                return reader.get() == null;
            });
            assertTrue(process.isAlive());
        }
    }

    /** A flow may be used by another protocol, whose transport is not a process. */
    @Test
    void itemsThatAnotherProtocolDelegatesAreDecodedToo() {
        ProcessFlow flow = new ProcessFlow();
        StringBuilder all = new StringBuilder();
        flow.connectionMade((ProcessTransport) Proxy.newProxyInstance(
                FlowTextTest.class.getClassLoader(), new Class<?>[] {ProcessTransport.class}, (proxy, method, arguments) -> null));
        flow.text(StandardCharsets.UTF_8).subscribe(new Reader() {
            @Override
            public void onSubscribe(Flow.Subscription newSubscription) {
                newSubscription.request(3);
            }

            @Override
            public void onNext(String item) {
                all.append(item);
            }
        });
        flow.outReceived(ByteBuffer.wrap(new byte[] {'a', (byte) 0xc3}));
        flow.outReceived(ByteBuffer.wrap(new byte[] {(byte) 0xa9}));
        assertEquals("a\u00e9", all.toString());
    }
}
