package dev.panpty.internal.event;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.internal.gen.Linux;
import dev.panpty.internal.loop.EventLoop;
import dev.panpty.internal.process.ByteQueue;
import dev.panpty.internal.process.PtmxChannel;
import dev.panpty.internal.process.ReadSide;
import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.Epoll;
import dev.panpty.internal.sys.Ptmx;
import dev.panpty.internal.sys.Termios;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The byte queue, and the write queue on a real terminal, compared with a plain list. */
public class WriteQueueProperties {

    private enum Kind { ADD, FILL, TRIM, PEEK, SKIP, TAKE, CLEAR, READ, WRITE_PART }

    /** One call, with a length and a seed for its bytes. */
    private record Call(Kind kind, int length, long seed) {

        byte[] bytes() {
            byte[] bytes = new byte[length];
            new Random(seed).nextBytes(bytes);
            return bytes;
        }
    }

    private static Arbitrary<List<Call>> calls(int longest, Kind... kinds) {
        Arbitrary<Integer> lengths = Arbitraries.oneOf(Arbitraries.integers().between(0, 20), Arbitraries.integers().between(0, longest));
        return Combinators.combine(Arbitraries.of(kinds), lengths, Arbitraries.longs()).as(Call::new).list().ofMaxSize(60);
    }

    @Provide
    Arbitrary<List<Call>> byteQueueCalls() {
        return calls(10_000, Kind.ADD, Kind.ADD, Kind.FILL, Kind.FILL, Kind.TRIM, Kind.PEEK, Kind.SKIP, Kind.TAKE, Kind.CLEAR);
    }

    @Property(tries = 500)
    void aByteQueueIsAPlainList(@ForAll("byteQueueCalls") List<Call> calls) {
        ByteQueue queue = new ByteQueue();
        byte[] model = {};
        for (Call call : calls) {
            int here = Math.min(call.length, model.length);
            switch (call.kind) {
                case ADD -> {
                    byte[] around = new byte[call.length + 5];
                    System.arraycopy(call.bytes(), 0, around, 3, call.length);
                    ByteBuffer source = ByteBuffer.wrap(around, 3, call.length);
                    queue.add(source);
                    assertEquals(0, source.remaining());
                    byte[] longer = Arrays.copyOf(model, model.length + call.length);
                    System.arraycopy(call.bytes(), 0, longer, model.length, call.length);
                    model = longer;
                }
                case FILL -> {
                    byte[] room = queue.room();
                    int count = Math.min(call.length, room.length - queue.roomOffset());
                    System.arraycopy(call.bytes(), 0, room, queue.roomOffset(), count);
                    queue.filled(count);
                    byte[] longer = Arrays.copyOf(model, model.length + count);
                    System.arraycopy(call.bytes(), 0, longer, model.length, count);
                    model = longer;
                }
                case TRIM -> queue.trim();
                case PEEK -> {
                    ByteBuffer target = ByteBuffer.allocate(call.length);
                    queue.peek(target);
                    assertEquals(here, target.position());
                    assertArrayEquals(Arrays.copyOf(model, here), Arrays.copyOf(target.array(), here));
                }
                case SKIP -> {
                    queue.skip(here);
                    model = Arrays.copyOfRange(model, here, model.length);
                }
                case TAKE -> {
                    byte[] target = new byte[call.length + 2];
                    assertEquals(here, queue.take(target, 2, call.length));
                    assertArrayEquals(Arrays.copyOf(model, here), Arrays.copyOfRange(target, 2, 2 + here));
                    model = Arrays.copyOfRange(model, here, model.length);
                }
                default -> {
                    assertEquals(model.length, queue.clear());
                    model = new byte[0];
                }
            }
            assertEquals(model.length, queue.size());
            assertEquals(model.length == 0, queue.isEmpty());
        }
    }

    @Provide
    Arbitrary<List<Call>> writeQueueCalls() {
        return calls(40_000, Kind.ADD, Kind.ADD, Kind.WRITE_PART, Kind.READ, Kind.READ);
    }

    /** Records the state of the queue at each notification. Any thread. */
    public static class Told implements WriteQueue.Owner {

        private final AtomicInteger changes = new AtomicInteger();
        private volatile String fault = "";

        @Override
        public void changed() {
            changes.incrementAndGet();
        }

        @Override
        public boolean flushesLater() {
            return false;
        }

