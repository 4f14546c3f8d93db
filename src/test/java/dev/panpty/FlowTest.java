package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.Crowd;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A process as reactive streams. */
class FlowTest {

    /** Keeps what it gets, and asks for as much as it is told to. */
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
    void ofManyBadRequestsOneIsToldAloneAndLast() throws Exception {
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
    void whatIsPublishedToTheInputReachesTheProgramAndCompletionIsTheEnd() throws Exception {
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
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        byte[] bytes = new byte[500_000];
        new Random(seed).nextBytes(bytes);
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

    /** A transport whose pause meets a request, whose resume comes late. */
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

    /** As the reactor does; somewhat, where nobody pauses. */
    private static void deliverUntilPaused(ProcessFlow flow, LateResume transport) {
        for (int i = 0; i < 10 && !transport.paused; i++) {
            flow.outReceived(ByteBuffer.wrap(new byte[1]));
        }
    }
}
