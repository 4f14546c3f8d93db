package dev.panpty.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.ProcessProtocol;
import dev.panpty.ProcessTransport;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.Reactor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Many terminals at once, with the number as a parameter. */
public final class ReactorCrowd {

    private static final int MESSAGES = 100;
    private static final int MESSAGE_BYTES = 64;
    private static final int SPARE = 64;
    /** A margin for the JVM's own threads, whose number varies. */
    private static final int THREADS_OF_THE_JVM = 6;

    private ReactorCrowd() {}

    /** As many as wanted, or as the machine and the limit on descriptors permit. */
    private static int possible(int wanted) throws Exception {
        int terminals = ptyNumber("max") - ptyNumber("nr") - ptyNumber("reserve") - SPARE;
        int descriptors = Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.split(" {2,}")[1])
                .mapToInt(soft -> soft.equals("unlimited") ? Integer.MAX_VALUE : Integer.parseInt(soft))
                .findAny().orElse(1024);
        int possible = Math.min(wanted, Math.min(terminals, (descriptors - Descriptors.own().size() - SPARE) / 3));
        Tools.skipUnless(possible >= 10, "terminals: " + terminals + ", descriptors: " + descriptors);
        return possible;
    }

    /** Reads lines: the kernel gives the whole number to the first read only, and Java reads a file of size 0 byte by byte otherwise. */
    private static int ptyNumber(String file) throws Exception {
        return Integer.parseInt(Files.readAllLines(Path.of("/proc/sys/kernel/pty", file)).getFirst().strip());
    }

    /** Writes to cat in cooked mode without echo, message by message, and checks its output. */
    private static final class Talk implements ProcessProtocol {

        private final int number;
        private final CountDownLatch done;
        private final StringBuilder heard = new StringBuilder();
        private ProcessTransport transport;
        private int next;
        private volatile String fault = "";

        Talk(int number, CountDownLatch done) {
            this.number = number;
            this.done = done;
        }

        private String message(int index) {
            String text = "terminal " + number + " message " + index + " ";
            return text + "x".repeat(MESSAGE_BYTES - 1 - text.length()) + "\n";
        }

        @Override
        public void connectionMade(ProcessTransport newTransport) {
            transport = newTransport;
        }

        @Override
        public void outReceived(ByteBuffer data) {
            while (data.hasRemaining()) {
                heard.append((char) data.get());
            }
            String expected = next == 0 ? "R" : message(next - 1);
            if (heard.length() < expected.length()) {
                return;
            }
            if (!heard.toString().equals(expected)) {
                fault = "received " + heard + " in place of " + expected;
                done.countDown();
                return;
            }
            heard.setLength(0);
            if (next == MESSAGES) {
                next++;
                done.countDown();
            } else if (next < MESSAGES) {
                transport.write(message(next++).getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    public static void cats(int wanted) throws Exception {
        int count = possible(wanted);
        try (Reactor reactor = Reactor.open()) {
            CountDownLatch done = new CountDownLatch(count);
            List<Talk> talks = new ArrayList<>();
            int threads = Thread.getAllStackTraces().size();
            int descriptors = Descriptors.own().size();
            for (int i = 0; i < count; i++) {
                Talk talk = new Talk(i, done);
                talks.add(talk);
                new PtyProcessBuilder("sh", "-c", "stty raw -echo; printf R; exec cat").closeGrace(Duration.ofSeconds(5)).start(reactor, talk);
            }
            int used = Descriptors.own().size() - descriptors;
            assertTrue(used <= 3 * count, used + " descriptors for " + count + " terminals");
            assertTrue(done.await(90, TimeUnit.SECONDS), () -> done.getCount() + " have not done");
            int more = Thread.getAllStackTraces().size() - threads;
            assertTrue(more <= THREADS_OF_THE_JVM, () -> more + " threads more: " + Thread.getAllStackTraces().keySet());
            for (Talk talk : talks) {
                assertEquals("", talk.fault);
            }
        }
    }

    public static void idle(int wanted, Duration time) throws Exception {
        int count = possible(wanted);
        try (Reactor reactor = Reactor.open()) {
            List<ProtocolRecorder> recorders = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                ProtocolRecorder recorder = new ProtocolRecorder();
                recorders.add(recorder);
                new PtyProcessBuilder("sh", "-c", "echo R; exec sleep 1000").closeGrace(Duration.ofSeconds(5)).start(reactor, recorder);
            }
            for (ProtocolRecorder recorder : recorders) {
                recorder.awaitOutput("R");
            }
            long before = Threads.cpuNanos(reactor);
            CountDownLatch over = new CountDownLatch(1);
            reactor.schedule(time, over::countDown);
            assertTrue(over.await(time.toSeconds() + 20, TimeUnit.SECONDS));
            long nanos = Threads.cpuNanos(reactor) - before;
            assertTrue(nanos <= 50_000_000, () -> nanos + " ns of the loop for " + count + " idle terminals");
        }
    }
}