        @Override
        public void cut(long writtenBytes) {
            fault += "cut after " + writtenBytes;
        }

        @Override
        public void failed(IOException reason) {
            fault += reason;
        }
    }

    private static final class NoOutput implements ReadSide {

        @Override
        public void hold(boolean on) {
            throw new UnsupportedOperationException();
        }
        @Override
        public void ready(boolean readable, boolean hungUp) {}

        @Override
        public void close() {}

        @Override
        public void endDelivery() {}

        @Override
        public void cut() {}

        @Override
        public long droppedBytes() {
            return 0;
        }

        @Override
        public void closed() {}

        @Override
        public void failed(String reason) {}

        @Override
        public boolean isFinished() {
            return false;
        }
    }

    @Property(tries = 60)
    void aWriteQueueOnATerminalIsAPlainList(@ForAll("writeQueueCalls") List<Call> calls) throws Exception {
        EventLoop loop = EventLoop.open().value();
        Ptmx ptmx = Ptmx.open().value();
        try (Descriptor pts = ptmx.openOwnPts().value()) {
            byte[] characters = new byte[Termios.NCCS];
            characters[Linux.VMIN()] = 1;
            assertEquals(0, ptmx.setAttributes(new Termios(0, 0, Termios.COOKED.control(), 0, characters)));
            PtmxChannel terminal = new PtmxChannel(loop, ptmx);
            Told told = new Told();
            int high = 30_000;
            int low = 5_000;
            WriteQueue queue = new WriteQueue(terminal, high, low, false, told);
            terminal.attach(new NoOutput(), Optional.of(queue));
            terminal.listen();
            ByteArrayOutputStream model = new ByteArrayOutputStream();
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            for (Call call : calls) {
                byte[] bytes = call.bytes();
                switch (call.kind) {
                    case READ -> readOnce(pts, read, call.length);
                    case WRITE_PART -> {
                        int third = bytes.length / 3;
                        assertTrue(queue.write(ByteBuffer.wrap(bytes, third, bytes.length - third).asReadOnlyBuffer()));
                        model.write(bytes, third, bytes.length - third);
                    }
                    default -> {
                        assertTrue(queue.write(ByteBuffer.wrap(bytes)));
                        model.writeBytes(bytes);
                    }
                }
                assertTrue(queue.pendingBytes() <= model.size() - read.size());
                assertTrue(!queue.isFull() || model.size() > high, "full below the high water mark");
            }
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (read.size() < model.size()) {
                assertTrue(System.nanoTime() < deadline, () -> read.size() + " of " + model.size() + " read");
                readOnce(pts, read, 65536);
            }
            assertArrayEquals(model.toByteArray(), read.toByteArray());
            assertEquals(0, queue.pendingBytes());
            turn(loop);
            assertEquals("", told.fault);
            assertTrue(!queue.isFull(), "full, and never drained");
            assertEquals(0, told.changes.get() % 2, "each time that it was full it was drained");
            int before = told.changes.get();
            queue.close();
            assertEquals(before + 1, told.changes.get());
            assertTrue(queue.isLossDue());
            assertTrue(!queue.write(ByteBuffer.wrap(new byte[1])), "accepted after close");
            assertEquals(0, queue.unwrittenBytes());
        } finally {
            ptmx.close();
            loop.stop();
            loop.join();
        }
    }

    private static void readOnce(Descriptor pts, ByteArrayOutputStream read, int length) {
        if (length > 0) {
            byte[] target = new byte[length];
            int count = pts.read(target, 0, length);
            if (count > 0) {
                read.write(target, 0, count);
            } else {
                assertEquals(-Linux.EAGAIN(), count);
                Thread.onSpinWait();
            }
        }
    }

    private static void turn(EventLoop loop) throws InterruptedException {
        CountDownLatch turn = new CountDownLatch(2);
        loop.execute(() -> loop.execute(turn::countDown));
        loop.execute(turn::countDown);
        assertTrue(turn.await(20, TimeUnit.SECONDS));
    }

