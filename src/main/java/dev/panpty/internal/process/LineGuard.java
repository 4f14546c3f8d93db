package dev.panpty.internal.process;

import dev.panpty.internal.sys.LineMode;
import dev.panpty.internal.sys.Ptmx;
import java.util.Arrays;

/**
 * Tracks the line being typed, as the kernel has it. In canonical mode the kernel keeps 4,095 bytes of a line and silently drops the rest,
 * although the write succeeds; VEOF ends the input at the start of a line, but only pushes an unfinished line. So a writer asks this class
 * before each write and reports what was written. Guarded by its owner's lock.
 *
 * <pre>
 *   a write comes --{@link #accept}--> REFUSED: nothing is taken
 *                                  --> accepted: all of it is written, behind what was accepted before
 *   before each write(2) --{@link #admissible}--> number of next bytes, {@value #MOST_BYTES} at most --written--> {@link #typed}
 *                                             --> 0: the line would be cut --{@link #split}--> VEOF --written--> {@link #typed}
 *                                                                                          --> empty: the rest is discarded
 *   input is flushed --{@link #discarded}--> an empty line
 *   the flush is refused --{@link #lookUp}--> {@link #lineKill}: VKILL, or empty --written--> {@link #typed}
 *   the input ends --{@link #lookUp}--> {@link #endOfInput}, {@link #push}: any number of VEOF, or empty --written--> {@link #typed}
 * </pre>
 *
 * <p>Two lines are tracked: {@code line} is the line now, {@code accepted} is the line after everything accepted is written. Each is
 * judged by the terminal's mode at that time; the program may change the mode in between. The kernel judges bytes by the mode in which it
 * processes them: up to 12 KB that it took earlier may still be cut when the mode changes.
 *
 * <p>The mode is looked up, which costs one system call, only when a {@link TypedLine} needs it: never for a few bytes behind a short line.
 */
public final class LineGuard {

    /** Of one write(2); {@link #admissible} checks twice as many. */
    public static final int MOST_BYTES = 4096;

    /** Answer of {@link #accept} for a line that is too long. */
    public static final int REFUSED = Integer.MIN_VALUE;

    public static final String REFUSAL = "a line of more than " + KernelLine.MOST_BYTES + " bytes, which a terminal in canonical mode would cut";

    private static final byte[] NOTHING = {};

    private final Ptmx ptmx;
    private final boolean split;
    private final TypedLine line = new TypedLine(); // the line now
    private TypedLine accepted = new TypedLine(); // the line after everything accepted is written
    private TypedLine trial = new TypedLine();
    private LineMode mode = LineMode.UNKNOWN; // as of the last look-up
    private LineMode acceptedMode = LineMode.UNKNOWN; // the mode in which everything accepted fits
    private boolean moded; // whether the mode was looked up for the next bytes

    /** @param split whether long lines are pushed in pieces, if the terminal has a VEOF for it */
    public LineGuard(Ptmx ptmx, boolean split) {
        this.ptmx = ptmx;
        this.split = split;
    }

    /**
     * Accepts all of the remaining bytes, and answers as {@link #admissible} does for an immediate write; or {@link #REFUSED}; or the
     * negative errno if the mode cannot be looked up.
     *
     * @param behind whether bytes that were accepted before are pending
     */
    public int accept(Source source, boolean behind) {
        int count = source.remaining();
        int error = lookUpIf(line.needsMode(count) || behind && accepted.needsMode(count));
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
     * How many of the remaining bytes may be written now: as a rule all, {@value #MOST_BYTES} at most; 0 if the line would be cut; the
     * negative errno if the mode cannot be looked up.
     */
    public int admissible(Source source) {
        int error = lookUpIf(line.needsMode(source.remaining()));
        return error < 0 ? error : admissibleNow(source);
    }

    /** After {@link #admissible} has answered 0: VEOF, which pushes the line; empty if lines are not split or VEOF is disabled. */
    public byte[] split() {
        return maySplit() && !line.isQuoting() ? endOfFile(1) : NOTHING;
    }

    /** The kernel took the bytes between two positions; another method here has admitted them before. */
    public void typed(Source source, int from, int to) {
        line.typed(source, from, to);
    }

    /** Input that was typed and not read was flushed. */
    public void discarded() {
        LineMode now = ptmx.lineMode(mode);
        mode = now.error() < 0 ? mode : now;
        line.discard(mode);
    }

    /** Looks up the mode and judges the line by it; 0 or the negative errno. */
    public int lookUp() {
        return lookUpIf(true);
    }

    /** After {@link #lookUp}: as many VEOF as end the input. A VEOF that VLNEXT quotes is data. */
    public byte[] endOfInput() {
        if (!mode.isCanonical()) {
            return endOfFile(mode.endOfFile() == 0 ? 0 : 1);
        }
        return mode.hasEndOfFile() ? endOfFile(line.isQuoting() ? 3 : line.isOpen() ? 2 : 1) : NOTHING;
    }

    /** After {@link #lookUp}: as many VEOF as make an unfinished line readable; empty if the line is empty or VEOF is disabled. */
    public byte[] push() {
        return mode.hasEndOfFile() && line.isOpen() ? endOfFile(line.isQuoting() ? 2 : 1) : NOTHING;
    }

    /** After {@link #lookUp}: VKILL, which erases an unfinished line; empty if it is disabled. */
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

    private int lookUpIf(boolean needed) {
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

    /** Gives whole lines only, unless lines are split. */
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
