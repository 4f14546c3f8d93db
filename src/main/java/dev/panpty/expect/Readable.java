package dev.panpty.expect;

import java.time.Duration;
import java.util.Locale;

/** Text of a terminal for a person: control characters as in caret notation or as Java writes them. */
final class Readable {

    private static final int DELETE = 0x7f;
    private static final int CARET = 0x40;
    private static final long MILLIS_AS_SECONDS = 1000;

    private Readable() {}

    /** On one line, in quotes. */
    static String quoted(String text) {
        return '"' + escaped(text).replace("\n", "\\n") + '"';
    }

    /** Control characters but line feeds are made visible. */
    static String escaped(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            switch (each) {
                case '\n' -> shown.append('\n');
                case '\r' -> shown.append("\\r");
                case '\t' -> shown.append("\\t");
                case '\033' -> shown.append("\\e");
                default -> {
                    if (each < ' ') {
                        shown.append('^').append((char) (each + CARET));
                    } else if (each == DELETE) {
                        shown.append("^?");
                    } else if (Character.isISOControl(each)) {
                        shown.append(String.format(Locale.ROOT, "\\u%04x", (int) each));
                    } else {
                        shown.append(each);
                    }
                }
            }
        }
        return shown.toString();
    }

    /** Line by line, each behind a bar; a carriage return before a line feed is left out. */
    static String lines(String text) {
        String shown = escaped(text.replace("\r\n", "\n"));
        return "  | " + shown.replace("\n", "\n  | ");
    }

    static String time(Duration time) {
        long millis = time.toMillis();
        return millis % MILLIS_AS_SECONDS == 0 ? millis / MILLIS_AS_SECONDS + " s" : millis + " ms";
    }
}
