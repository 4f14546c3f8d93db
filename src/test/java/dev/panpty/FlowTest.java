package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.Crowd;
import dev.panpty.testing.LoggedErrors;
import dev.panpty.testing.ProtocolRecorder;
import dev.panpty.testing.Seed;
import java.io.ByteArrayOutputStream;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A process as reactive streams. */
class FlowTest {

    @RegisterExtension
    final Seed seed = new Seed();

    /** Keeps its items, and requests as many as the test asks for. */
    private static class Reader implements Flow.Subscriber<ByteBuffer> {

        final List<ByteBuffer> items = Collections.synchronizedList(new ArrayList<>());
        volatile Flow.Subscription subscription;
        volatile boolean completed;
        volatile Throwable error;

        @Override
        public void onSubscribe(Flow.Subscription newSubscription) {
            subscription = newSubscription;
        }

        @Override
        public void onNext(ByteBuffer item) {
            items.add(item);
        }

        @Override
        public void onError(Throwable thrown) {
            error = thrown;
        }

        @Override
        public void onComplete() {
            completed = true;
        }

        byte[] bytes() {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            synchronized (items) {
                for (ByteBuffer item : items) {
                    byte[] bytes = new byte[item.remaining()];
                    item.duplicate().get(bytes);
                    all.writeBytes(bytes);
                }
            }
            return all.toByteArray();
        }

