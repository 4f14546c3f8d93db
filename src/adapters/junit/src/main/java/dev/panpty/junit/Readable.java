package dev.panpty.junit;

import java.nio.charset.StandardCharsets;

/** Bytes as text for a message: escape sequences and other controls are written out, line feeds end a line. */
final class Readable {

    private static final int MOST_LINE = 160;
    private static final int MOST_QUOTED = 200;

    private Readable() {}

    /** In UTF-8; malformed bytes become U+FFFD. */
    static String text(byte[] bytes) {
        StringBuilder readable = new StringBuilder();
        int[] points = new String(bytes, StandardCharsets.UTF_8).codePoints().toArray();
        int length = 0;
        for (int point : points) {
            String written = switch (point) {
                case 0x1B -> "\\e";
                case '\r' -> "\\r";
                case '\t' -> "\\t";
                case '\b' -> "\\b";
                case 0x07 -> "\\a";
                case '\n' -> "\\n\n";
                case '\\' -> "\\\\";
                default -> Character.isISOControl(point) ? String.format("\\x%02x", point) : Character.toString(point);
            };
            length = point == '\n' ? 0 : length + written.length();
            readable.append(written);
            if (length > MOST_LINE) {
                readable.append('\n');
                length = 0;
            }
        }
        return readable.toString();
    }

    /** A text in quotes, in one line. */
    static String quoted(CharSequence text) {
        return quoted(text, '"');
    }

    /** Only the beginning of a long text. */
    static String quoted(CharSequence text, char quote) {
        String begin = text.toString().substring(0, Math.min(text.length(), MOST_QUOTED));
        String more = text.length() > MOST_QUOTED ? "... (" + text.length() + " characters)" : "";
        return quote + text(begin.getBytes(StandardCharsets.UTF_8)).replace("\n", "") + quote + more;
    }
}
