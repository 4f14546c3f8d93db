package dev.panpty.screen;

import java.util.Arrays;

/**
 * G0 to G3 and what is in GL, see ECMA-35: DEC Special Graphics and the national replacement sets of the VT510 manual, chapter 7, whose
 * names have one byte, and the right half of ISO 8859-1, a set of 96 characters. A set in GR would have no effect: in UTF-8 there are no
 * bytes for it.
 */
final class Charsets {

    private static final int SETS = 4;
    private static final int ASCII_END = 0x7F;

    /** Added to the final byte of a set of 96 characters: it may be that of a set of 94 too. */
    static final int SET_OF_96 = 0x80;
    private static final char LATIN_1 = SET_OF_96 | 'A';
    private static final int NO_SHIFT = 0;

    /** By final byte: the characters of ASCII that it replaces, and by what. */
    private static final String[][] REPLACED = {
        {"02", "`abcdefghijklmnopqrstuvwxyz{|}~",
            "\u25c6\u2592\u2409\u240c\u240d\u240a\u00b0\u00b1\u2424\u240b\u2518\u2510\u250c\u2514\u253c\u23ba\u23bb\u2500\u23bc\u23bd"
            + "\u251c\u2524\u2534\u252c\u2502\u2264\u2265\u03c0\u2260\u00a3\u00b7"},
        {"A", "#", "\u00a3"},
        {"4", "#@[\\]{|}~", "\u00a3\u00be\u0133\u00bd|\u00a8f\u00bc\u00b4"},
        {"C5", "[\\]^`{|}~", "\u00c4\u00d6\u00c5\u00dc\u00e9\u00e4\u00f6\u00e5\u00fc"},
        {"Rf", "#@[\\]{|}~", "\u00a3\u00e0\u00b0\u00e7\u00a7\u00e9\u00f9\u00e8\u00a8"},
        {"Q9", "@[\\]^`{|}~", "\u00e0\u00e2\u00e7\u00ea\u00ee\u00f4\u00e9\u00f9\u00e8\u00fb"},
        {"K", "@[\\]{|}~", "\u00a7\u00c4\u00d6\u00dc\u00e4\u00f6\u00fc\u00df"},
        {"Y", "#@[\\]`{|}~", "\u00a3\u00a7\u00b0\u00e7\u00e9\u00f9\u00e0\u00f2\u00e8\u00ec"},
        {"E6`", "@[\\]^`{|}~", "\u00c4\u00c6\u00d8\u00c5\u00dc\u00e4\u00e6\u00f8\u00e5\u00fc"},
        {"Z", "#@[\\]{|}", "\u00a3\u00a7\u00a1\u00d1\u00bf\u00b0\u00f1\u00e7"},
        {"H7", "@[\\]^`{|}~", "\u00c9\u00c4\u00d6\u00c5\u00dc\u00e9\u00e4\u00f6\u00e5\u00fc"},
        {"=", "#@[\\]^_`{|}~", "\u00f9\u00e0\u00e9\u00e7\u00ea\u00ee\u00e8\u00f4\u00e4\u00f6\u00fc\u00fb"},
    };

    /** The final byte of each set; B is ASCII, and so is 1, the alternate character ROM of a VT100. */
    private final char[] sets = new char[SETS];
    private int shift;

    /** SS2 and SS3: the number of the set that the next character comes from, see the VT510 manual, "Single Shifts". */
    private int single;

    /** The set in GL; null for ASCII. */
    private char[] current;

    Charsets() {
        reset();
    }

    void reset() {
        Arrays.fill(sets, 'B');
        shift(0);
        single = NO_SHIFT;
    }

    void set(Charsets other) {
        System.arraycopy(other.sets, 0, sets, 0, SETS);
        shift(other.shift);
        single = other.single;
    }

    /** SO, SI, LS2 and LS3. */
    void shift(int number) {
        shift = number;
        current = map(sets[number]);
    }

    /** SS2 and SS3. */
    void shiftOnce(int number) {
        single = number;
    }

    /** SCS; a set that is not known stays undesignated. */
    void designate(int number, int last) {
        char set = last == '1' ? 'B' : (char) last;
        if (set == 'B' || map(set) != null) {
            sets[number] = set;
            shift(shift);
        }
    }

    boolean isAscii() {
        return current == null && single == NO_SHIFT;
    }

    /** What to print for the next character, from 0x20 to 0x7E. */
    int map(int ascii) {
        char[] from = single == NO_SHIFT ? current : map(sets[single]);
        single = NO_SHIFT;
        return from == null ? ascii : from[ascii];
    }

    /** A character that is in no set of GL; it ends a single shift too. */
    void pass() {
        single = NO_SHIFT;
    }

    /** The final bytes of G0 to G3. */
    String designated() {
        return new String(sets);
    }

    int shifted() {
        return shift;
    }

    /** 2 or 3 after SS2 or SS3, else 0. */
    int shiftedOnce() {
        return single;
    }

    private static char[] map(char last) {
        if (last == 'B') {
            return null;
        }
        if (last == LATIN_1) {
            return RIGHT_OF_LATIN_1;
        }
        for (int i = 0; i < REPLACED.length; i++) {
            if (REPLACED[i][0].indexOf(last) >= 0) {
                return MAPS[i];
            }
        }
        return null;
    }

    private static final char[][] MAPS = Arrays.stream(REPLACED).map(Charsets::expand).toArray(char[][]::new);

    private static final char[] RIGHT_OF_LATIN_1 = rightOfLatin1();

    private static char[] rightOfLatin1() {
        char[] map = new char[ASCII_END];
        for (char next = ' '; next < ASCII_END; next++) {
            map[next] = (char) (next | 0x80);
        }
        return map;
    }

    private static char[] expand(String[] replaced) {
        char[] map = new char[ASCII_END];
        for (char next = 0; next < ASCII_END; next++) {
            int at = replaced[1].indexOf(next);
            map[next] = at < 0 ? next : replaced[2].charAt(at);
        }
        return map;
    }
}
