package dev.panpty.internal.loop;

import dev.panpty.internal.gen.Linux;
import dev.panpty.internal.sys.LineEnds;
import dev.panpty.internal.sys.Ptmx;
import dev.panpty.internal.sys.Termios;

/**
 * Knows the line being typed. In canonical mode the kernel keeps 4,095 bytes of a line and drops the rest in silence while the write
 * succeeds; and VEOF ends the input at the start of a line, but only pushes an unfinished one. So those who write ask here, and say what
 * they wrote. Guarded by its owner's lock.
 *
 * <pre>
 *   a write comes --{@link #accept}--> REFUSED: nothing is taken
 *                                  --> accepted: all of it is to be written, behind what was accepted before
 *   before each write(2) --{@link #admissible}--> so many of the next bytes, {@value #MOST_BYTES} at most --written--> {@link #typed}
 *                                             --> 0: the line would be cut --{@link #split}--> VEOF --written--> {@link #typed}
 *                                                                                          --> nothing: the rest is given up
 *   input is flushed --{@link #discarded}--> an empty line
 *   the end comes --{@link #endOfInput}, {@link #push}--> VEOF, once or twice or not at all --written--> {@link #typed}
 * </pre>
 *
 * <p>Two lines are counted: as it will be when all is written that was accepted, and as it is. Each is judged by the terminal's mode at that
 * moment, which the program may change in between. What the kernel took and has not processed yet, up to 12 KB, is judged by the mode when
 * it is, and may be cut.
 *
 * <p>A write that may end a line of more than some hundred bytes looks up the mode, one system call: in raw mode there are no
 * lines, and what ends one can be changed. Up to there only a newline is taken for an end, whatever the mode; so a line may seem longer
 * than it is by what was typed just before the terminal became canonical, as it does by editing characters, which count as bytes.
 */
final class LineGuard {

    /** A line without its end. */
    static final int MAX_LINE_BYTES = 4095;

    /** Of one write(2); {@link #admissible} looks at twice as many. */
    static final int MOST_BYTES = 4096;

    /** In place of a number of bytes. */
    static final int REFUSED = Integer.MIN_VALUE;

    static final String REFUSAL = "a line of more than " + MAX_LINE_BYTES + " bytes, which a terminal in canonical mode would cut";

    private static final int UNSEEN_BYTES = 256;
    private static final byte[] NOTHING = {};

    private final Ptmx ptmx;
    private final boolean split;
    private final LineEnds ends = new LineEnds();
    private final byte[] endOfFile = new byte[1];
    private boolean seen; // whether the mode was looked up for what is typed next
    private int acceptedBytes; // of the line, when all is written that was accepted
    private int lineBytes; // of the line as it is
    private int lastByte = EndOfFile.NONE;

    /** @param split whether long lines are to be pushed in pieces, where the terminal has a VEOF to do it by */
    LineGuard(Ptmx ptmx, boolean split) {
        this.ptmx = ptmx;
        this.split = split;
    }

    /**
     * Accepts all of the remaining bytes, and answers as {@link #admissible} does for an immediate write; or {@link #REFUSED}, or the
     * negative errno where the mode cannot be looked up.
     *
     * @param behind whether bytes that were accepted before are still to be written
     */
    int accept(Source source, boolean behind) {
        int before = behind ? acceptedBytes : lineBytes;
        int count = source.remaining();
        int error = look(before + (long) count);
        if (error < 0) {
            return error;
        }
        if (!maySplit() && fitting(source, before, count) < count) {
            return REFUSED;
        }
        acceptedBytes = lineAfter(source, source.position(), source.position() + count, before);
        return admissibleNow(source);
    }

    /**
     * How many of the remaining bytes may be written now: as a rule all, {@value #MOST_BYTES} at most; 0 if the line would be cut. The negative
     * errno where that cannot be known.
     */
    int admissible(Source source) {
        int error = look(lineBytes + (long) source.remaining());
        return error < 0 ? error : admissibleNow(source);
    }

    /** VEOF, after {@link #admissible} has answered 0, if the line is to be pushed by it and the terminal has one; else nothing. */
    byte[] split() {
        endOfFile[0] = ends.endOfFile();
        return maySplit() ? endOfFile : NOTHING;
    }

    /** The kernel took the bytes between two positions, before which {@link #admissible} or {@link #accept} was asked. */
    void typed(Source source, int from, int to) {
        lineBytes = lineAfter(source, from, to, lineBytes);
        lastByte = to > from ? source.get(to - 1) & 0xff : lastByte;
    }

    /** The kernel took bytes of the end of the input, or of what pushes a line. */
    void typedEnd(byte endOfFile) {
        lineBytes = 0;
        lastByte = endOfFile & 0xff;
    }

    /** What was typed and not read was flushed. */
    void discarded() {
        lineBytes = 0;
        lastByte = EndOfFile.NONE;
    }

    /** As many VEOF as end the input, with these attributes. */
    byte[] endOfInput(Termios now) {
        return EndOfFile.after(lastByte, now);
    }

    /** What makes an unfinished line readable, with these attributes; nothing where there is none. */
    byte[] push(Termios now) {
        return EndOfFile.push(lastByte, now);
    }

    private boolean maySplit() {
        return split && seen && ends.hasEndOfFile();
    }

    /** Looks up the mode where a line may come to so many bytes; 0 or the negative errno. */
    private int look(long bytes) {
        seen = bytes > UNSEEN_BYTES;
        return seen ? ptmx.readLineEnds(ends) : 0;
    }

    private int admissibleNow(Source source) {
        int most = Math.min(source.remaining(), MOST_BYTES);
        int fitting = fitting(source, lineBytes, split ? most : Math.min(source.remaining(), 2 * MOST_BYTES));
        return Math.min(fitting, most);
    }

    /** How many of the next bytes, at most so many, fit behind a line of that length; where lines are not split, whole lines. */
    private int fitting(Source source, int before, int count) {
        if (!seen || !ends.isCanonical() || before + (long) count <= MAX_LINE_BYTES) {
            return count;
        }
        int run = before;
        int whole = 0;
        for (int i = 0; i < count; i++) {
            boolean end = ends.isEnd(source.get(source.position() + i));
            run = end ? 0 : run + 1;
            whole = end ? i + 1 : whole;
            if (run > MAX_LINE_BYTES) {
                return maySplit() ? i : whole;
            }
        }
        return count;
    }

    /** The length of the line after the bytes between two positions, typed behind a line of that length. */
    private int lineAfter(Source source, int from, int to, int before) {
        if (seen && !ends.isCanonical()) {
            return 0;
        }
        for (int i = to - 1; i >= from; i--) {
            if (seen ? ends.isEnd(source.get(i)) : source.get(i) == '\n') {
                return to - 1 - i;
            }
        }
        return before + to - from;
    }
}
