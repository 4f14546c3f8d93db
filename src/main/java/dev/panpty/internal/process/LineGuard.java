package dev.panpty.internal.process;

import dev.panpty.internal.sys.LineMode;
import dev.panpty.internal.sys.Ptmx;
import java.util.Arrays;

/**
 * Knows the line being typed. In canonical mode the kernel keeps 4,095 bytes of a line and drops the rest in silence while the write
 * succeeds; and VEOF ends the input at the start of a line, but only pushes an unfinished one. So a writer asks before each write, and
 * reports what was written. Guarded by its owner's lock.
 *
 * <pre>
 *   a write comes --{@link #accept}--> REFUSED: nothing is taken
 *                                  --> accepted: all of it is to be written, behind what was accepted before
 *   before each write(2) --{@link #admissible}--> how many of the next bytes, {@value #MOST_BYTES} at most --written--> {@link #typed}
 *                                             --> 0: the line would be cut --{@link #split}--> VEOF --written--> {@link #typed}
 *                                                                                          --> nothing: the rest is discarded
 *   input is flushed --{@link #discarded}--> an empty line
 *   the flush is refused --{@link #look}--> {@link #lineKill}: VKILL, or nothing --written--> {@link #typed}
 *   the end comes --{@link #look}--> {@link #endOfInput}, {@link #push}: VEOF, once or more or not at all --written--> {@link #typed}
 * </pre>
 *
 * <p>Two lines are known: as it will be when all is written that was accepted, and as it is. Each is judged by the terminal's mode at that
 * moment, which the program may change in between. What the kernel took and has not processed yet, up to 12 KB, is judged by the mode when
 * it is, and may be cut.
 *
 * <p>The mode is looked up, one system call, where a {@link TypedLine} needs it: never for a few bytes behind a short line.
 */
public final class LineGuard {

    /** Of one write(2); {@link #admissible} looks at twice as many. */
    public static final int MOST_BYTES = 4096;

    /** In place of a number of bytes. */
    public static final int REFUSED = Integer.MIN_VALUE;

    public static final String REFUSAL = "a line of more than " + KernelLine.MOST_BYTES + " bytes, which a terminal in canonical mode would cut";

    private static final byte[] NOTHING = {};

    private final Ptmx ptmx;
    private final boolean split;
    private final TypedLine line = new TypedLine(); // as it is
    private TypedLine accepted = new TypedLine(); // as it is when all is written that was accepted
    private TypedLine trial = new TypedLine();
    private LineMode mode = LineMode.UNKNOWN; // as of the last look-up
    private LineMode acceptedMode = LineMode.UNKNOWN; // all that was accepted fits, unless the mode has changed
    private boolean moded; // whether the mode was looked up for what is typed next

    /** @param split whether long lines are to be pushed in pieces, where the terminal has a VEOF to do it by */
    public LineGuard(Ptmx ptmx, boolean split) {
        this.ptmx = ptmx;
        this.split = split;
    }

    /**
     * Accepts all of the remaining bytes, and answers as {@link #admissible} does for an immediate write; or {@link #REFUSED}, or the
     * negative errno where the mode cannot be looked up.
     *
     * @param behind whether bytes that were accepted before are pending
     */
    public int accept(Source source, boolean behind) {
        int count = source.remaining();
        int error = lookIf(line.needsMode(count) || behind && accepted.needsMode(count));
        if (error < 0) {
            return error;
        }
        trial.copyFrom(behind ? accepted : line);
        if (moded) {
            trial.judge(mode);
        }
        int end = source.position() + count;
        int fitting = trial.fit(source, source.position(), end);
        if (fitting < end && !maySplit()) {
            return REFUSED;
        }
        while (fitting < end) {
            trial.push();
            fitting = trial.fit(source, fitting, end);
        }
        TypedLine before = accepted;
        accepted = trial;
        trial = before;
        if (!behind) {
            acceptedMode = mode;
        } else if (moded && mode != acceptedMode) {
            acceptedMode = LineMode.UNKNOWN;
        }
        return admissibleNow(source);
    }

    /**
     * How many of the remaining bytes may be written now: as a rule all, {@value #MOST_BYTES} at most; 0 if the line would be cut. The
     * negative errno where that cannot be known.
     */
    public int admissible(Source source) {
        int error = lookIf(line.needsMode(source.remaining()));
        return error < 0 ? error : admissibleNow(source);
    }

    /** VEOF, after {@link #admissible} has answered 0, if the line is to be pushed by it and the terminal has one; else nothing. */
    public byte[] split() {
        return maySplit() && !line.isQuoting() ? endOfFile(1) : NOTHING;
    }

    /** The kernel took the bytes between two positions, before which another method of this was asked what they are to be. */
    public void typed(Source source, int from, int to) {
        line.typed(source, from, to);
    }

    /** What was typed and not read was flushed. */
    public void discarded() {
        LineMode now = ptmx.lineMode(mode);
        mode = now.error() < 0 ? mode : now;
        line.discard(mode);
    }

    /** Looks up the mode and judges the line by it; 0 or the negative errno. */
    public int look() {
        return lookIf(true);
    }

    /** After {@link #look}: as many VEOF as end the input. One that VLNEXT quotes is data. */
    public byte[] endOfInput() {
        if (!mode.isCanonical()) {
            return endOfFile(mode.endOfFile() == 0 ? 0 : 1);
        }
        return mode.hasEndOfFile() ? endOfFile(line.isQuoting() ? 3 : line.isOpen() ? 2 : 1) : NOTHING;
    }

    /** After {@link #look}: as many VEOF as make an unfinished line readable; nothing where there is none. */
    public byte[] push() {
        return mode.hasEndOfFile() && line.isOpen() ? endOfFile(line.isQuoting() ? 2 : 1) : NOTHING;
    }

    /** After {@link #look}: VKILL, which erases an unfinished line; empty where it is disabled. */
    public byte[] lineKill() {
        byte kill = mode.lineKill();
        return kill == 0 ? NOTHING : repeated(kill, line.isQuoting() ? 2 : 1);
    }

    private byte[] endOfFile(int times) {
        return repeated(mode.endOfFile(), times);
    }

    private static byte[] repeated(byte key, int times) {
        byte[] bytes = new byte[times];
        Arrays.fill(bytes, key);
        return bytes;
    }

    private boolean maySplit() {
        return split && moded && mode.hasEndOfFile();
    }

    private int lookIf(boolean needed) {
        moded = needed;
        if (!needed) {
            return 0;
        }
        LineMode now = ptmx.lineMode(mode);
        if (now.error() == 0) {
            mode = now;
            line.judge(now);
        }
        return now.error();
    }

    /** Where lines are not split, whole lines. */
    private int admissibleNow(Source source) {
        int from = source.position();
        int most = Math.min(source.remaining(), MOST_BYTES);
        line.prepare(most);
        if (!moded || !mode.isCanonical() || !split && mode == acceptedMode) {
            return most;
        }
        int window = split ? most : Math.min(source.remaining(), 2 * MOST_BYTES);
        trial.copyFrom(line);
        int fitting = trial.fit(source, from, from + window);
        if (fitting == from + window) {
            return most;
        }
        return Math.min(most, (maySplit() ? fitting : trial.lastEmpty()) - from);
    }
}
