package dev.panpty.expect;

/**
 * Strips escape sequences from output, however they are split over reads: those of ECMA-48, and SO and SI.
 *
 * <pre>
 *   TEXT --ESC--> ESCAPE --[--> CSI --final byte--> TEXT
 *                 ESCAPE --]--> OSC --BEL--> TEXT
 *                 ESCAPE --P, X, ^, _--> STRING
 *                 ESCAPE --intermediate byte--> INTERMEDIATE --final byte--> TEXT
 *                 ESCAPE --any other--> TEXT
 *   OSC, STRING --ESC--> ESCAPE, whose backslash completes ST
 *   any --CAN, SUB--> TEXT
 * </pre>
 *
 * <p>Other control characters inside a sequence are text, since a terminal acts on them there too; inside a string they are part of it.
 * For one thread at a time.
 *
 * <p>The parser of {@code dev.panpty.screen} is not used here: it decodes UTF-8 before it looks for sequences, and has no place for a byte
 * that stays. This filter works on the bytes of any charset, in place, and counts them, since the offsets of a {@link Match} are those of
 * the output. So it does not take C1 of 8 bits, which are parts of characters in most charsets.
 */
final class PlainFilter {

    private static final int ESC = 0x1b;
    private static final int CAN = 0x18;
    private static final int SUB = 0x1a;
    private static final int SO = 0x0e;
    private static final int SI = 0x0f;
    private static final int BEL = 0x07;
    private static final int DELETE = 0x7f;

    private enum State { TEXT, ESCAPE, INTERMEDIATE, CSI, OSC, STRING }

    private final boolean raw;
    private final KeyModes modes = new KeyModes();
    private State state = State.TEXT;

    /** @param raw whether it strips nothing, and watches the modes only */
    PlainFilter(boolean raw) {
        this.raw = raw;
    }

    KeyModes modes() {
        return modes;
    }

    /**
     * Strips the bytes in place.
     *
     * @param position of the first one in the plain output
     * @param cuts gets what is taken out
     * @return the end of what is left
     */
    int strip(byte[] bytes, int from, int to, long position, Cuts cuts) {
        int target = from;
        int next = from;
        while (next < to) {
            int run = next;
            if (state == State.TEXT) {
                while (run < to && isText(bytes[run])) {
                    run++;
                }
                if (target != next) {
                    System.arraycopy(bytes, next, bytes, target, run - next);
                }
                target += run - next;
                next = run;
            }
            if (next < to) {
                if (isKept(bytes[next] & 0xff) || raw) {
                    bytes[target++] = bytes[next];
                } else {
                    cuts.add(position + (target - from), 1);
                }
                next++;
            }
        }
        return target;
    }

    private static boolean isText(byte value) {
        return value >= ' ' || value < 0 || value != ESC && value != SO && value != SI; // most are settled by one comparison
    }

    /** Takes one byte that begins a sequence or lies in one; true if it is text nevertheless. */
    private boolean isKept(int value) {
        if (value == ESC) {
            state = State.ESCAPE;
            return false;
        }
        if (value == CAN || value == SUB) {
            boolean text = state == State.TEXT;
            state = State.TEXT;
            return text;
        }
        switch (state) {
            case TEXT -> {
                return value != SO && value != SI;
            }
            case OSC, STRING -> {
                if (value == BEL && state == State.OSC) {
                    state = State.TEXT;
                }
                return false;
            }
            case ESCAPE, INTERMEDIATE, CSI -> {
                return isKeptInSequence(value);
            }
        }
        throw new AssertionError(state);
    }

    private boolean isKeptInSequence(int value) {
        if (value < ' ') {
            return value != SO && value != SI;
        }
        if (value > DELETE) {
            state = State.TEXT; // no sequence has such a byte: it is one of a character
            return true;
        }
        if (value == DELETE) {
            return false;
        }
        state = switch (state) {
            case ESCAPE -> afterEscape(value);
            case INTERMEDIATE -> value < '0' ? State.INTERMEDIATE : State.TEXT;
            default -> inControlSequence(value);
        };
        return false;
    }

    private State inControlSequence(int value) {
        if (value < '@') {
            modes.parameter(value);
            return State.CSI;
        }
        modes.end(value);
        return State.TEXT;
    }

    private State afterEscape(int value) {
        switch (value) {
            case '[' -> {
                modes.begin();
                return State.CSI;
            }
            case ']' -> {
                return State.OSC;
            }
            case 'P', 'X', '^', '_' -> {
                return State.STRING;
            }
            default -> {
                modes.escape(value);
                return value < '0' ? State.INTERMEDIATE : State.TEXT;
            }
        }
    }
}
