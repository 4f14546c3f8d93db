package dev.panpty.bench;

import dev.panpty.ExitStatus;
import dev.panpty.ProcessProtocol;
import dev.panpty.ProcessTransport;
import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.TerminalAttributes;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** The workloads of {@code src/test/c/reference.c} by protocols, on the reactor's thread. */
final class EventWorkloads {

    private static final int MIB = 1 << 20;
    private static final int MESSAGE_BYTES = 64;
    private static final int MESSAGES = 100;

    /** Does it so many times, for so many terminals, or so many MiB of it. */
    void run(String workload, int count) throws Exception {
        switch (workload) {
            case "spawn" -> spawn(count);
            case "bulk" -> output("stty raw -echo; exec head -c %d /dev/zero", count);
            case "text" -> output("yes $(printf %%079d 0) | head -c %d", count);
            case "echo" -> exchange(1, 1, count);
            case "terminals" -> exchange(count, MESSAGE_BYTES, MESSAGES);
            default -> throw new UnsupportedOperationException(workload);
        }
    }

    /** Counts the bytes and tells of the end. */
    private static class Counter implements ProcessProtocol {

        final AtomicLong bytes = new AtomicLong();
        private final CountDownLatch ended;

        Counter(CountDownLatch ended) {
            this.ended = ended;
        }

        @Override
        public void outReceived(ByteBuffer data) {
            bytes.setPlain(bytes.getPlain() + data.remaining());
        }

        @Override
        public void processEnded(ExitStatus status) {
            ended.countDown();
        }
    }

    /** Sends a message, takes it back, sends the next, and hangs up after the last. */
    private static final class Exchange extends Counter {

        private final byte[] message;
        private final int messages;
        private ProcessTransport transport;
        private int sent;

        Exchange(int messageBytes, int messages, CountDownLatch ended) {
            super(ended);
            message = new byte[messageBytes];
            this.messages = messages;
        }

        @Override
        public void connectionMade(ProcessTransport connected) {
            transport = connected;
            send();
        }

        @Override
        public void outReceived(ByteBuffer data) {
            super.outReceived(data);
            if (bytes.getPlain() < (long) sent * message.length) {
                return;
            }
            if (sent < messages) {
                send();
            } else {
                transport.abortConnection();
            }
        }

        private void send() {
            sent++;
            transport.write(message);
        }
    }

    private static void spawn(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            CountDownLatch ended = new CountDownLatch(1);
            try (PtyProcess process = new PtyProcessBuilder("/bin/true").start(new Counter(ended))) {
                ended.await();
            }
        }
    }

    private static void output(String script, int mib) throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        Counter counter = new Counter(ended);
        String command = String.format(script, (long) mib * MIB);
        try (PtyProcess process = new PtyProcessBuilder("/bin/sh", "-c", command).start(counter)) {
            ended.await();
        }
        if (counter.bytes.get() < (long) mib * MIB) {
            throw new IllegalStateException("output incomplete: " + counter.bytes);
        }
    }

    private static void exchange(int terminals, int messageBytes, int messages) throws Exception {
        CountDownLatch ended = new CountDownLatch(terminals);
        PtyProcessBuilder cat = new PtyProcessBuilder("/bin/cat").attributes(TerminalAttributes.raw());
        for (int i = 0; i < terminals; i++) {
            cat.start(new Exchange(messageBytes, messages, ended));
        }
        ended.await();
    }
}
