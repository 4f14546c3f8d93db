package dev.panpty.cast;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A command as one line for a shell. */
final class ShellWords {

    private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./-]+");
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1f\\x7f]");

    private ShellWords() {}

    static String join(List<String> words) {
        return words.stream().map(ShellWords::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(String word) {
        if (PLAIN.matcher(word).matches()) {
            return word;
        }
        if (!CONTROL.matcher(word).find()) {
            return "'" + word.replace("'", "'\\''") + "'";
        }
        StringBuilder quoted = new StringBuilder("$'");
        for (char unit : word.toCharArray()) {
            if (unit == '\'' || unit == '\\') {
                quoted.append('\\').append(unit);
            } else if (unit < ' ' || unit == 0x7f) {
                quoted.append('\\').append((char) ('0' + (unit >> 6))).append((char) ('0' + (unit >> 3 & 7))).append((char) ('0' + (unit & 7)));
            } else {
                quoted.append(unit);
            }
        }
        return quoted.append('\'').toString();
    }
}
