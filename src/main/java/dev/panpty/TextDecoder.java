package dev.panpty;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;

/**
 * Decodes output that comes in chunks, as {@link ProcessProtocol#outReceived} gets it. A chunk may end inside a character: its first bytes
 * are kept, and the character comes with the chunk that has the rest. {@link ProcessFlow#text} is the same for a flow, {@link LineDecoder}
 * gives lines.
 *
 * <p>The texts joined are what the charset makes of all bytes at once, however these are split. Bytes that are malformed, and characters
 * that have no mapping, become U+FFFD. A decoder is for one output, and for one thread at a time. It keeps the bytes of one unfinished
 * character, and a buffer of 2 KiB.
 */
public final class TextDecoder {

    private static final int BUFFER_CHARS = 1024;
    private static final byte[] NONE = {};

    private final CharsetDecoder decoder;
    private final CharBuffer characters = CharBuffer.allocate(BUFFER_CHARS);
    private byte[] unfinished = NONE; // the first bytes of a character

    /**
     * A decoder at the begin of an output.
     *
     * @param charset any, also one with a state as ISO-2022-JP; the program's is that of its locale, see locale(7). One that detects the
     *     encoding, see {@link CharsetDecoder#isAutoDetecting}, as x-JISAutoDetect, looks at the chunks: for it the split matters
     */
    public TextDecoder(Charset charset) {
        decoder = requireNonNull(charset, "charset").newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE)
                .replaceWith("\uFFFD");
    }

    /**
     * Decodes a chunk.
     *
     * @param chunk its bytes from position to limit; the position is moved to the limit
     * @return the characters that are complete; empty if there are none
     */
    public String decode(ByteBuffer chunk) {
        requireNonNull(chunk, "chunk");
        ByteBuffer bytes = chunk;
        if (unfinished.length > 0) {
            bytes = ByteBuffer.allocate(unfinished.length + chunk.remaining()).put(unfinished).put(chunk).flip();
        }
        String text = decode(bytes, false);
        unfinished = bytes.hasRemaining() ? new byte[bytes.remaining()] : NONE;
        bytes.get(unfinished);
        return text;
    }

    /**
     * The output has ended. The decoder can be used for another one then.
     *
     * @return U+FFFD for a character that is not complete; else empty, unless the charset ends a text with characters of its own
     */
    public String end() {
        ByteBuffer bytes = ByteBuffer.wrap(unfinished);
        unfinished = NONE;
        String text = decode(bytes, true);
        decoder.reset();
        return text;
    }

    private String decode(ByteBuffer bytes, boolean end) {
        StringBuilder text = new StringBuilder(bytes.remaining());
        CoderResult result;
        do {
            result = decoder.decode(bytes, characters, end);
            if (end && result.isUnderflow()) {
                result = decoder.flush(characters);
            }
            text.append(characters.flip());
            characters.clear();
        } while (result.isOverflow());
        return text.toString();
    }
}
