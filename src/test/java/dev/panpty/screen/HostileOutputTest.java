package dev.panpty.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.WindowSize;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No output makes a screen throw, hang or take memory without end. {@code HostileOutputStress} goes on for ten minutes. */
@Timeout(60)
class HostileOutputTest {

    private static final int ROUNDS = 3000;
    private static final int MEGABYTE = 1 << 20;
    private static final int OPEN_STRING_BYTES = 64 * MEGABYTE;
    private static final int MARKS = 100_000;

    @Test
    void anyBytesAreTaken() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Screen screen = new Screen(new WindowSize(6, 20), 20).answering(answer -> { }).synchronizedOutputLimit(Duration.ofMillis(1));
        for (int round = 0; round < ROUNDS; round++) {
            byte[] output = new HostileOutput(random).next();
            try {
                HostileOutput.feed(screen, output, random);
            } catch (RuntimeException thrown) {
                throw new AssertionError("seed " + seed + " round " + round + " " + Escapes.show(output), thrown);
            }
        }
    }

    private static long allocated(Runnable work) {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    /** Bounded by what is allocated at all, so whatever the collector does. */
    private static void takesLittle(String begin, byte[] repeated, long bytes) {
        Screen screen = new Screen(new WindowSize(6, 20), 20);
        screen.feed(begin.getBytes(StandardCharsets.UTF_8));
        long allocated = allocated(() -> {
            for (long fed = 0; fed < bytes; fed += repeated.length) {
                screen.feed(repeated);
            }
        });
        assertTrue(allocated < MEGABYTE, () -> begin + ": " + allocated + " bytes");
        screen.feed("\u001b\\\u001b[2J\u001b[Hok".getBytes(StandardCharsets.UTF_8));
        assertEquals("ok", screen.snapshot().line(0));
    }

    @Test
    void anOpenStringTakesNoMemory() {
        byte[] piece = "x".repeat(MEGABYTE).getBytes(StandardCharsets.UTF_8);
        takesLittle("\u001b]2;", piece, OPEN_STRING_BYTES);
        takesLittle("\u001bP$q", piece, OPEN_STRING_BYTES);
        takesLittle("\u001b_", piece, OPEN_STRING_BYTES);
    }

    @Test
    void parametersWithoutEndTakeNoMemory() {
        takesLittle("\u001b[", "1234567;".repeat(1000).getBytes(StandardCharsets.UTF_8), 8 * MEGABYTE);
        takesLittle("\u001b[4", ":1".repeat(1000).getBytes(StandardCharsets.UTF_8), 8 * MEGABYTE);
        takesLittle("\u001b", " ".repeat(1000).getBytes(StandardCharsets.UTF_8), 8 * MEGABYTE);
    }

    @Test
    void aCellKeepsAFewMarks() {
        Screen screen = new Screen();
        screen.feed(("a" + "\u0301".repeat(MARKS)).getBytes(StandardCharsets.UTF_8));
        assertEquals("a" + "\u0301".repeat(Cells.MOST_MARKS), screen.snapshot().cell(0, 0).text());
    }

    @Test
    void aTitleThatIsTooLongIsDroppedAsAWhole() {
        Screen screen = new Screen();
        screen.feed(("\u001b]2;before\u0007\u001b]2;" + "x".repeat(Parser.MAX_STRING) + "\u0007text").getBytes(StandardCharsets.UTF_8));
        assertEquals("before", screen.snapshot().title());
        assertEquals("text", screen.snapshot().text());
    }

    @Test
    void aRepetitionIsBounded() {
        Screen screen = new Screen(new WindowSize(6, 20), 0);
        screen.feed("a\u001b[99999999999b\u001b[99999999999L\u001b[99999999999S\u001b[99999999999I".getBytes(StandardCharsets.UTF_8));
        assertEquals("", screen.snapshot().text());
    }
}
