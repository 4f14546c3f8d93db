package dev.panpty.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.cast.Recording;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Escape sequences go, text stays, however the bytes are split. */
class PlainTextTest {

    private static final int CASES = 500;
    private static final String OUTPUT = "\u001b[1;31mré\u001b[0md\r\n\ta\u001b]0;title\u0007b\u001bP$qm\u001b\\c\u001b_apc\u001b\\漢\u001b[?2004h\bx\u0007\u001b(B😀";
    private static final String TEXT = "réd\r\n\tabc漢\bx😀";

    @Test
    void sequencesAreTakenOut() {
        assertEquals(TEXT, new PlainText().decode(ByteBuffer.wrap(OUTPUT.getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void aSplitMakesNoDifference() {
        byte[] bytes = OUTPUT.getBytes(StandardCharsets.UTF_8);
        for (int first = 0; first <= bytes.length; first++) {
            PlainText plain = new PlainText();
            String text = plain.decode(ByteBuffer.wrap(bytes, 0, first));
            assertEquals(TEXT, text + plain.decode(ByteBuffer.wrap(bytes, first, bytes.length - first)), "split at " + first);
        }
    }

    /** The filter of recordings is another one: CR, tab and backspace differ, text does not. */
    @Test
    void theTextOfARecordingIsTheSame() throws Exception {
        for (int seed = 0; seed < CASES; seed++) {
            byte[] output = String.join("", new RandomOutput(new Random(seed), 6, 20, Set.of(), false).next()).getBytes(StandardCharsets.UTF_8);
            ByteBuffer frame = ByteBuffer.allocate(12 + output.length).order(ByteOrder.LITTLE_ENDIAN).putInt(0).putInt(0).putInt(output.length)
                    .put(output);
            String recorded = Recording.read(new ByteArrayInputStream(frame.array())).text();
            assertEquals(printed(new PlainText().decode(ByteBuffer.wrap(output))), printed(recorded), "seed " + seed + " " + Escapes.show(output));
        }
    }

    private static String printed(String text) {
        return text.replaceAll("[\\p{Cntrl}]", "");
    }

    @Test
    void malformedBytesAreReplaced() {
        assertEquals("a\ufffdb\ufffd\ufffdc", new PlainText().decode(ByteBuffer.wrap(new byte[] {'a', (byte) 0xE6, (byte) 0xBC, 'b', (byte) 0xC0,
            (byte) 0xAF, 'c'})));
    }
}
