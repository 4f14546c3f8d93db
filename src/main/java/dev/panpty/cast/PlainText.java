package dev.panpty.cast;

/**
 * Takes escape sequences (ECMA-48) and control characters out of a text that comes in pieces. What stays are characters, tabs and ends of
 * lines as LF; a CR before other text, with which a program begins a line anew, is one too.
 *
 * <pre>
 *   TEXT --ESC--> ESCAPE --'['--> CSI --final byte--> TEXT
 *                        --']', 'P', 'X', '^', '_'--> STRING --BEL, ST--> TEXT
 *                        --intermediate--> ESCAPE; --another--> TEXT
 *   TEXT --U+009B--> CSI; --U+0090, 98, 9D, 9E, 9F--> STRING
 *   any --CAN, SUB--> TEXT; --ESC--> ESCAPE
 * </pre>
 *
 * <p>A control character inside of a sequence, but not of a string, counts as before it, since a terminal acts on it there.
 *
 * <p>{@code dev.panpty.screen} has a filter with a complete parser, which this package must not know: a recording is read without a screen.
 * A test compares both.
 */
final class PlainText {

    private static final char ESC = 0x1b;

    private enum State { TEXT, ESCAPE, CSI, STRING }

    private final StringBuilder plain = new StringBuilder();
    private State state = State.TEXT;
    private boolean returned; // the last character was a CR

    void add(String text) {
        for (int i = 0; i < text.length(); i++) {
            add(text.charAt(i));
        }
    }

    private void add(char unit) {
        if (unit == ESC) {
            state = State.ESCAPE;
        } else if (unit == 0x18 || unit == 0x1a) {
            state = State.TEXT;
        } else {
            switch (state) {
                case TEXT -> text(unit);
                case ESCAPE, CSI -> {
                    if (unit < ' ') {
                        text(unit);
                    } else if (state == State.ESCAPE) {
                        escape(unit);
                    } else if (unit >= 0x40 && unit <= 0x7e) {
                        state = State.TEXT;
                    }
                }
                case STRING -> state = unit == 0x07 || unit == 0x9c ? State.TEXT : State.STRING;
            }
        }
    }

    private void escape(char unit) {
        if (unit == '[') {
            state = State.CSI;
        } else if ("]PX^_".indexOf(unit) >= 0) {
            state = State.STRING;
        } else if (unit > 0x2f) {
            state = State.TEXT;
        }
    }

    private void text(char unit) {
        switch (unit) {
            case '\r' -> returned = true;
            case '\n' -> line();
            case 0x9b -> state = State.CSI;
            case 0x90, 0x98, 0x9d, 0x9e, 0x9f -> state = State.STRING;
            default -> {
                if (unit == '\t' || unit >= 0x20 && (unit < 0x7f || unit > 0x9f)) {
                    if (returned && !plain.isEmpty() && plain.charAt(plain.length() - 1) != '\n') {
                        line();
                    }
                    returned = false;
                    plain.append(unit);
                }
            }
        }
    }

    private void line() {
        returned = false;
        plain.append('\n');
    }

    @Override
    public String toString() {
        return plain.toString();
    }
}
