package dev.panpty.internal.process;

import dev.panpty.internal.sys.LineMode;

/**
 * The {@link KernelLine} of a terminal whose mode is looked up as rarely as possible, since that costs a system call. A byte is judged
 * when it is added to that line by a known mode; up to {@value #MOST_UNJUDGED} bytes are kept unjudged. Guarded by its owner's lock or
 * turn.
 *
 * <pre>
 *   judged, some unjudged --few bytes--> some unjudged
 *   any --{@link #judge}--> judged, by that mode --many bytes--> judged, by the same mode
 * </pre>
 *
 * <p>If the mode has changed since the last look-up, it may have changed before any of the unjudged bytes: the longest of the possible
 * lines is taken. In raw mode the last bytes are kept too: the kernel may not have processed them when the mode changes. A change that is
 * undone before the next look-up is not seen.
 */
final class TypedLine {

    static final int MOST_UNJUDGED = 256;

    private static final int NEARLY_FULL = KernelLine.MOST_BYTES - 2 * MOST_UNJUDGED; // PARMRK may double each byte
    private static final int MOST_UNDOUBLED = KernelLine.MOST_BYTES / 2;
    private static final int FIRST_BYTES = 32;
    private static final byte[] NOTHING = {};

    private KernelLine line = new KernelLine(); // before the last bytes
    private LineMode mode = LineMode.UNKNOWN;
    private byte[] last = NOTHING;
    private int lastBytes;
    private int unjudgedBytes; // of the last
    private int lastEmpty;

    /** Whether the mode must be known to type so many more bytes; else they fit in any mode. */
    boolean needsMode(int more) {
        return unjudgedBytes + (long) more > MOST_UNJUDGED || line.length() > NEARLY_FULL;
    }

    /** Whether the line is not empty or VLNEXT waits for a byte; all bytes are judged. */
    boolean isOpen() {
        return line.length() > 0 || line.isQuoting();
    }

    /** Whether VLNEXT was typed, so that the next byte is data; all bytes are judged. */
    boolean isQuoting() {
        return line.isQuoting();
    }

    /** Judges the unjudged bytes by the mode that was looked up, which is the mode from now on. */
    void judge(LineMode now) {
        if (!now.isCanonical()) {
            line.separate();
        } else {
            if (now == mode || mode == LineMode.UNKNOWN) {
                mode = now;
                typeLast(line, 0, lastBytes, now);
            } else if (lastBytes > 0) {
                line = longest(now);
            }
            lastBytes = 0;
        }
        unjudgedBytes = 0;
        mode = now;
    }

    /** The longest line for a change of the mode before any of the last bytes, or behind them. */
    private KernelLine longest(LineMode now) {
        KernelLine before = new KernelLine();
        KernelLine one = new KernelLine();
        KernelLine longest = new KernelLine();
        before.copyFrom(line);
        for (int change = 0; change <= lastBytes; change++) {
            one.copyFrom(before);
            typeLast(one, change, lastBytes, now);
            if (one.isLongerThan(longest)) {
                KernelLine shorter = longest;
                longest = one;
                one = shorter;
            }
            typeLast(before, change, Math.min(change + 1, lastBytes), mode);
        }
        return longest;
    }

    private void typeLast(KernelLine target, int from, int to, LineMode by) {
        if (by.isCanonical()) {
            target.reserve(2 * (to - from));
            for (int i = from; i < to; i++) {
                target.type(last[i], by);
            }
        }
    }

    void copyFrom(TypedLine other) {
        line.copyFrom(other.line);
        mode = other.mode;
        lastBytes = 0;
        reserveLast(other.lastBytes);
        System.arraycopy(other.last, 0, last, 0, other.lastBytes);
        lastBytes = other.lastBytes;
        unjudgedBytes = other.unjudgedBytes;
    }

