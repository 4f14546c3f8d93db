package dev.panpty.internal.loop;

import dev.panpty.internal.sys.LineEnds;
import dev.panpty.internal.sys.Ptmx;

/**
 * Knows how long the line being typed is. In canonical mode the kernel keeps 4,095 bytes of a line and drops the rest in silence while
 * the write succeeds; so whoever writes asks here first. Guarded by its owner's lock or turn.
 *
 * <p>A write that may end a line of more than some hundred bytes looks at the terminal, one system call: in raw mode there are no
 * lines, and what ends one can be changed. Up to there only a newline is taken for an end, whatever the mode; so a line may seem longer
 * than it is by what was typed just before the terminal became canonical, as it does by editing characters, which count as bytes.
 */
final class LineGuard {

    /** A line without its end. */
    static final int MAX_LINE_BYTES = 4095;

    static final String REFUSAL = "a line of more than " + MAX_LINE_BYTES + " bytes, which a terminal in canonical mode would cut";

    private static final int UNSEEN_BYTES = 256;

    private final Ptmx ptmx;
    private final boolean split;
    private final LineEnds ends = new LineEnds();
    private boolean seen;
    private int lineBytes;

    /** @param split whether long lines are to be pushed in pieces, where the terminal has a VEOF to do it by */
    LineGuard(Ptmx ptmx, boolean split) {
        this.ptmx = ptmx;
        this.split = split;
    }

    /**
     * How many of the remaining bytes may be typed before the kernel would cut the line: as a rule all. The negative errno where that cannot
     * be known.
     */
    int admissible(Source source) {
        int count = source.remaining();
        seen = lineBytes + (long) count > UNSEEN_BYTES;
        if (!seen) {
            return count;
        }
        int error = ptmx.readLineEnds(ends);
        if (error < 0) {
            return error;
        }
        if (!ends.isCanonical() || lineBytes + (long) count <= MAX_LINE_BYTES) {
            return count;
        }
        int run = lineBytes;
        for (int i = 0; i < count; i++) {
            run = ends.isEnd(source.get(source.position() + i)) ? 0 : run + 1;
            if (run > MAX_LINE_BYTES) {
                return i;
            }
        }
        return count;
    }

    /** After {@link #admissible} has answered less than all: whether the rest may follow a push. */
    boolean maySplit() {
        return split && ends.hasEndOfFile();
    }

    /** Counts the bytes between two positions, typed since {@link #admissible} has looked. */
    void typed(Source source, int from, int to) {
        if (seen && !ends.isCanonical()) {
            lineBytes = 0;
            return;
        }
        for (int i = to - 1; i >= from; i--) {
            if (seen ? ends.isEnd(source.get(i)) : source.get(i) == '\n') {
                lineBytes = to - 1 - i;
                return;
            }
        }
        lineBytes += to - from;
    }

    /** The line was pushed by VEOF, or discarded. */
    void lineEnded() {
        lineBytes = 0;
    }
}