    /** A failure is notified under no lock: the listener may wait for a thread that writes. */
    @Example
    void aFailureIsNotifiedUnderNoLock() throws Exception {
        EventLoop loop = EventLoop.open().value();
        Ptmx ptmx = Ptmx.open().value();
        ptmx.close();
        List<String> order = new ArrayList<>();
        WriteQueue[] queue = new WriteQueue[1];
        queue[0] = new WriteQueue(new PtmxChannel(loop, ptmx), 1000, 100, false, new Told() {
            @Override
            public void failed(IOException reason) {
                order.add("failed");
            }

            @Override
            public void changed() {
                Thread other = Thread.ofPlatform().daemon().start(() -> queue[0].pendingBytes());
                try {
                    assertTrue(other.join(Duration.ofSeconds(20)), "changed is called with the lock");
                } catch (InterruptedException stop) {
                    throw new AssertionError(stop);
                }
                order.add("changed");
            }
        });
        queue[0].write(ByteBuffer.wrap(new byte[1]));
        assertEquals(List.of("failed", "changed"), order);
        loop.stop();
        loop.join();
    }

    /** Many small writes of one callback are one write(2), and the bytes of another thread come after them. */
    @Example
    void heldBytesGoOutAtAFlushOrBeforeTheNextWrite() throws Exception {
        EventLoop loop = EventLoop.open().value();
        Ptmx ptmx = Ptmx.open().value();
        try (Descriptor pts = ptmx.openOwnPts().value()) {
            byte[] characters = new byte[Termios.NCCS];
            characters[Linux.VMIN()] = 1;
            assertEquals(0, ptmx.setAttributes(new Termios(0, 0, Termios.COOKED.control(), 0, characters)));
            PtmxChannel terminal = new PtmxChannel(loop, ptmx);
            boolean[] later = {true};
            WriteQueue queue = new WriteQueue(terminal, 1000, 100, false, new Told() {
                @Override
                public boolean flushesLater() {
                    return later[0];
                }
            });
            terminal.attach(new NoOutput(), Optional.of(queue));
            for (int i = 0; i < 30; i++) {
                assertTrue(queue.write(ByteBuffer.wrap(new byte[] {(byte) i})));
            }
            assertEquals(30, queue.pendingBytes());
            assertEquals(0, terminal.descriptor().poll(Epoll.IN) & Epoll.IN);
            assertEquals(-Linux.EAGAIN(), pts.read(new byte[10], 0, 10));
            queue.flush();
            assertEquals(0, queue.pendingBytes());
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            queue.write(ByteBuffer.wrap(new byte[] {30}));
            later[0] = false;
            queue.write(ByteBuffer.wrap(new byte[] {31}));
            assertEquals(0, queue.pendingBytes());
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (read.size() < 32) {
                assertTrue(System.nanoTime() < deadline, () -> read.size() + " read");
                readOnce(pts, read, 100);
            }
            for (int i = 0; i < 32; i++) {
                assertEquals(i, read.toByteArray()[i]);
            }
        } finally {
            ptmx.close();
            loop.stop();
            loop.join();
        }
    }

    /** After the first close nothing more is accepted. */
    @Property(tries = 20)
    void aQueueThatIsClosedWithBytesPendingReportsTheirNumber(@ForAll Random random) throws Exception {
        EventLoop loop = EventLoop.open().value();
        Ptmx ptmx = Ptmx.open().value();
        try (Descriptor pts = ptmx.openOwnPts().value()) {
            assertEquals(0, ptmx.setAttributes(new Termios(0, 0, Termios.COOKED.control(), 0, new byte[Termios.NCCS])));
            PtmxChannel terminal = new PtmxChannel(loop, ptmx);
            Told told = new Told();
            WriteQueue queue = new WriteQueue(terminal, 1000, 100, false, told);
            terminal.attach(new NoOutput(), Optional.of(queue));
            terminal.listen();
            int total = 0;
            List<Integer> lengths = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                int length = random.nextInt(40_000);
                lengths.add(length);
                total += length;
                assertTrue(queue.write(ByteBuffer.allocate(length)));
            }
            int before = (int) queue.pendingBytes();
            queue.close();
            queue.close();
            turn(loop);
            assertEquals(0, queue.pendingBytes());
            assertTrue(queue.unwrittenBytes() <= before && before <= total, () -> lengths + ": " + queue.unwrittenBytes());
            assertTrue(queue.isLossDue());
            queue.lossTold();
            assertTrue(!queue.isLossDue());
            assertTrue(pts.read(new byte[10], 0, 10) > 0 || before == total);
        } finally {
            ptmx.close();
            loop.stop();
            loop.join();
        }
    }
}
