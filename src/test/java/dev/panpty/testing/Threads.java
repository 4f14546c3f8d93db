package dev.panpty.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.Reactor;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** The CPU time of the threads of this JVM. */
public final class Threads {

    /** Long enough for a spinning thread to use a multiple of the permitted time, on a busy machine too. */
    private static final Duration WINDOW = Duration.ofSeconds(1);

    private static final long ALLOWED_NANOS = 300_000_000;

    private static final ThreadMXBean BEAN = ManagementFactory.getThreadMXBean();

    private Threads() {}

    /** Empty if the threads with this prefix use hardly any CPU time from now on; returns early if they use more. */
    public static String spinning(String prefix) throws Exception {
        long before = used(prefix);
        boolean spins = Await.within(WINDOW, () -> used(prefix) - before > ALLOWED_NANOS);
        return spins ? prefix + " used more than " + Duration.ofNanos(ALLOWED_NANOS) + " within " + WINDOW : "";
    }

    private static long used(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(prefix))
                .mapToLong(thread -> Math.max(0, BEAN.getThreadCpuTime(thread.threadId())))
                .sum();
    }

    /** The CPU time of the reactor's thread, measured on that thread. */
    public static long cpuNanos(Reactor reactor) {
        AtomicReference<Long> nanos = new AtomicReference<>();
        CountDownLatch asked = new CountDownLatch(1);
        reactor.execute(() -> {
            nanos.set(BEAN.getCurrentThreadCpuTime());
            asked.countDown();
        });
        try {
            assertTrue(asked.await(20, TimeUnit.SECONDS));
        } catch (InterruptedException stop) {
            throw new AssertionError(stop);
        }
        return nanos.get();
    }
}
