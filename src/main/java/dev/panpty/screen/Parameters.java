package dev.panpty.screen;

/**
 * The parameters of a control sequence, with their sub-parameters behind colons, see ECMA-48, 5.4.2, and ITU-T T.416 for the colons. Of
 * more than {@value #MOST} parameters the rest is ignored; numbers stay at {@value #MAX}.
 */
final class Parameters {

    /** A sub-parameter that is not there, as in 38:2::1:2:3. */
    static final int ABSENT = -1;

    static final int MAX = 65535;

    private static final int MOST = 32;

    private final int[] values = new int[MOST];
    private final int[] subs = new int[MOST];
    private final byte[] ends = new byte[MOST];
    private int count;
    private int subCount;
    private boolean inSub;
    private boolean full;

    Parameters() {
        clear();
    }

    void clear() {
        count = 1;
        values[0] = 0;
        ends[0] = 0;
        subCount = 0;
        inSub = false;
        full = false;
    }

    /** A digit, a colon or a semicolon. */
    void add(int code) {
        if (code == ';') {
            next();
        } else if (code == ':') {
            nextSub();
        } else if (!full) {
            int[] store = inSub ? subs : values;
            int at = inSub ? subCount - 1 : count - 1;
            store[at] = Math.min(Math.max(store[at], 0) * 10 + code - '0', MAX);
        }
    }

    private void next() {
        inSub = false;
        full = count == MOST;
        if (!full) {
            values[count] = 0;
            ends[count] = (byte) subCount;
            count++;
        }
    }

    private void nextSub() {
        full |= subCount == MOST;
        inSub = true;
        if (!full) {
            subs[subCount++] = ABSENT;
            ends[count - 1] = (byte) subCount;
        }
    }

    int count() {
        return count;
    }

    /** 0 where it is not there. */
    int get(int index) {
        return index < count ? values[index] : 0;
    }

    /** At least 1. */
    int orOne(int index) {
        return Math.max(get(index), 1);
    }

    int subCount(int index) {
        return ends[index] - subStart(index);
    }

    int sub(int index, int number) {
        return subs[subStart(index) + number];
    }

    private int subStart(int index) {
        return index == 0 ? 0 : ends[index - 1];
    }
}
