package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Call;
import dev.panpty.testing.ProtocolRecorder;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A transport to a raw {@code cat} under random calls, compared with a simple model. */
class TransportProperties {

    private static final byte VEOF = 4;

    private static PtyProcess rawCat(ProtocolRecorder recorder) throws Exception {
        PtyProcess process = new PtyProcessBuilder("sh", "-c", "stty raw -echo; printf R; exec cat").start(recorder);
        recorder.awaitOutput("R");
        return process;
    }

    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** Some bytes and how they are split. */
    private record Chunks(List<Integer> lengths, long seed, boolean together) {}

    @Provide
    Arbitrary<Chunks> chunks() {
        Arbitrary<Integer> lengths = Arbitraries.oneOf(Arbitraries.integers().between(0, 10), Arbitraries.integers().between(0, 30_000));
        return Combinators.combine(lengths.list().ofMaxSize(12), Arbitraries.longs(), Arbitraries.of(true, false)).as(Chunks::new);
    }

    @Property(tries = 100)
    void anyChunksOfAnyBytesComeBackEqualAndInOrder(@ForAll("chunks") Chunks chunks) throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = rawCat(recorder);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write('R');
        List<ByteBuffer> pieces = new ArrayList<>();
        for (int length : chunks.lengths) {
            byte[] bytes = random(length, chunks.seed + all.size());
            all.writeBytes(bytes);
            pieces.add(ByteBuffer.wrap(bytes));
        }
        if (chunks.together) {
            process.writeSequence(pieces);
        } else {
            pieces.forEach(process::write);
        }
        recorder.awaitSize(all.size());
        process.abortConnection();
        recorder.awaitEnd().assertOrderly();
        assertArrayEquals(all.toByteArray(), recorder.bytes());
    }

    private enum Kind { WRITE, PAUSE, RESUME, REGISTER_PULL, REGISTER_PUSH, UNREGISTER, HALF_CLOSE, RESIZE, SIGNAL, BARRIER }

    private record Call(Kind kind, int number) {}

    @Provide
    Arbitrary<List<Call>> calls() {
        Arbitrary<Kind> kinds = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(8, Arbitraries.just(Kind.WRITE)),
                net.jqwik.api.Tuple.of(1, Arbitraries.just(Kind.HALF_CLOSE)),
                net.jqwik.api.Tuple.of(12, Arbitraries.of(Kind.PAUSE, Kind.RESUME, Kind.REGISTER_PULL, Kind.REGISTER_PUSH,
                        Kind.UNREGISTER, Kind.RESIZE, Kind.SIGNAL, Kind.BARRIER)));
        Arbitrary<Integer> numbers = Arbitraries.oneOf(Arbitraries.integers().between(1, 100), Arbitraries.integers().between(1, 40_000));
        return Combinators.combine(kinds, numbers).as(Call::new).list().ofMaxSize(40);
    }

    /** The bytes that the transport must accept; each writer writes here too, under the lock. */
    private static final class Model {

        private final ReentrantLock lock = new ReentrantLock();
        private final ByteArrayOutputStream accepted = new ByteArrayOutputStream();
        private final PtyProcess process;
        private boolean closed;

        Model(PtyProcess process) {
            this.process = process;
            accepted.write('R');
        }

        void write(byte[] bytes) {
            lock.lock();
            try {
                if (closed) {
                    assertThrows(IllegalStateException.class, () -> process.write(bytes));
                } else {
                    process.write(bytes);
                    accepted.writeBytes(bytes);
                }
            } finally {
                lock.unlock();
            }
        }

        void close() {
            lock.lock();
            try {
                process.closeStdin();
                if (!closed) {
                    accepted.write(VEOF); // an ordinary byte on a raw terminal
                }
                closed = true;
            } finally {
                lock.unlock();
            }
        }

        byte[] expected() {
            lock.lock();
            try {
                return accepted.toByteArray();
            } finally {
                lock.unlock();
            }
        }
    }

    private static final class Pull implements Producer.Pull {

        private final Model model;
        private final int length;
        private final AtomicInteger left = new AtomicInteger(5);
        final AtomicInteger stopped = new AtomicInteger();

        Pull(Model model, int length) {
            this.model = model;
            this.length = length;
        }

        @Override
        public void resumeProducing() {
            if (left.getAndDecrement() > 0) {
                model.write(random(length, left.get()));
            }
        }

        @Override
        public void stopProducing() {
            stopped.incrementAndGet();
        }
    }

    private static final class Push implements Producer.Push {

        volatile String fault = "";
        final AtomicInteger stopped = new AtomicInteger();
        private boolean paused;

        @Override
        public void pauseProducing() {
            fault += paused ? "paused twice; " : "";
            paused = true;
        }

        @Override
        public void resumeProducing() {
            fault += paused ? "" : "resumed while running; ";
            paused = false;
        }

        @Override
        public void stopProducing() {
            stopped.incrementAndGet();
        }
    }

    @Property(tries = 150)
    void anyInterleavingOfCallsKeepsTheModel(@ForAll("calls") List<Call> calls) throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = rawCat(recorder);
        Model model = new Model(process);
        boolean closed = false;
        boolean paused = false;
        Producer registered = null;
        List<Producer> all = new ArrayList<>();
        WindowSize size = WindowSize.DEFAULT;
        for (Call call : calls) {
            switch (call.kind) {
                case WRITE -> model.write(random(call.number, call.number));
                case PAUSE -> {
                    process.pauseProducing();
                    paused = true;
                }
                case RESUME -> {
                    process.resumeProducing();
                    paused = false;
                }
                case REGISTER_PULL, REGISTER_PUSH -> {
                    Producer producer = call.kind == Kind.REGISTER_PULL ? new Pull(model, call.number) : new Push();
                    if (registered == null) {
                        process.registerProducer(producer);
                        all.add(producer);
                        registered = closed ? null : producer; // after the end it is stopped at registration
                        if (closed) {
                            barrier();
                        }
                    } else {
                        Producer second = producer;
                        if (!closed) {
                            assertThrows(IllegalStateException.class, () -> process.registerProducer(second));
                        }
                    }
                }
                case UNREGISTER -> {
                    process.unregisterProducer();
                    registered = null;
                }
                case HALF_CLOSE -> {
                    model.close();
                    if (!closed && !paused) {
                        recorder.awaitEvent("in lost"); // pending bytes are written, and the producer is stopped
                        barrier();
                    }
                    closed = true;
                    if (paused) {
                        process.resumeProducing();
                        paused = false;
                        recorder.awaitEvent("in lost");
                        barrier();
                    }
                    registered = null;
                }
                case RESIZE -> {
                    size = new WindowSize(call.number, call.number / 2 + 1);
                    process.resize(size);
                }
                case SIGNAL -> process.signal(Signal.WINCH);
                case BARRIER -> {
                    barrier();
                    if (paused) {
                        int before = recorder.size();
                        barrier();
                        assertEquals(before, recorder.size(), "output delivered while paused");
                    }
                }
            }
            assertEquals(size, process.windowSize());
        }
        if (paused) {
            process.resumeProducing();
        }
        awaitAll(recorder, model);
        byte[] expected = model.expected();
        assertArrayEquals(expected, Arrays.copyOf(recorder.bytes(), expected.length));
        process.signal(Signal.KILL);
        recorder.awaitEnd().assertOrderly();
        assertEquals(expected.length, recorder.size());
        assertEquals(0, process.unwrittenBytes());
        barrier();
        for (Producer producer : all) {
            int stopped = producer instanceof Pull pull ? pull.stopped.get() : ((Push) producer).stopped.get();
            assertTrue(stopped <= 1, stopped + " times stopped");
            assertEquals("", producer instanceof Push push ? push.fault : "");
            assertTrue(stopped == 1 || producer != registered, "not stopped at the end");
        }
    }

    /** Waits until all accepted bytes have come back and a producer on the loop has no more. */
    private static void awaitAll(ProtocolRecorder recorder, Model model) throws Exception {
        int before;
        do {
            before = model.expected().length;
            recorder.awaitSize(before);
            barrier();
            barrier();
        } while (model.expected().length != before || recorder.size() != before);
    }

    private static void barrier() throws Exception {
        for (int i = 0; i < 3; i++) {
            CountDownLatch turn = new CountDownLatch(1);
            Reactor.shared().execute(turn::countDown);
            assertTrue(turn.await(20, TimeUnit.SECONDS));
        }
    }
}
