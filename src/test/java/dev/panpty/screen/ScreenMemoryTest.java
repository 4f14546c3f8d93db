package dev.panpty.screen;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What a screen takes of the heap, by what is allocated for it. */
class ScreenMemoryTest {

    private static final int MAIN_BYTES = 64 * 1024;
    private static final int BOTH_BYTES = 128 * 1024;
    private static final int HISTORY_ROW_BYTES = 1100;
    private static final int SCREENS = 64;
    private static final int MEGABYTES = 16;
    private static final int BYTES_PER_MEGABYTE = 1024;

    private static final com.sun.management.ThreadMXBean THREADS = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static byte[] colours() {
        StringBuilder text = new StringBuilder();
        for (int row = 1; row <= 24; row++) {
            text.append("\u001b[").append(row).append(";1H");
            for (int column = 0; column < 80; column++) {
                int color = row * 80 + column;
                text.append("\u001b[1;4:3;38:2::").append(color >> 8).append(':').append(color & 255).append(":7;48:2::9:")
                        .append(color & 255).append(":1;58:2::").append(color & 255).append(":3:4mX");
            }
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** What was allocated is an upper bound of what is kept. The sequences themselves allocate nothing. */
    private static long bytesOfAScreen(byte[] output) {
        new Screen().feed(output);
        Screen[] screens = new Screen[SCREENS];
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < SCREENS; i++) {
            screens[i] = new Screen();
            screens[i].feed(output);
        }
        return (THREADS.getCurrentThreadAllocatedBytes() - before) / SCREENS;
    }

    @Test
    void aMainBufferTakes64KibWhateverItsColours() {
        long bytes = bytesOfAScreen(colours());
        assertTrue(bytes <= MAIN_BYTES, () -> bytes + " bytes");
    }

    @Test
    void bothBuffersTake128Kib() {
        byte[] colours = colours();
        byte[] both = (new String(colours, StandardCharsets.UTF_8) + "\u001b[?1049h" + new String(colours, StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.UTF_8);
        long bytes = bytesOfAScreen(both);
        assertTrue(bytes <= BOTH_BYTES, () -> bytes + " bytes");
    }

    /** A cell has 12 bytes; the rest are heads of objects, and the ring. */
    @Test
    void aRowOfTheHistoryTakesAboutAKib() {
        byte[] output = "a line\r\n".repeat(1000).getBytes(StandardCharsets.UTF_8);
        new Screen().feed(output);
        Screen screen = new Screen();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        screen.feed(output);
        long bytes = (THREADS.getCurrentThreadAllocatedBytes() - before) / screen.history().size();
        assertTrue(bytes <= HISTORY_ROW_BYTES, () -> bytes + " bytes"); // with the smaller rings that it has grown out of
    }

    /** Lines, colours, UTF-8 and cursor movement, once the history is full. */
    @Test
    void aWarmScreenAllocatesAlmostNothing() {
        Screen screen = new Screen();
        byte[] output = "a line of text that is long enough\r\n\u001b[1;31mred\u001b[0m \u001b[38;5;99m漢字é\u001b[m\r\n\u001b[3;4Hx\u001b[K\r\n\n\n"
                .repeat(10_000).getBytes(StandardCharsets.UTF_8);
        screen.feed(output);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        long fed = 0;
        while (fed < (long) MEGABYTES << 20) {
            screen.feed(output);
            fed += output.length;
        }
        long perMegabyte = (THREADS.getCurrentThreadAllocatedBytes() - before) / (fed >> 20);
        assertTrue(perMegabyte < BYTES_PER_MEGABYTE, () -> perMegabyte + " bytes for each megabyte");
    }
}
