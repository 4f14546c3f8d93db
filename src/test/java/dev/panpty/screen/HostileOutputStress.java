package dev.panpty.screen;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.WindowSize;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code HostileOutputTest} for ten minutes: with the profile {@code stress} only. */
class HostileOutputStress {

    private static final Duration TIME = Duration.ofMinutes(Integer.getInteger("panpty.fuzzMinutes", 10));
    private static final long SLOW_NANOS = Duration.ofSeconds(5).toNanos();

    @Test
    @Timeout(3600)
    void anyBytesAreTaken() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        long end = System.nanoTime() + TIME.toNanos();
        long rounds = 0;
        while (System.nanoTime() - end < 0) {
            Screen screen = new Screen(new WindowSize(6, 20), 20).answering(answer -> { }).synchronizedOutputLimit(Duration.ofMillis(1));
            for (int i = 0; i < 1000; i++, rounds++) {
                byte[] output = new HostileOutput(random).next();
                long start = System.nanoTime();
                try {
                    HostileOutput.feed(screen, output, random);
                } catch (RuntimeException thrown) {
                    throw new AssertionError("seed " + seed + " round " + rounds + " " + Escapes.show(output), thrown);
                }
                assertTrue(System.nanoTime() - start < SLOW_NANOS, () -> "seed " + seed + " hangs: " + Escapes.show(output));
            }
        }
        System.out.println(rounds + " outputs");
    }
}
