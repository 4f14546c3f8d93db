package dev.panpty.expect;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What fish itself writes around the output of a command, by its version.
 *
 * <pre>
 *          before the output              behind it                      before the prompt
 *   3.x    colours reset, by terminfo                                    sign of a line without an end
 *   4.0    colours reset, by terminfo     OSC 133 ; D, until 4.0.5       cursor shown, sign
 *   4.1    colours reset                                                 cursor shown, sign
 * </pre>
 *
 * @param major the version's first number
 * @param minor its second
 */
record FishAdditions(int major, int minor) {

    private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4}).*");

    private static final String RESET = "\033[m";
    private static final String RESET_BY_TERMINFO = "\033[30m\033(B\033[m";
    private static final String END_OF_OUTPUT = "\033]133;D;";
    private static final int MOST_END = END_OF_OUTPUT.length() + 4;
    private static final String CURSOR = "\033[?25h";
    private static final String SIGN = "\033[2m\u00e2\u008f\u008e"; // which is then overwritten

    /** By the variable {@code version}. */
    static FishAdditions of(String version) {
        Matcher numbers = VERSION.matcher(version.strip());
        return numbers.matches() ? new FishAdditions(Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)))
                : new FishAdditions(4, 1);
    }

    private boolean isBefore(int otherMajor, int otherMinor) {
        return major < otherMajor || major == otherMajor && minor < otherMinor;
    }

    /** Where the output begins, behind the mark of the start. */
    int begin(ShellOutput output, int from) {
        if (isAt(output, RESET_BY_TERMINFO, from)) {
            return from + RESET_BY_TERMINFO.length();
        }
        return !isBefore(4, 1) && isAt(output, RESET, from) ? from + RESET.length() : from;
    }

    /** Where the output ends, before the mark of the end. */
    int end(ShellOutput output, int from, int to) {
        if (isBefore(4, 0) || !isBefore(4, 1)) {
            return to;
        }
        int end = output.lastIndexOf(END_OF_OUTPUT, Math.max(from, to - MOST_END), to);
        return end < 0 ? to : end;
    }

    /** Where the output ends if no mark of the end has come, and the index may be behind the begin of the prompt. */
    int endBeforePrompt(ShellOutput output, int from, int to) {
        int sign = output.lastIndexOf(SIGN, from, to);
        if (sign < 0) {
            return end(output, from, to);
        }
        int cursor = sign - CURSOR.length();
        return end(output, from, !isBefore(4, 0) && cursor >= from && isAt(output, CURSOR, cursor) ? cursor : sign);
    }

    private static boolean isAt(ShellOutput output, String sequence, int at) {
        return output.indexOf(sequence, at, Math.min(at + sequence.length(), output.count())) == at;
    }
}
