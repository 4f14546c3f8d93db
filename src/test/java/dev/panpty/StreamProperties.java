package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.testing.Programs;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** The streams under random bytes, slices and sizes. jqwik prints the seed. */
class StreamProperties {

    private static PtyProcess cat;

    @BeforeContainer
    static void start() throws Exception {
        cat = Programs.rawCat();
    }

    @AfterContainer
    static void close() {
        cat.close();
    }

    @Property(tries = 300)
    void bytesWrittenInAnySlicesAreReadInAnySlices(
            @ForAll @Size(min = 1, max = 20) List<@Size(max = 300) byte[]> pieces, @ForAll @IntRange(min = 1, max = 700) int atMost)
            throws Exception {
        int total = 0;
        for (byte[] piece : pieces) {
            byte[] padded = new byte[piece.length + 4];
            System.arraycopy(piece, 0, padded, 2, piece.length);
            cat.getOutputStream().write(padded, 2, piece.length);
            total += piece.length;
        }
        byte[] expected = new byte[total];
        int at = 0;
        for (byte[] piece : pieces) {
            System.arraycopy(piece, 0, expected, at, piece.length);
            at += piece.length;
        }
        assertArrayEquals(expected, read(total, atMost));
        assertEquals(0, cat.getInputStream().available());
    }

    private static byte[] read(int total, int atMost) throws Exception {
        InputStream in = cat.getInputStream();
        byte[] result = new byte[total];
        for (int done = 0; done < total; ) {
            byte[] target = new byte[atMost + 2];
            int count = in.read(target, 1, Math.min(atMost, total - done));
            assertEquals(0, target[0]);
            assertEquals(0, target[count + 1]);
            System.arraycopy(target, 1, result, done, count);
            done += count;
        }
        return Arrays.copyOf(result, total);
    }

    @Property(tries = 300)
    void everyWindowSizeIsReadBackAsSet(
            @ForAll @IntRange(max = 65535) int rows, @ForAll @IntRange(max = 65535) int columns,
            @ForAll @IntRange(max = 65535) int width, @ForAll @IntRange(max = 65535) int height) throws Exception {
        WindowSize size = new WindowSize(rows, columns, width, height);
        cat.resize(size);
        assertEquals(size, cat.windowSize());
    }
}