    /** The input was flushed. The kernel may have processed the typed bytes before; VLNEXT then stays in effect. */
    void discard(LineMode now) {
        judge(now);
        line.clear();
        lastBytes = 0;
    }

    /** The line was pushed. */
    void push() {
        line.separate();
        lastBytes = 0;
        unjudgedBytes = 0;
    }

    /** Allocates memory for so many more bytes. */
    void prepare(int more) {
        reserveLast(more);
        if (needsMode(more) && mode.isCanonical()) {
            line.reserve((int) Math.min(Integer.MAX_VALUE, 2L * more));
        }
    }

    private void reserveLast(int more) {
        int needed = (int) Math.min(MOST_UNJUDGED, lastBytes + (long) more);
        if (needed > last.length) {
            byte[] larger = new byte[Math.max(FIRST_BYTES, Integer.highestOneBit(needed - 1) << 1)];
            System.arraycopy(last, 0, larger, 0, lastBytes);
            last = larger;
        }
    }

    /** The kernel took the bytes between two positions, in the mode of the last look-up if they {@linkplain #needsMode need} one. */
    void typed(Source source, int from, int to) {
        prepare(to - from);
        if (!needsMode(to - from)) {
            keep(source, from, to);
            unjudgedBytes += to - from;
        } else if (mode.isCanonical()) {
            process(source, from, to);
        } else {
            line.separate();
            keep(source, Math.max(from, to - MOST_UNJUDGED), to);
        }
    }

    /** Keeps the bytes as the last ones; older ones, which are judged, may have to go. */
    private void keep(Source source, int from, int to) {
        int kept = Math.min(lastBytes, MOST_UNJUDGED - (to - from));
        System.arraycopy(last, lastBytes - kept, last, 0, kept);
        source.get(from, last, kept, to - from);
        lastBytes = kept + to - from;
    }

    private void process(Source source, int from, int to) {
        int start = afterAnEnd(source, from, to);
        if (start > from) {
            line.separate();
        }
        for (int i = start; i < to; i++) {
            line.type(source.get(i), mode);
        }
    }

    /** Where the last line begins, or an earlier one: a line end that VLNEXT may quote is skipped. */
    private int afterAnEnd(Source source, int from, int to) {
        for (int i = to - 1; i > from; i--) {
            if (mode.endsLine(source.get(i)) && mode.action(source.get(i - 1)) != LineMode.QUOTE) {
                return i + 1;
            }
        }
        return from;
    }

    /**
     * As {@link #typed}, up to the first byte that would be lost; returns its position, or that of the VLNEXT before it. If a byte would be
     * lost, this no longer equals the terminal's line.
     */
    int fit(Source source, int from, int to) {
        lastEmpty = from;
        if (!needsMode(to - from) || !mode.isCanonical()) {
            typed(source, from, to);
            return to;
        }
        prepare(to - from);
        if (fitsForCertain(source, from, to)) {
            process(source, from, to);
            return to;
        }
        for (int i = from; i < to; i++) {
            boolean quoted = line.isQuoting();
            line.type(source.get(i), mode);
            if (line.isOver()) {
                return quoted && i > from ? i - 1 : i;
            }
            if (!isOpen()) {
                lastEmpty = i + 1;
            }
        }
        return to;
    }

    /** Whether no line in the bytes can be too long. True as a rule; cheap if lines are short. */
    private boolean fitsForCertain(Source source, int from, int to) {
        int start = from;
        int most = MOST_UNDOUBLED - line.length();
        while (to - start > most) {
            int end = afterAnEnd(source, start, start + most);
            if (end == start) {
                return false;
            }
            start = end;
            most = MOST_UNDOUBLED;
        }
        return true;
    }

    /** The position, within the bytes of the last {@link #fit}, at which the line was last empty; the first one if it never was. */
    int lastEmpty() {
        return lastEmpty;
    }

    @Override
    public String toString() {
        return line + (lastBytes > 0 ? ", then " + lastBytes : "");
    }
}
