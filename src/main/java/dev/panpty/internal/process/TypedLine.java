package dev.panpty.internal.process;

import dev.panpty.internal.sys.LineMode;

/**
 * The {@link KernelLine} of a terminal whose mode is looked up now and then, since that costs a system call: up to {@value #MOST_UNJUDGED}
 * bytes are kept unjudged until it is. Guarded by its owner's lock or turn.
 *
 * <pre>
 *   judged --few bytes--> some unjudged --few bytes--> some unjudged
 *   any --{@link #judge}--> judged, by that mode --many bytes--> judged, by the same mode
 * </pre>
 *
 * <p>Where the mode has changed since the last look-up, it may have been before any of the bytes that are unjudged: of the lines that there
 * could be, the longest is taken. In raw mode the last bytes are kept too: the kernel may not have processed them when the mode changes. A
 * change that was undone before the next look-up is not seen.
 */
final class TypedLine {

    static final int MOST_UNJUDGED = 256;

    private static final int NEARLY_FULL = KernelLine.MOST_BYTES - 2 * MOST_UNJUDGED; // each may stand in the line twice
    private static final int MOST_UNDOUBLED = KernelLine.MOST_BYTES / 2;
    private static final int FIRST_BYTES = 32;
    private static final byte[] NOTHING = {};

    private KernelLine line = new KernelLine(); // before the last bytes
    private LineMode mode = LineMode.UNKNOWN;
    private byte[] last = NOTHING;
    private int lastBytes;
    private int unjudgedBytes; // of the last
    private int lastEmpty;

    /** Whether the mode must be known to type so many bytes more; else they fit in any. */
    boolean needsMode(int more) {
        return unjudgedBytes + (long) more > MOST_UNJUDGED || line.length() > NEARLY_FULL;
    }

    /** All is judged, and something stands in the line, or VLNEXT waits for a byte. */
    boolean isOpen() {
        return line.length() > 0 || line.isQuoting();
    }

    /** All is judged, and the next byte is data, whatever it is. */
    boolean isQuoting() {
        return line.isQuoting();
    }

    /** Judges what is unjudged; from here on the mode is the given one. */
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

    /** Of those that there are if the mode has changed before one of the last bytes, or behind them. */
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

    /** The input was flushed. What was typed may be processed by then, or not; VLNEXT waits on if it is. */
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

    /** Takes the memory for so many bytes more. */
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

    /** As the last bytes; those before them may have to make way, which are judged. */
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

    /** Where the last line begins, or one before it: an end that may be quoted is not taken for one. */
    private int afterAnEnd(Source source, int from, int to) {
        for (int i = to - 1; i > from; i--) {
            if (mode.endsLine(source.get(i)) && mode.action(source.get(i - 1)) != LineMode.QUOTE) {
                return i + 1;
            }
        }
        return from;
    }

    /**
     * As {@link #typed}, up to the first byte that would be lost: its position, or that of the VLNEXT before it. From there on this is
     * no line of the terminal's.
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

    /** Whether a line ends, and not too far, before each byte; that is so as a rule, and costs little where lines are short. */
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

    /** Where, of the bytes between the positions of the last {@link #fit}, the line was last empty; the first where it never was. */
    int lastEmpty() {
        return lastEmpty;
    }

    @Override
    public String toString() {
        return line + (lastBytes > 0 ? ", then " + lastBytes : "");
    }
}
