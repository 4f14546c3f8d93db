package dev.panpty.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.PtyProcess;
import dev.panpty.expect.Expect;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Sessions that wait on virtual threads. */
public final class ManySessions {

    private static final int MOST_BYTES = 16 * 1024;
    private static final int THREADS_OF_THE_JVM = 20; // carriers, and those that the JVM adds while it compiles

    private ManySessions() {}

    private static long heap() throws InterruptedException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    /** Starts so many, and checks that they need no platform thread each, and little heap. */
    public static void run(int count) throws Exception {
        List<PtyProcess> processes = new ArrayList<>();
        List<Expect> sessions = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                processes.add(PtyProcess.start("sh", "-c", "read x; echo bye $x"));
            }
            long heapBefore = heap();
            int threadsBefore = ManagementFactory.getThreadMXBean().getThreadCount();
            AtomicInteger found = new AtomicInteger();
            List<Thread> waiters = new ArrayList<>();
            for (PtyProcess each : processes) {
                Expect session = Expect.of(each);
                sessions.add(session);
                waiters.add(Thread.ofVirtual().start(() -> {
                    try {
                        session.expect("bye");
                        found.incrementAndGet();
                    } catch (java.io.IOException failure) {
                        throw new UncheckedIOException(failure);
                    }
                }));
            }
            for (Thread each : waiters) {
                Await.blocked(each);
            }
            long bytes = (heap() - heapBefore) / count;
            int threads = ManagementFactory.getThreadMXBean().getThreadCount() - threadsBefore;
            assertTrue(bytes < MOST_BYTES, () -> bytes + " bytes each");
            assertTrue(threads < THREADS_OF_THE_JVM, () -> threads + " threads more");
            for (Expect each : sessions) {
                each.sendLine("you");
            }
            for (Thread each : waiters) {
                each.join();
            }
            assertEquals(count, found.get());
        } finally {
            processes.forEach(PtyProcess::hangUp);
        }
    }
}
