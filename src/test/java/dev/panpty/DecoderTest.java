package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.panpty.testing.ProtocolRecorder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Text and lines from chunks; see also {@link DecoderProperties}. */
class DecoderTest {

    private static ByteBuffer bytes(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length);
        for (int value : values) {
            bytes.put((byte) value);
        }
        return bytes.flip();
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void aCharacterThatIsCutComesWithItsLastByte() {
        TextDecoder decoder = new TextDecoder(StandardCharsets.UTF_8);
        assertEquals("x", decoder.decode(bytes('x', 0xe2)));
        assertEquals("", decoder.decode(bytes(0x82)));
        assertEquals("\u20acy", decoder.decode(bytes(0xac, 'y')));
        assertEquals("", decoder.end());
    }

    @Test
    void whatIsCutByTheEndIsReplaced() {
        TextDecoder decoder = new TextDecoder(StandardCharsets.UTF_8);
        assertEquals("x", decoder.decode(bytes('x', 0xe2, 0x82)));
        assertEquals("\ufffd", decoder.end());
        assertEquals("", decoder.end());
        assertEquals("\ufffdz", decoder.decode(bytes(0x82, 'z'))); // a new output
    }

    @Test
    void eachEndOfLineEndsOneLine() {
        LineDecoder decoder = new LineDecoder(StandardCharsets.UTF_8);
        assertEquals(List.of("a", "b", "c", "", "d"), decoder.decode(ascii("a\nb\r\nc\r\r\n\nd\re")));
        assertEquals(List.of("e"), decoder.end());
        assertEquals(List.of(), decoder.end());
    }

    @Test
    void aProgressBarGivesEachOfItsStatesAtOnce() {
        LineDecoder decoder = new LineDecoder(StandardCharsets.UTF_8);
        assertEquals(List.of("10 %"), decoder.decode(ascii("10 %\r")));
        assertEquals(List.of("20 %"), decoder.decode(ascii("20 %\r")));
        assertEquals(List.of(), decoder.decode(ascii("\n")));
        assertEquals(List.of(""), decoder.decode(ascii("\n")));
        assertEquals(List.of(), decoder.end());
    }

    @Test
    void carriageReturnsAloneAreEmptyLinesWithoutALimit() {
        LineDecoder decoder = new LineDecoder(StandardCharsets.UTF_8);
        int lines = 0;
        for (int i = 0; i < 1000; i++) {
            lines += decoder.decode(ascii("\r".repeat(1000))).size();
        }
        assertEquals(1_000_000 - 1, lines); // the last may belong to a line feed
        assertEquals(List.of(""), decoder.end());
    }

    @Test
    void aLineThatIsTooLongComesInPieces() {
        LineDecoder decoder = new LineDecoder(StandardCharsets.UTF_8, 4);
        assertEquals(List.of("abcd"), decoder.decode(ascii("abcdef")));
        assertEquals(List.of("efgh", "1234", ""), decoder.decode(ascii("gh\n1234\n\n")));
        assertEquals(List.of("abc"), decoder.decode(ByteBuffer.wrap("abc\ud83d\ude00".getBytes(StandardCharsets.UTF_8))));
        assertEquals(List.of("\ud83d\ude00"), decoder.end());
    }

    @Test
    void aBoundOfLessThanASurrogatePairIsRefused() {
        for (int maxChars : new int[] {1, 0, -1}) {
            Exception refused = assertThrows(IllegalArgumentException.class, () -> new LineDecoder(StandardCharsets.UTF_8, maxChars));
            assertEquals("maxChars must be 2 or more, was " + maxChars, refused.getMessage());
            assertThrows(IllegalArgumentException.class, () -> new ProcessFlow().lines(StandardCharsets.UTF_8, maxChars));
        }
    }

    /** The reactor's buffer is direct, read-only, and only valid during the call. */
    @Test
    void outReceivedMayGiveOneByteAtATime() throws Exception {
        byte[] typed = "h\u00e9 \u20ac \ud83d\ude00".getBytes(StandardCharsets.UTF_8);
        TextDecoder decoder = new TextDecoder(StandardCharsets.UTF_8);
        List<String> texts = new ArrayList<>();
        ProtocolRecorder recorder = new ProtocolRecorder() {
            @Override
            public void outReceived(ByteBuffer data) {
                texts.add(decoder.decode(data.duplicate()));
                super.outReceived(data);
            }
        };
        try (PtyProcess process = new PtyProcessBuilder("sh", "-c", "stty raw -echo; printf R; exec cat").start(recorder)) {
            recorder.awaitOutput("R");
            for (int i = 0; i < typed.length; i++) {
                process.write(new byte[] {typed[i]});
                recorder.awaitSize(2 + i);
            }
            process.abortConnection();
            recorder.awaitEnd();
        }
        assertEquals("Rh\u00e9 \u20ac \ud83d\ude00", String.join("", texts));
        assertEquals(typed.length + 1, texts.size());
    }
}
