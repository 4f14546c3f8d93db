package dev.panpty.stress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.PtyProcess;
import dev.panpty.testing.Chatter;
import dev.panpty.testing.Crowd;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.LoggedErrors;
import dev.panpty.testing.Programs;
import dev.panpty.testing.Resources;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A JVM that runs a constant mixed load, and records its resources every second. Arguments: the seconds, the seed, the file.
 */
public final class SoakLoad implements ForkedJvm.Body {

    private static final int CHAOTIC = 12;
    private static final int TALKING = 8;
    private static final int SPAWNING = 2;
    private static final int READING = 1;
    private static final long PAUSE_NANOS = 5_000_000;
    private static final int BULK_BYTES = 4 << 20;

    @Override
    public void run(String[] arguments) throws Exception {
        long start = System.nanoTime();
        long end = start + TimeUnit.SECONDS.toNanos(Integer.parseInt(arguments[0]));
        long seed = Long.parseLong(arguments[1]);
        try (PrintWriter file = new PrintWriter(Files.newBufferedWriter(Path.of(arguments[2]))); LoggedErrors logged = new LoggedErrors();
                ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor()) {
            ChaosStress.everyWayIsKnown();
            ScheduledFuture<?> samples = sampler.scheduleAtFixedRate(() -> sample(start, file), 1, 1, TimeUnit.SECONDS);
            Leaks.none(() -> Crowd.run(CHAOTIC + TALKING + SPAWNING + READING, (number, count) -> {
                if (samples.isDone()) {
                    samples.get(); // throws its failure
                }
                act(number, count, seed, end);
                LockSupport.parkNanos(PAUSE_NANOS);
                return System.nanoTime() < end;
            }));
            sampler.shutdownNow();
            assertEquals(List.of(), logged.errors());
        }
    }

    private static void sample(long start, PrintWriter file) {
        try {
            Resources now = Resources.now();
            file.printf("%.1f %d %d %d %d %d%n", (System.nanoTime() - start) / 1e9, now.rssBytes(), now.heapBytes(), now.nativeBytes(),
                    now.descriptors(), now.threads());
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static void act(int number, int count, long seed, long end) throws Exception {
        if (number < CHAOTIC) {
            new ChaosLife(seed + number * 1_000_003L + count).run();
        } else if (number < CHAOTIC + TALKING) {
            talk(end);
        } else if (number < CHAOTIC + TALKING + SPAWNING) {
            try (PtyProcess process = Chatter.builder(count, 0, count % 100, "").start()) {
                assertEquals(count % 100, process.waitFor());
            }
        } else {
            read();
        }
    }

    /** Talks to one program for the whole time. */
    private static void talk(long end) throws Exception {
        try (PtyProcess cat = Programs.rawCat()) {
            for (int i = 0; System.nanoTime() < end; i++) {
                byte[] said = ("message " + i + "\n").getBytes(StandardCharsets.US_ASCII);
                cat.getOutputStream().write(said);
                assertArrayEquals(said, cat.getInputStream().readNBytes(said.length));
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private static void read() throws Exception {
        try (PtyProcess process = Programs.rawAndThen("head -c " + BULK_BYTES + " /dev/zero")) {
            byte[] buffer = new byte[1 << 16];
            InputStream output = process.getInputStream();
            int total = 0;
            for (int read = output.read(buffer); read >= 0; read = output.read(buffer)) {
                total += read;
            }
            assertEquals(BULK_BYTES, total);
        }
    }
}