        String text() {
            return new String(bytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static PtyProcess start(ProcessFlow flow, String script) throws Exception {
        return new PtyProcessBuilder("sh", "-c", script).start(flow);
    }

    private static PtyProcess startRefusing(ProcessFlow flow, String script) throws Exception {
        return new PtyProcessBuilder("sh", "-c", script).longLines(LongLines.REFUSE).start(flow);
    }

    @Test
    void allOutputIsPublishedAndThenTheEnd() throws Exception {
        for (int i = 0; i < 100; i++) {
            ProcessFlow flow = new ProcessFlow();
            Reader reader = new Reader();
            flow.output().subscribe(reader);
            reader.subscription.request(Long.MAX_VALUE);
            start(flow, "seq 1 1000; exit 3");
            Await.until("complete", () -> reader.completed);
            assertEquals(IntStream.rangeClosed(1, 1000).mapToObj(n -> n + "\r\n").collect(Collectors.joining()), reader.text());
        }
    }

    @Test
    void noMoreThanAskedForIsPublishedAndNothingIsLost() throws Exception {
        ProcessFlow flow = new ProcessFlow();
        PtyProcess process = start(flow, "seq 1 20000");
        Reader reader = new Reader();
        flow.output().subscribe(reader);
        long asked = 0;
        Random random = new Random(1);
        while (!reader.completed) {
            long already = asked;
            Await.until("all asked for, or the end", () -> reader.completed || reader.items.size() == already);
            int more = 1 + random.nextInt(3);
            asked += more;
            reader.subscription.request(more);
            assertTrue(reader.items.size() <= asked);
        }
        assertEquals(IntStream.rangeClosed(1, 20_000).mapToObj(n -> n + "\r\n").collect(Collectors.joining()), reader.text());
        assertTrue(process.onEnd().get(20, TimeUnit.SECONDS).exitStatus().orElseThrow().isSuccess());
    }

    @Test
    void aRequestFromAnotherThreadIsNeverLostAgainstThePauseOfTheLast() throws Exception {
        ProcessFlow flow = new ProcessFlow();
        Reader reader = new Reader();
        flow.output().subscribe(reader);
        PtyProcess process = start(flow, "exec yes");
        for (int i = 1; i <= 3000; i++) {
            reader.subscription.request(1);
            int now = i;
            if (i % 3 == 0) {
                Await.until("the items", () -> reader.items.size() == now);
            }
        }
        reader.subscription.cancel();
        process.abortConnection();
        process.onEnd().get(20, TimeUnit.SECONDS);
    }

    @Test
    void aSecondSubscriberIsRefused() throws Exception {
        ProcessFlow flow = new ProcessFlow();
        Reader first = new Reader();
        Reader second = new Reader();
        flow.output().subscribe(first);
        flow.output().subscribe(second);
        assertInstanceOf(IllegalStateException.class, second.error);
        first.subscription.request(Long.MAX_VALUE);
        start(flow, "echo hello");
        Await.until("complete", () -> first.completed);
        assertEquals("hello\r\n", first.text());
    }

    @Test
    void aRequestThatIsNotPositiveIsAnError() throws Exception {
        ProcessFlow flow = new ProcessFlow();
        Reader reader = new Reader();
        flow.output().subscribe(reader);
        reader.subscription.request(0);
        assertInstanceOf(IllegalArgumentException.class, reader.error);
    }

    @Test
    void ofManyBadRequestsOneIsReportedAloneAndLast() throws Exception {
        for (int round = 0; round < 20; round++) {
            ProcessFlow flow = new ProcessFlow();
            Deque<String> signals = new ConcurrentLinkedDeque<>();
            Reader reader = new Reader() {
                @Override
                public void onNext(ByteBuffer item) {
                    signals.add("next on " + Thread.currentThread().getName());
                }

                @Override
                public void onError(Throwable thrown) {
                    super.onError(thrown);
                    signals.add("error on " + Thread.currentThread().getName());
                }
            };
            flow.output().subscribe(reader);
            try (PtyProcess process = new PtyProcessBuilder("yes").start(flow)) {
                reader.subscription.request(Long.MAX_VALUE);
                Await.until("items come", () -> signals.size() > 2);
                Crowd.run(4, (number, count) -> {
                    reader.subscription.request(-number);
                    return count < 3;
                });
                process.abortConnection();
                process.onEnd().get();
                Await.until("the error", () -> signals.getLast().startsWith("error")); // a task of the reactor, maybe behind the end
            }
            String reactor = signals.getFirst().substring("next".length());
            assertEquals("error" + reactor, signals.getLast());
            assertEquals(1, signals.stream().filter(signal -> !signal.equals("next" + reactor)).count(), signals::toString);
            assertInstanceOf(IllegalArgumentException.class, reader.error);
            assertFalse(reader.completed);
        }
    }

    @Test
    void cancellingDropsTheRestAndTheProgramLives() throws Exception {
        ProcessFlow flow = new ProcessFlow();
        Reader reader = new Reader() {
            @Override
            public void onNext(ByteBuffer item) {
                super.onNext(item);
                subscription.cancel();
            }
        };
        flow.output().subscribe(reader);
        reader.subscription.request(Long.MAX_VALUE);
        PtyProcess process = start(flow, "echo hello; seq 1 20000; exit 5");
        assertEquals(5, process.onEnd().get(20, TimeUnit.SECONDS).exitValue());
        assertEquals(1, reader.items.size());
        assertTrue(process.droppedBytes() > 100_000);
    }

    @Test
    void itemsPublishedToTheInputReachTheProgramAndCompletionIsTheEnd() throws Exception {
        ProcessFlow flow = new ProcessFlow();
        Reader reader = new Reader();
        flow.output().subscribe(reader);
        reader.subscription.request(Long.MAX_VALUE);
        PtyProcess process = start(flow, "stty -echo; echo R; cksum; exit 6");
        Await.until("ready", () -> reader.text().contains("R"));
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        try (SubmissionPublisher<ByteBuffer> publisher = new SubmissionPublisher<>()) {
            publisher.subscribe(flow.input());
            for (int i = 0; i < 3000; i++) {
                byte[] line = ("line " + i + (i % 100 == 99 ? "x".repeat(3000) : "") + "\n").getBytes(StandardCharsets.US_ASCII);
                sent.writeBytes(line);
                publisher.submit(ByteBuffer.wrap(line));
            }
        }
        assertEquals(6, process.onEnd().get(20, TimeUnit.SECONDS).exitValue());
        Await.until("complete", () -> reader.completed);
        assertTrue(reader.text().contains(" " + sent.size()), reader::text);
    }

    @Test
    void anyBytesComeBackThroughBothStreams() throws Exception {
        byte[] bytes = seed.bytes(500_000);
        ProcessFlow flow = new ProcessFlow();
        Reader reader = new Reader() {
            @Override
            public void onNext(ByteBuffer item) {
                super.onNext(item);
                subscription.request(1);
            }
        };
        flow.output().subscribe(reader);
        reader.subscription.request(1);
        PtyProcess process = start(flow, "stty raw -echo; printf R; exec cat");
        Await.until("ready", () -> reader.text().equals("R"));
        try (SubmissionPublisher<ByteBuffer> publisher = new SubmissionPublisher<>()) {
            publisher.subscribe(flow.input());
            for (int at = 0; at < bytes.length; ) {
                int length = Math.min(1 + at % 7001, bytes.length - at);
                publisher.submit(ByteBuffer.wrap(bytes, at, length).slice());
                at += length;
            }
            Await.until("all is back", () -> reader.bytes().length >= 1 + bytes.length);
            byte[] back = reader.bytes();
            assertArrayEquals(bytes, java.util.Arrays.copyOfRange(back, 1, 1 + bytes.length));
            process.abortConnection();
            process.onEnd().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void thePublisherIsCancelledWhenTheProgramTakesNoMore() throws Exception {
        ProcessFlow flow = new ProcessFlow();
        Reader reader = new Reader();
        flow.output().subscribe(reader);
        reader.subscription.request(Long.MAX_VALUE);
        try (SubmissionPublisher<ByteBuffer> publisher = new SubmissionPublisher<>()) {
            publisher.subscribe(flow.input());
            PtyProcess process = start(flow, "exit 0");
            process.onEnd().get(20, TimeUnit.SECONDS);
            Await.until("cancelled", () -> publisher.getNumberOfSubscribers() == 0);
        }
    }

    /** A publisher of a few items, on the caller's thread, that follows the rules of Flow. */
    private static final class Items implements Flow.Publisher<ByteBuffer>, Flow.Subscription {

        private final Deque<ByteBuffer> items;
        private final AtomicInteger cancelled = new AtomicInteger();
        private final AtomicInteger asked = new AtomicInteger();
        private Flow.Subscriber<? super ByteBuffer> subscriber;

        Items(ByteBuffer... items) {
            this.items = new ConcurrentLinkedDeque<>(List.of(items));
        }

        @Override
        public void subscribe(Flow.Subscriber<? super ByteBuffer> newSubscriber) {
            subscriber = newSubscriber;
            subscriber.onSubscribe(this);
        }

        @Override
        public void request(long count) {
            asked.addAndGet((int) count);
            for (ByteBuffer item = items.poll(); item != null; item = null) {
                subscriber.onNext(item);
            }
        }

        @Override
        public void cancel() {
            cancelled.incrementAndGet();
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static Reader readAll(ProcessFlow flow) {
        Reader reader = new Reader();
        flow.output().subscribe(reader);
        reader.subscription.request(Long.MAX_VALUE);
        return reader;
    }

    @Test
    void anItemThatOtherSubscribersShareIsReadWithoutBeingMoved() throws Exception {
        ProcessFlow flow = new ProcessFlow();
        Reader reader = readAll(flow);
        ByteBuffer slice = bytes("<<hello\n>>").position(2).limit(8);
        ByteBuffer direct = ByteBuffer.allocateDirect(10).put(bytes("readonly\n")).flip().asReadOnlyBuffer();
        PtyProcess process = start(flow, "stty -echo; echo R; cat");
        Await.until("ready", () -> reader.text().contains("R"));
        Items items = new Items(slice, direct, slice, ByteBuffer.allocate(0));
        items.subscribe(flow.input());
        Await.until("all are taken", () -> items.asked.get() == 5);
        assertEquals(2, slice.position());
        assertEquals(8, slice.limit());
        assertEquals(0, direct.position());
        flow.input().onComplete();
        Await.until("complete", () -> reader.completed);
        assertEquals("R\r\nhello\r\nreadonly\r\nhello\r\n", reader.text());
        assertEquals(0, process.onEnd().get(20, TimeUnit.SECONDS).exitValue());
    }

    @Test
    void aLineThatIsTooLongCancelsAndEndsTheInputAndNothingIsThrown() throws Exception {
        ProcessFlow flow = new ProcessFlow();
        Reader reader = readAll(flow);
        PtyProcess process = startRefusing(flow, "stty -echo; echo R; cat");
        Await.until("ready", () -> reader.text().contains("R"));
        Items items = new Items(bytes("first\n"), bytes("x".repeat(5000) + "\n"), bytes("never\n"));
        try (LoggedErrors errors = new LoggedErrors()) {
            items.subscribe(flow.input());
            process.onEnd().get(20, TimeUnit.SECONDS);
            assertEquals(1, errors.all().size(), () -> errors.all().toString());
            assertTrue(errors.all().getFirst().contains("IllegalArgumentException: a line of more than 4095 bytes"), errors.all()::toString);
        }
        assertEquals("R\r\nfirst\r\n", reader.text());
        assertEquals(1, items.cancelled.get());
        flow.input().onNext(bytes("late\n")); // an item may still be in flight
        assertEquals(1, items.items.size());
    }

    @Test
    void anItemThatWasNotAskedForIsAnErrorAndDoesNotWaitForTheProcess() throws Exception {
        ProcessFlow flow = new ProcessFlow();
        Items items = new Items();
        items.subscribe(flow.input());
        try (LoggedErrors errors = new LoggedErrors()) {
            flow.input().onNext(bytes("too early\n"));
            assertTrue(errors.all().getFirst().contains("IllegalStateException: an item was published that was not asked for"));
        }
        assertEquals(1, items.cancelled.get());
        Reader reader = readAll(flow);
        assertEquals(0, start(flow, "cat").onEnd().get(20, TimeUnit.SECONDS).exitValue());
        Await.until("complete", () -> reader.completed);
        assertEquals(0, items.asked.get());
    }

    /** The ways in which a subscription ends. */
    private enum Over { CANCEL, CANCEL_BEFORE_THE_START, THROW, BAD_REQUEST, COMPLETE }

    @Test
    void aSubscriberThatIsCalledNoMoreIsForgotten() throws Exception {
        for (Over over : Over.values()) {
            ProcessFlow flow = new ProcessFlow();
            WeakReference<Reader> reader = subscribed(flow, over);
            if (over == Over.CANCEL_BEFORE_THE_START) {
                reader.get().subscription.cancel();
            }
            String program = "echo hello; " + (over == Over.COMPLETE ? "exit 0" : "exec sleep 1000");
            try (LoggedErrors logged = new LoggedErrors(); PtyProcess process = start(flow, program)) {
                switch (over) {
                    case CANCEL -> {
                        Await.until("it has an item", () -> !reader.get().items.isEmpty());
                        reader.get().subscription.cancel();
                    }
                    case BAD_REQUEST -> reader.get().subscription.request(-1);
                    default -> {
                        // it needs no call here
                    }
                }
                Await.until("it is forgotten: " + over, () -> {
                    System.gc();
                    return reader.get() == null;
                });
                assertEquals(over != Over.COMPLETE, process.isAlive());
                Reader second = new Reader();
                flow.output().subscribe(second);
                assertInstanceOf(IllegalStateException.class, second.error);
                Await.until("its exception is logged", () -> over != Over.THROW || !logged.all().isEmpty());
                assertEquals(over == Over.THROW ? 1 : 0, logged.all().size(), logged.all()::toString);
            }
        }
    }

    private static WeakReference<Reader> subscribed(ProcessFlow flow, Over over) {
        Reader reader = over != Over.THROW ? new Reader() : new Reader() {
            @Override
            public void onNext(ByteBuffer item) {
                throw new IllegalStateException("thrown for a test");
            }

            @Override
            public void onComplete() {
                throw new AssertionError("after it has thrown");
            }
        };
        flow.output().subscribe(reader);
        reader.subscription.request(Long.MAX_VALUE);
        return new WeakReference<>(reader);
    }

    @Test
    void aSubscriberThatHasThrownIsCalledNoMoreAndTheProgramLives() throws Exception {
        ProcessFlow flow = new ProcessFlow();
        AtomicInteger calls = new AtomicInteger();
        Reader reader = new Reader() {
            @Override
            public void onNext(ByteBuffer item) {
                calls.incrementAndGet();
                throw new IllegalStateException("thrown for a test");
            }
        };
        flow.output().subscribe(reader);
        reader.subscription.request(Long.MAX_VALUE);
        try (LoggedErrors errors = new LoggedErrors()) {
            PtyProcess process = start(flow, "seq 1 20000; exit 7");
            assertEquals(7, process.onEnd().get(20, TimeUnit.SECONDS).exitValue());
            assertEquals(1, errors.all().size());
        }
        assertEquals(1, calls.get());
        assertFalse(reader.completed);
    }

    @Test
    void aThrowableOfTheLastSignalIsReported() throws Exception {
        for (boolean completes : new boolean[] {true, false}) {
            ProcessFlow flow = new ProcessFlow();
            Reader reader = new Reader() {
                @Override
                public void onComplete() {
                    throw new IllegalStateException("thrown for a test");
                }

                @Override
                public void onError(Throwable thrown) {
                    throw new IllegalStateException("thrown for a test");
                }
            };
            flow.output().subscribe(reader);
            reader.subscription.request(Long.MAX_VALUE);
            try (LoggedErrors errors = new LoggedErrors(); PtyProcess process = start(flow, "read x")) {
                if (completes) {
                    process.write(bytes("\n"));
                } else {
                    reader.subscription.request(0);
                }
                Await.until("it is reported", () -> errors.all().size() == 1);
                assertTrue(errors.all().getFirst().contains("thrown for a test"), errors.all()::toString);
                process.abortConnection();
                process.onEnd().get(20, TimeUnit.SECONDS);
            }
        }
    }

    /** A subscription that breaks the rules of Flow. */
    private record Throwing(Runnable whenAsked) implements Flow.Subscription {

        @Override
        public void request(long count) {
            whenAsked.run();
        }

        @Override
        public void cancel() {
            throw new IllegalStateException("thrown by cancel");
        }
    }

    @Test
    void aSubscriptionThatThrowsEndsTheInputAndIsReported() throws Exception {
        for (boolean onRequest : new boolean[] {true, false}) {
            ProcessFlow flow = new ProcessFlow();
            try (LoggedErrors errors = new LoggedErrors(); PtyProcess process = startRefusing(flow, "cat")) {
                flow.input().onSubscribe(new Throwing(() -> {
                    if (onRequest) {
                        throw new IllegalStateException("thrown by request");
                    }
                    flow.input().onNext(bytes("x".repeat(5000) + "\n"));
                }));
                assertEquals(0, process.onEnd().get(20, TimeUnit.SECONDS).exitValue());
                assertEquals(2, errors.all().size(), errors.all()::toString);
                assertTrue(errors.all().getFirst().contains("thrown by cancel"), errors.all()::toString);
                String reason = onRequest ? "thrown by request" : "a line of more than 4095 bytes";
                assertTrue(errors.all().getLast().contains(reason), errors.all()::toString);
            }
        }
    }

    @Test
    void anyNumberOfEmptyItemsComesFromAPublisherThatPublishesWhenAsked() throws Exception {
        ProcessFlow flow = new ProcessFlow();
        ByteBuffer[] many = new ByteBuffer[100_000];
        java.util.Arrays.fill(many, ByteBuffer.allocate(0));
        try (PtyProcess process = start(flow, "cat")) {
            Items items = new Items(many);
            items.subscribe(flow.input());
            Await.until("all are taken", () -> items.asked.get() == many.length + 1);
            assertEquals(0, items.cancelled.get());
            flow.input().onComplete();
            assertEquals(0, process.onEnd().get(20, TimeUnit.SECONDS).exitValue());
        }
    }

    @Test
    void aSecondProcessOfOneFlowIsRefusedBeforeItRuns(@TempDir Path folder) throws Exception {
        ProcessFlow flow = new ProcessFlow();
        assertThrows(SpawnException.class, () -> new PtyProcessBuilder("/nonexistent").start(flow)); // the flow can be used again
        Reader reader = readAll(flow);
        try (PtyProcess first = start(flow, "echo hello; cat")) {
            Path ran = folder.resolve("ran");
            assertThrows(IllegalStateException.class, () -> start(flow, "touch " + ran));
            try (Reactor reactor = Reactor.open()) {
                assertThrows(IllegalStateException.class, () -> new PtyProcessBuilder("touch", ran.toString()).start(reactor, flow));
            }
            Await.until("the first goes on", () -> reader.text().equals("hello\r\n"));
            ProtocolRecorder other = new ProtocolRecorder();
            try (PtyProcess second = new PtyProcessBuilder("sh", "-c", "echo second; read x").start(other)) {
                assertThrows(IllegalStateException.class, () -> flow.connectionMade(second));
                other.awaitOutput("second"); // connectionMade(second) did not pause it
            }
            assertTrue(first.isAlive());
            assertFalse(Files.exists(ran));
        }
    }

    /** A transport whose pause runs at the same time as a request, whose resume is late. */
    private static final class LateResume implements InvocationHandler {

        private final Reader reader;
        private final CountDownLatch late = new CountDownLatch(1);
        private volatile Thread requester;
        private volatile boolean paused;

        LateResume(Reader reader) {
            this.reader = reader;
        }

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws Exception {
            if (method.getName().equals("resumeProducing")) {
                if (Thread.currentThread() == requester) {
                    late.await();
                }
                paused = false;
                return null;
            }
            assertEquals("pauseProducing", method.getName());
            paused = true;
            if (reader.subscription != null && requester == null) {
                requester = Thread.ofPlatform().daemon().start(() -> reader.subscription.request(1));
                Await.blocked(requester);
            }
            return null;
        }
    }

    @Test
    void aRequestThatResumesLateLetsNoMoreThroughThanWasAskedFor() throws Exception {
        ProcessFlow flow = new ProcessFlow();
        Reader reader = new Reader();
        LateResume late = new LateResume(reader);
        flow.connectionMade((ProcessTransport) Proxy.newProxyInstance(
                FlowTest.class.getClassLoader(), new Class<?>[] {ProcessTransport.class}, late));
        flow.output().subscribe(reader);
        reader.subscription.request(1);
        deliverUntilPaused(flow, late);
        late.late.countDown();
        late.requester.join();
        deliverUntilPaused(flow, late);
        assertEquals(2, reader.items.size());
    }

    /** Delivers as the reactor does until the flow pauses it; a limited number of items where it does not. */
    private static void deliverUntilPaused(ProcessFlow flow, LateResume transport) {
        for (int i = 0; i < 10 && !transport.paused; i++) {
            flow.outReceived(ByteBuffer.wrap(new byte[1]));
        }
    }
}
