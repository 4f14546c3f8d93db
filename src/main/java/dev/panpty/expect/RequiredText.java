package dev.panpty.expect;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A text that lies in every match of a regular expression, such as {@code "END "} of {@code END [A-Z]+ IT}: where it is not, there is no
 * match, and no need to search for one. For any thread.
 */
final class RequiredText {

    private final char[] text;

    private RequiredText(String required) {
        text = required.toCharArray();
    }

    /** The longest such text that is known; empty if none is, or flags change the meaning of letters. */
    static Optional<RequiredText> of(Pattern pattern) {
        int flags = Pattern.CASE_INSENSITIVE | Pattern.COMMENTS | Pattern.LITERAL | Pattern.CANON_EQ;
        String longest = (pattern.flags() & flags) != 0 ? "" : new RequiredTextParser(pattern.pattern()).longest();
        return longest.isEmpty() ? Optional.empty() : Optional.of(new RequiredText(longest));
    }

    int length() {
        return text.length;
    }

    /** Where it is last between two indexes; -1 if it is not there. */
    int lastIn(char[] chars, int from, int to) {
        char first = text[0];
        for (int at = to - text.length; at >= from; at--) {
            if (chars[at] == first && Arrays.equals(chars, at, at + text.length, text, 0, text.length)) {
                return at;
            }
        }
        return -1;
    }

    @Override
    public String toString() {
        return new String(text);
    }
}
