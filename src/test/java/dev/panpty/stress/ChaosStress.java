package dev.panpty.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.SpawnStrategy;
import dev.panpty.testing.Chatter;
import dev.panpty.testing.Children;
import dev.panpty.testing.Crowd;
import dev.panpty.testing.Descriptors;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.LoggedErrors;
import dev.panpty.testing.Way;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random mixed load: with the profile {@code stress} only. {@code -Dpanpty.seed} sets the seed, {@code -Dpanpty.chaosSeconds} the time.
 */
class ChaosStress {

    private static final int CHILDREN = 50;
    private static final int SPAWNS = 20_000;
    private static final int SPAWNING_THREADS = 8;

    @Test
    @Timeout(300)
    void fiftyChildrenInChaosAreAccountedForToTheLastByte() throws Exception {
        Duration time = Duration.ofSeconds(Long.getLong("panpty.chaosSeconds", 60));
        long seed = Long.getLong("panpty.seed", System.nanoTime());
        System.out.println("chaos: " + time + ", -Dpanpty.seed=" + seed);
        AtomicInteger lives = new AtomicInteger();
        try (LoggedErrors logged = new LoggedErrors()) {
            Leaks.none(() -> {
                long end = System.nanoTime() + time.toNanos();
                Crowd.run(CHILDREN, (number, life) -> {
                    if (System.nanoTime() >= end) {
                        return false;
                    }
                    new ChaosLife(seed + number * 1_000_003L + life).run();
                    lives.incrementAndGet();
                    return true;
                });
            });
            assertEquals(List.of(), logged.errors());
        }
        System.out.println("chaos: " + lives + " lives");
    }

    @Test
    @Timeout(300)
    void twentyThousandSpawnsLeaveNothingBehind() throws Exception {
        AtomicInteger descriptors = new AtomicInteger();
        AtomicInteger threads = new AtomicInteger();
        AtomicInteger zombies = new AtomicInteger();
        int before = Descriptors.own().size();
        long start = System.nanoTime();
        Leaks.none(() -> Crowd.run(SPAWNING_THREADS, (number, count) -> {
            int code = (count * SPAWNING_THREADS + number) % 100;
            SpawnStrategy strategy = count % 2 == 0 ? SpawnStrategy.POSIX_SPAWN : SpawnStrategy.FORK_EXEC;
            try (PtyProcess process = Chatter.builder(count, 0, code, "").spawnStrategy(strategy).start()) {
                assertEquals(code, process.waitFor());
                assertEquals(strategy, process.spawnStrategy());
            }
            if (count % 100 == 0) {
                descriptors.accumulateAndGet(Descriptors.own().size(), Math::max);
                threads.accumulateAndGet(Thread.getAllStackTraces().size(), Math::max);
                zombies.accumulateAndGet((int) Children.all().stream().filter(child -> child.endsWith("Z")).count(), Math::max);
            }
            return count < SPAWNS / SPAWNING_THREADS - 1;
        }));
        System.out.printf("%d spawns in %d s, at most %d descriptors (%d before), %d platform threads, %d zombies%n", SPAWNS,
                (System.nanoTime() - start) / 1_000_000_000, descriptors.get(), before, threads.get(), zombies.get());
        assertTrue(descriptors.get() <= before + 8 * SPAWNING_THREADS, descriptors::toString);
        assertTrue(threads.get() <= 8 * SPAWNING_THREADS, threads::toString);
        assertTrue(zombies.get() <= SPAWNING_THREADS, zombies::toString);
    }

    /** Creates what lives as long as the JVM, the trampoline included, so that it does not count as a leak. */
    @BeforeAll
    static void everyWayIsKnown() throws Exception {
        for (Way way : Way.all()) {
            try (PtyProcess process = new PtyProcessBuilder("true").spawnStrategy(way.strategy()).start()) {
                assertEquals(0, process.waitFor());
            }
        }
    }
}
