package dev.panpty.screen;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where this screen and xterm.js 6.0.0 differ: a predicate of the output, the smallest case, and the sentence that decides. {@link RandomOutput}
 * leaves them out unless asked for; {@code DifferentialTest} checks that each smallest case still differs.
 */
enum Difference {

    /** The Unicode Standard, D52 and D56: a combining character applies to the base before it; a control between them changes no cell. */
    MARK_AFTER_FUNCTION("a\\e[m\\u0301", "(?s)(.*[\\x00-\\x1f\\x80-\\x9f].*)?[\\p{M}\\x{200d}].*"),

    /** terminfo(5), back_color_erase: "screen erased with background color"; xterm has it. xterm.js leaves it out in SD alone. */
    SCROLL_DOWN_BACKGROUND("\\e[41m\\e[T", "(?s).*(\u001b\\[|\u009b)\\d*T.*"),

    /** VT510, DECALN: "sets the margins to the extremes of the page, and sets the cursor to the home position", and fills with plain E. */
    ALIGNMENT("\\e[41m\\e#8", "(?s).*\u001b#8.*"),

    /** ctlseqs, SGR: "Ps = 5 9 -> Reset underline color". xterm.js sets white. */
    UNDERLINE_COLOR_RESET("\\e[59;4mx", "(?s).*59.*"),

    /** VT510, DECSC saves character sets, origin mode and all attributes; xterm.js the current set, and no underline style or colour. */
    SAVED_STATE("\\e)0\\e7\\e)B\\x0e\\e8\\x0eq", "(?s).*\u001b(7|8|\\[s|\\[u|\\[\\?104[89]).*"),

    /** VT510, DECOM: lines count from the top margin. xterm.js adds the margin to each movement, even CUF. */
    ORIGIN_MOVEMENT("\\e[2;4r\\e[?6h\\e[Cx", "(?s).*\u001b\\[\\?6h.*"),

    /** The Unicode Standard, 3.9: U+FFFD for each maximal subpart of an ill-formed sequence. xterm.js drops it. */
    ILL_FORMED("\\xbcx", "(?s).*[\\x{fffd}].*"),

    /** ITU-T T.416, 13.1.8: 38 has one parameter, which says how many follow. xterm.js takes up to four whatever it is. */
    UNKNOWN_COLOR_SPACE("\\e[38;1;4mx", "(?s).*[34]8[;:].*"),

    /** ctlseqs, SGR 38:2: the colour space may be left out, "to be compatible with KDE konsole"; xterm.js then takes red for it. */
    NO_COLOR_SPACE("\\e[38:2:1:2:3mx", "(?s).*[345]8:2:\\d.*"),

    /** VT510, DECAWM: characters replace that in the last column. xterm.js leaves half a wide one there, by how the output was cut. */
    NO_WRAP_WIDE("\\e[?7l18*a漢b漢\\u0301", "(?s)(?=.*\u001b\\[\\?7l).*[\\x{2705}\\x{2e80}-\\x{ffef}\\x{1f300}-\\x{1f6ff}].*"),

    /** ISO 646-NL (VT510, NRCS Dutch): 5B is the ligature. xterm.js prints an i. */
    DUTCH_LIGATURE("\\e(4[", "(?s).*\u001b[()*+]4.*"),

    /** The width table is of Unicode 17, that of xterm.js's add-on of Unicode 11. */
    NEWER_WIDTH("\\u2630x", "(?s).*[\\x{2630}\\x{1fae9}].*"),

    /** VT510, DECIC, HTS and TBC act at the cursor, which is in the last column before a pending wrap; xterm.js takes the column behind it. */
    PENDING_WRAP("20*a\\e[2'}", "(?s).*(\u001b\\[\\d*'[}~]|\u001bH|\u001b\\[0?g).*"),

    /** VT510, RIS and DECSTR reset LNM; xterm.js keeps it. */
    NEW_LINE_MODE_RESET("\\e[20h\\eca\\nb", "(?s).*\u001b\\[20h.*"),

    /** VT510, DECSCA: "not a visual attribute", SGR 0 leaves it. xterm.js clears it. */
    PROTECTION_AFTER_SGR("\\e[1\"q\\e[mx\\e[?2J", "(?s).*\"q.*"),

    /** ECMA-35, 9.3.3: LS1R, LS2R and LS3R shift into the right half, which UTF-8 does not have. xterm.js shifts into the left. */
    RIGHT_SHIFTS("\\e)0\\e~q", "(?s).*\u001b[|}~].*"),

    /** VT510, SS: "Maps G2 into GL for the next character", SS3 for G3. xterm.js has neither. */
    SINGLE_SHIFTS("\\e*0\\eNqq", "(?s).*(\u001b[NO]|[\\x{8e}\\x{8f}]).*"),

    /** ECMA-35, 14.3.2: ESC 2/13 to 2/15 designate sets of 96 characters, "A" ISO 8859-1. xterm.js takes those of 94, and none for G3. */
    SETS_OF_96("\\e-A\\x0ei", "(?s).*\u001b[-./].*"),

    /** VT510, SCS: f, 9 and ` are second names of national sets; ctlseqs: 1 and 2 are of the alternate ROM. xterm.js does not know these. */
    SECOND_NAMES("\\e(2q", "(?s).*\u001b[()*+][129f`].*"),

    /** ECMA-48, 8.3.143: a character string up to ST. xterm.js ends it at a character outside ASCII, and prints the rest. */
    STRING_OUTSIDE_ASCII("\\e_é!\\e\\\\", "(?s).*\u001b[X^_].*"),

    /** The Unicode Standard, 23.8: within text U+FEFF is a zero width no-break space. xterm.js's decoder drops each. */
    ZERO_WIDTH_NO_BREAK_SPACE("a\\ufeff\\e[2b", "(?s).*\ufeff.*"),

    /**
     * xterm(1), -rw: "back up from the leftmost column of one line to the rightmost column of the previous line". xterm.js goes one further if that is
     * blank, whatever has made it blank.
     */
    REVERSE_WRAP_TO_BLANK("\\e[?45h25*a\\e[A\\e[20G\\e[K\\e[B\\r\\bx", "(?s).*\u001b\\[\\?45h.*\b.*");

    /** So rare, once in 10,000 outputs or less, that {@link RandomOutput} does not leave all of them out. */
    static final Set<Difference> RARE = Set.of(NO_WRAP_WIDE, REVERSE_WRAP_TO_BLANK);

    private final String smallest;
    private final Pattern predicate;

    Difference(String smallest, String predicate) {
        this.smallest = smallest;
        this.predicate = Pattern.compile(predicate);
    }

    byte[] smallest() {
        return Escapes.readRepeated(smallest);
    }

    /** Whether a case may differ for this reason. */
    boolean mayBeIn(String output) {
        return predicate.matcher(output).matches();
    }

    /** What brings it about, in the middle of an output. */
    String token(Random random) {
        String text = new String(smallest(), StandardCharsets.UTF_8);
        int part = random.nextInt(text.length());
        return random.nextInt(4) > 0 ? text
                : text.substring(0, part).replaceAll("\u001b[^a-zA-Z]*$", "") + text.substring(part).replaceAll("^[^\u001b]*", "");
    }
}
