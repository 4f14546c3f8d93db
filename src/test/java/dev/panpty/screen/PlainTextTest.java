package dev.panpty.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Escape sequences go, text stays, however the bytes are split. */
class PlainTextTest {

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

    @Test
    void malformedBytesAreReplaced() {
        assertEquals("a\ufffdb\ufffd\ufffdc", new PlainText().decode(ByteBuffer.wrap(new byte[] {'a', (byte) 0xE6, (byte) 0xBC, 'b', (byte) 0xC0,
            (byte) 0xAF, 'c'})));
    }
}
