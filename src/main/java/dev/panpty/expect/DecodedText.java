package dev.panpty.expect;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.util.Arrays;

/**
 * The end of the searched output as characters, for regular expressions: each byte is decoded once, in steps, and what lies too far back
 * for a match is forgotten. For one thread at a time.
 */
final class DecodedText {

    /** So much is decoded and searched in one step at most. */
    static final int MOST_STEP = 16 * 1024;

    private static final int LEAST_STEP = 1024;

    private final Charset charset;
    private final CharsetDecoder decoder;
    private char[] chars;
    private int length;
    private int searchFrom; // the index from which matches may begin; what lies before is context
    private long decodedTo; // the position of the next byte to decode
    private long forgotten; // how many characters lay before the first one
    private int step = LEAST_STEP;
    // Where the last steps began: from them a character's position in bytes is counted.
    private int[] markChars = new int[8];
    private long[] markBytes = new long[8];
    private int marks;

    /** @param context the character before the position; none at the begin of the output */
    DecodedText(Charset charset, long position, CharSequence context) {
        this.charset = charset;
        decoder = replacing(charset);
        decodedTo = position;
        length = context.length();
        chars = new char[length + LEAST_STEP];
        for (int i = 0; i < length; i++) {
            chars[i] = context.charAt(i);
        }
        searchFrom = length;
    }

    private static CharsetDecoder replacing(Charset charset) {
        return charset.newDecoder().onMalformedInput(CodingErrorAction.REPLACE).onUnmappableCharacter(CodingErrorAction.REPLACE);
    }

    long decodedTo() {
        return decodedTo;
    }

    /** The position from which bytes are still needed, to count a character's position. */
    long needed() {
        return marks == 0 ? decodedTo : markBytes[0];
    }

    char[] chars() {
        return chars;
    }

    int length() {
        return length;
    }

    int searchFrom() {
        return searchFrom;
    }

    /** The number of the character at index 0, among all that were decoded. */
    long forgotten() {
        return forgotten;
    }

    /**
     * Decodes the next step.
     *
     * @param to the position up to which it may decode
     * @param ended whether the output ends there: the bytes of a character that is not complete become U+FFFD
     * @return whether there are new characters
     */
    boolean decode(Unread unread, long to, boolean ended) {
        int count = (int) Math.min(to - decodedTo, step);
        step = Math.min(step * 2, MOST_STEP);
        int most = length + (int) Math.ceil(count * (double) decoder.maxCharsPerByte()) + 1;
        if (chars.length < most) {
            chars = Arrays.copyOf(chars, Math.max(most, chars.length * 2));
        }
        mark();
        ByteBuffer source = ByteBuffer.wrap(unread.bytes(), unread.index(decodedTo), count);
        CharBuffer target = CharBuffer.wrap(chars, length, chars.length - length);
        boolean last = ended && decodedTo + count == to;
        decoder.decode(source, target, last);
        if (last) {
            decoder.flush(target);
            decoder.reset();
        }
        decodedTo += count - source.remaining();
        int before = length;
        length = target.position();
        return length > before;
    }

    private void mark() {
        if (marks == markChars.length) {
            markChars = Arrays.copyOf(markChars, marks * 2);
            markBytes = Arrays.copyOf(markBytes, marks * 2);
        }
        markChars[marks] = length;
        markBytes[marks++] = decodedTo;
    }

    /** The position in bytes of the character at an index. */
    long position(Unread unread, int index) {
        int mark = marks - 1;
        while (mark > 0 && markChars[mark] > index) {
            mark--;
        }
        int from = (int) Math.min(decodedTo - markBytes[mark], Integer.MAX_VALUE);
        ByteBuffer source = ByteBuffer.wrap(unread.bytes(), unread.index(markBytes[mark]), from);
        CharBuffer target = CharBuffer.allocate(Math.max(index - markChars[mark], 0));
        replacing(charset).decode(source, target, true);
        return markBytes[mark] + (source.position() - unread.index(markBytes[mark]));
    }

    /** All was searched: only so many characters may still be part of a match, and one more is context. */
    void keep(int lookBack) {
        int from = Math.max(searchFrom, length - lookBack);
        searchFrom = from;
        int forget = from - 1;
        if (forget > MOST_STEP + lookBack) {
            System.arraycopy(chars, forget, chars, 0, length - forget);
            length -= forget;
            searchFrom -= forget;
            forgotten += forget;
            int kept = 0;
            for (int i = 0; i < marks; i++) {
                if (i + 1 == marks || markChars[i + 1] - forget > 0) {
                    markChars[kept] = markChars[i] - forget;
                    markBytes[kept++] = markBytes[i];
                }
            }
            marks = kept;
        }
    }
}
