package dev.panpty.bench;

import dev.panpty.ExitStatus;
import dev.panpty.ProcessProtocol;
import dev.panpty.ProcessTransport;
import dev.panpty.Producer;
import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The workloads by protocols, on the reactor's thread. */
final class EventWorkloads implements Work {

    private static final int MIB = 1 << 20;
    private static final int MESSAGE_BYTES = 64;

    private final String counterpart;

    EventWorkloads(String counterpart) {
        this.counterpart = counterpart;
    }

    /** Counts the bytes and notifies of the end, after which the count may be read. */
    private static final class Counter implements ProcessProtocol {

        private final CountDownLatch ended = new CountDownLatch(1);
        private long bytes;

        @Override
        public void outReceived(ByteBuffer data) {
            bytes += data.remaining();
        }

        @Override
        public void processEnded(ExitStatus status) {
            ended.countDown();
        }
    }

    /** Sends a message, receives it back, sends the next. */
    private static final class Exchange implements ProcessProtocol {

        private final byte[] message;
        private final long[] laps;
        private final CountDownLatch ready;
        private final CountDownLatch done;
        private ProcessTransport transport;
        private boolean begun;
        private int sent;
        private int received;
        private long sentAtNanos;

        Exchange(int messageBytes, long[] laps, CountDownLatch ready, CountDownLatch done) {
            message = new byte[messageBytes];
            this.laps = laps;
            this.ready = ready;
            this.done = done;
        }

        @Override
        public void connectionMade(ProcessTransport connected) {
            transport = connected;
        }

        @Override
        public void outReceived(ByteBuffer data) {
            if (!begun) {
                begun = true; // it was the counterpart's "R"
                ready.countDown();
                return;
            }
            received += data.remaining();
            if (received == message.length) {
                laps[sent++] = System.nanoTime() - sentAtNanos;
                if (sent < laps.length) {
                    send();
                } else {
                    done.countDown();
                }
            }
        }

        /** The caller that waited for {@code ready} sends the first message; outReceived sends the others. */
        void send() {
            received = 0;
            sentAtNanos = System.nanoTime();
            transport.write(message);
        }
    }

    /** Writes after each drain, and collects the output. */
    private static final class Feeder implements ProcessProtocol, Producer.Pull {

        private final Feed feed;
        private final Meter meter;
        private final int mib;
        private final CountDownLatch ended = new CountDownLatch(1);
        private final StringBuilder output = new StringBuilder();
        private ProcessTransport transport;

        Feeder(int mib, Meter meter) {
            this.mib = mib;
            this.meter = meter;
            feed = new Feed(mib);
        }

        @Override
        public void connectionMade(ProcessTransport connected) {
            transport = connected;
        }

        @Override
        public void outReceived(ByteBuffer data) {
            boolean ready = output.isEmpty();
            output.append(StandardCharsets.US_ASCII.decode(data));
            if (ready) {
                meter.begin();
                transport.registerProducer(this);
            }
        }

        @Override
        public void resumeProducing() {
            if (feed.hasNext()) {
                transport.write(feed.next());
            } else {
                meter.end(mib);
                transport.unregisterProducer();
            }
        }

        @Override
        public void stopProducing() {
            // the hash would differ
        }

        @Override
        public void processEnded(ExitStatus status) {
            ended.countDown();
        }
    }

    @Override
    public void spawn(int count, Meter meter) throws Exception {
        meter.begin();
        for (int i = 0; i < count; i++) {
            toEnd(new Counter(), "/bin/true");
        }
        meter.end(count);
    }

    @Override
    public void output(String role, int mib, Meter meter) throws Exception {
        Counter counter = new Counter();
        meter.begin();
        toEnd(counter, counterpart, role, Integer.toString(mib));
        meter.end(mib);
        if (counter.bytes < (long) mib * MIB) {
            throw new IllegalStateException("output incomplete: " + counter.bytes);
        }
    }

    private static void toEnd(Counter counter, String... command) throws Exception {
        try (PtyProcess process = new PtyProcessBuilder(command).start(counter)) {
            counter.ended.await();
        }
    }

    @Override
    public void echo(int count, Meter meter) throws Exception {
        meter.laps(exchange(1, 1, count, meter));
    }

    @Override
    public void feed(int mib, Meter meter) throws Exception {
        Feeder feeder = new Feeder(mib, meter);
        try (PtyProcess process = new PtyProcessBuilder(counterpart, "sum", Integer.toString(mib)).start(feeder)) {
            feeder.ended.await();
        }
        feeder.feed.check(feeder.output.substring(1));
    }

    @Override
    public void terminals(int count, Meter meter) throws Exception {
        meter.beginGrowth();
        exchange(count, MESSAGE_BYTES, Meter.messages(count), meter);
    }

    /** Measures from the first start to the last reap; returns the round trips of the last terminal. */
    private long[] exchange(int terminals, int messageBytes, int messages, Meter meter) throws Exception {
        List<PtyProcess> processes = new ArrayList<>();
        List<Exchange> exchanges = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(terminals);
        long[] laps = new long[messages];
        meter.begin();
        for (int i = 0; i < terminals; i++) {
            CountDownLatch ready = new CountDownLatch(1);
            Exchange exchange = new Exchange(messageBytes, laps, ready, done);
            processes.add(new PtyProcessBuilder(counterpart, "echo").start(exchange));
            exchanges.add(exchange);
            ready.await();
        }
        exchanges.forEach(Exchange::send);
        done.await();
        meter.pause();
        meter.endGrowth(terminals);
        meter.begin();
        processes.forEach(PtyProcess::destroyForcibly);
        processes.forEach(process -> process.onEnd().join());
        meter.end((long) terminals * messages);
        return laps;
    }
}
