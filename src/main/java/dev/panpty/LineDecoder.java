package dev.panpty;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes output that comes in chunks, as {@link TextDecoder} does, and splits it into lines. A line, and a character, may begin in one
 * chunk and end in another. {@link ProcessFlow#lines} is the same for a flow.
 *
 * <p>A line ends at LF, at CR LF, at CR CR LF and at a CR alone; the end is not part of the line. CR LF is what a program's LF becomes on
 * a terminal with ONLCR, see termios(3), and CR CR LF what its CR LF becomes. A CR alone, by which programs overwrite a line, as for a
 * progress bar, ends a line too, so that each state of it is a line. Except for CR CR LF, which is one end here, this is how
 * {@link String#lines} splits.
 *
 * <p>A line is given when its end is read: a CR ends it at once, and an LF after that is dropped. A prompt has no end, and so comes only
 * with what follows it: a program that waits for a prompt uses {@link TextDecoder}. Escape sequences stay in the lines.
 *
 * <p>A decoder is for one output, and for one thread at a time. It keeps the unfinished line, which has a bound.
 */
public final class LineDecoder {

    /** The bound of a line unless set, in {@code char}s. */
    static final int DEFAULT_MAX_CHARS = 64 * 1024;

    private static final int MIN_MAX_CHARS = 2; // a surrogate pair

    /**
     * What came last.
     *
     * <pre>
     *   TEXT, also LF --CR: the line ends--> CR --LF--> TEXT
     *                                        CR --CR--> CR_CR, an empty line unless LF follows
     * </pre>
     */
    private enum Last { TEXT, CR, CR_CR }

    private final TextDecoder decoder;
    private final int maxChars;
    private final StringBuilder line = new StringBuilder();
    private Last last = Last.TEXT;

    /**
     * A decoder at the begin of an output, whose lines have 65,536 chars at most.
     *
     * @param charset any; the program's is that of its locale, see locale(7)
     */
    public LineDecoder(Charset charset) {
        this(charset, DEFAULT_MAX_CHARS);
    }

    /**
     * A decoder at the begin of an output.
     *
     * @param charset any; the program's is that of its locale, see locale(7)
     * @param maxChars how many {@code char}s a line has at most, 2 or more. A longer one comes in several pieces: nothing is lost, and no
     *     surrogate pair is split
     */
    public LineDecoder(Charset charset, int maxChars) {
        decoder = new TextDecoder(charset);
        this.maxChars = checked(maxChars);
    }

    static int checked(int maxChars) {
        if (maxChars < MIN_MAX_CHARS) {
            throw new IllegalArgumentException("maxChars must be " + MIN_MAX_CHARS + " or more, was " + maxChars);
        }
        return maxChars;
    }

    /**
     * Decodes a chunk.
     *
     * @param chunk its bytes from position to limit; the position is moved to the limit
     * @return the lines that end in it
     */
    public List<String> decode(ByteBuffer chunk) {
        List<String> lines = new ArrayList<>();
        split(decoder.decode(chunk), lines);
        return lines;
    }

    /**
     * The output has ended. The decoder can be used for another one then.
     *
     * @return the last line, if it has no end
     */
    public List<String> end() {
        List<String> lines = new ArrayList<>();
        split(decoder.end(), lines);
        if (last == Last.CR_CR || !line.isEmpty()) {
            endLine(lines);
        }
        last = Last.TEXT;
        return lines;
    }

    private void split(String text, List<String> lines) {
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '\r' -> carriageReturn(lines);
                case '\n' -> lineFeed(lines);
                default -> append(text.charAt(i), lines);
            }
        }
    }

    private void carriageReturn(List<String> lines) {
        if (last != Last.CR) {
            endLine(lines); // an empty one if it was CR_CR
        }
        last = last == Last.TEXT ? Last.CR : Last.CR_CR;
    }

    private void lineFeed(List<String> lines) {
        if (last == Last.TEXT) {
            endLine(lines);
        }
        last = Last.TEXT;
    }

    private void append(char next, List<String> lines) {
        boolean full = line.length() == maxChars || line.length() == maxChars - 1 && Character.isHighSurrogate(next);
        if (full || last == Last.CR_CR) {
            endLine(lines);
        }
        last = Last.TEXT;
        line.append(next);
    }

    private void endLine(List<String> lines) {
        lines.add(line.toString());
        line.setLength(0);
    }
}
