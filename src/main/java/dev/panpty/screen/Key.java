package dev.panpty.screen;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;

/**
 * A key, or something else that a user does at a terminal, and the bytes that the terminal types for it. They depend on the modes that the
 * program has set, see {@link Snapshot#modes}; the encoding is that of xterm, see its ctlseqs. Immutable, for any thread.
 *
 * <pre>{@code
 *   output.write(Key.UP.encode(screen.snapshot().modes()));
 *   output.write(Key.character('c').ctrl().encode(modes));
 *   output.write(Key.paste("two\nlines").encode(modes));
 * }</pre>
 */
public final class Key {

    /** Cursor up. */
    public static final Key UP = new Key(Kind.CURSOR, 'A');
    /** Cursor down. */
    public static final Key DOWN = new Key(Kind.CURSOR, 'B');
    /** Cursor right. */
    public static final Key RIGHT = new Key(Kind.CURSOR, 'C');
    /** Cursor left. */
    public static final Key LEFT = new Key(Kind.CURSOR, 'D');
    /** Home. */
    public static final Key HOME = new Key(Kind.CURSOR, 'H');
    /** End. */
    public static final Key END = new Key(Kind.CURSOR, 'F');
    /** Insert. */
    public static final Key INSERT = new Key(Kind.TILDE, 2);
    /** Delete, which removes the character under the cursor. */
    public static final Key DELETE = new Key(Kind.TILDE, 3);
    /** Page up. */
    public static final Key PAGE_UP = new Key(Kind.TILDE, 5);
    /** Page down. */
    public static final Key PAGE_DOWN = new Key(Kind.TILDE, 6);
    /** Enter or Return. */
    public static final Key ENTER = new Key(Kind.ENTER, '\r');
    /** Tab; with Shift it goes back. */
    public static final Key TAB = new Key(Kind.TAB, '\t');
    /** Escape. */
    public static final Key ESCAPE = new Key(Kind.CHARACTER, 0x1B);
    /** Backspace, which removes the character on the left: DEL, as the terminal's VERASE is. */
    public static final Key BACKSPACE = new Key(Kind.BACKSPACE, 0x7F);
    /** The window has the focus now. */
    public static final Key FOCUS_IN = new Key(Kind.FOCUS, 'I');
    /** The window has lost the focus. */
    public static final Key FOCUS_OUT = new Key(Kind.FOCUS, 'O');

    private static final int SHIFT = 1;
    private static final int ALT = 2;
    private static final int CTRL = 4;

    private static final String CSI = "\u001b[";
    private static final String SS3 = "\u001bO";
    private static final String PASTE_BEGIN = "\u001b[200~";
    private static final String PASTE_END = "\u001b[201~";
    private static final String PASTE_END_8_BITS = "\u009b201~";

    private static final int MOST_FUNCTION_KEY = 20;
    private static final int[] FUNCTION_NUMBERS = {15, 17, 18, 19, 20, 21, 23, 24, 25, 26, 28, 29, 31, 32, 33, 34};
    private static final int FIRST_TILDE_FUNCTION = 5;

    /** In the order of the application keypad's finals. */
    private static final String KEYPAD = "*+,-./0123456789";

    private enum Kind { CHARACTER, CURSOR, TILDE, FUNCTION, ENTER, TAB, BACKSPACE, KEYPAD, FOCUS, PASTE, MOUSE }

    private final Kind kind;
    private final int code;
    private final int modifiers;
    private final String text;
    private final Mouse mouse;

    private Key(Kind kind, int code) {
        this(kind, code, 0, "", null);
    }

    private Key(Kind kind, int code, int modifiers, String text, Mouse mouse) {
        this.kind = kind;
        this.code = code;
        this.modifiers = modifiers;
        this.text = text;
        this.mouse = mouse;
    }

    /**
     * The key of a character.
     *
     * @param codePoint what it types, with Shift applied
     * @return the key
     * @throws IllegalArgumentException if it is no code point, or a surrogate
     */
    public static Key character(int codePoint) {
        if (!Character.isValidCodePoint(codePoint) || codePoint <= 0xFFFF && Character.isSurrogate((char) codePoint)) {
            throw new IllegalArgumentException("not a character: " + codePoint);
        }
        return new Key(Kind.CHARACTER, codePoint);
    }

    /**
     * A function key.
     *
     * @param number 1 to 20
     * @return the key
     * @throws IllegalArgumentException for a number that is out of range
     */
    public static Key function(int number) {
        return new Key(Kind.FUNCTION, Checks.range("number", number, 1, MOST_FUNCTION_KEY));
    }

    /**
     * A key of the keypad: its character, or a sequence while the program has set {@link Mode#APPLICATION_KEYPAD}.
     *
     * @param character one of {@code 0123456789*+,-./}
     * @return the key
     * @throws IllegalArgumentException for another character
     */
    public static Key keypad(char character) {
        if (KEYPAD.indexOf(character) < 0) {
            throw new IllegalArgumentException("not on the keypad: " + character);
        }
        return new Key(Kind.KEYPAD, character);
    }

    /**
     * A paste. Line ends become carriage returns. Where the program has set {@link Mode#BRACKETED_PASTE} it is typed between marks, and the
     * mark of the end is taken out of the text, or what follows it would be typed as keys.
     *
     * @param text any text
     * @return the paste
     */
    public static Key paste(String text) {
        return new Key(Kind.PASTE, 0, 0, Objects.requireNonNull(text, "text"), null);
    }

    /**
     * An event of the mouse. It types nothing unless the program has asked for it.
     *
     * @param button which
     * @param action what it does
     * @param row from 0
     * @param column from 0
     * @return the event
     * @throws IllegalArgumentException for a negative row or column
     */
    public static Key mouse(MouseButton button, MouseAction action, int row, int column) {
        Objects.requireNonNull(button, "button");
        Objects.requireNonNull(action, "action");
        Checks.range("row", row, 0, Integer.MAX_VALUE - 1);
        Checks.range("column", column, 0, Integer.MAX_VALUE - 1);
        return new Key(Kind.MOUSE, 0, 0, "", new Mouse(button, action, row, column));
    }

    /**
     * The same with the Shift key down.
     *
     * @return another key
     */
    public Key shift() {
        return with(SHIFT);
    }

    /**
     * The same with the Alt key down.
     *
     * @return another key
     */
    public Key alt() {
        return with(ALT);
    }

    /**
     * The same with the Control key down. A character that has no control character, such as 1 or é, types itself.
     *
     * @return another key
     */
    public Key ctrl() {
        return with(CTRL);
    }

    private Key with(int modifier) {
        return new Key(kind, code, modifiers | modifier, text, mouse);
    }

    /**
     * The bytes that are typed.
     *
     * @param modes the modes of the terminal
     * @return in UTF-8; empty for an event that the program has not asked for
     */
    public byte[] encode(Set<Mode> modes) {
        Objects.requireNonNull(modes, "modes");
        if (kind == Kind.MOUSE) {
            return mouse.encode(modes, modifiers);
        }
        return text(modes).getBytes(StandardCharsets.UTF_8);
    }

    private String text(Set<Mode> modes) {
        return switch (kind) {
            case CHARACTER -> escaped(Character.toString((modifiers & CTRL) != 0 ? control(code) : code));
            case CURSOR -> modifiers == 0 ? (modes.contains(Mode.APPLICATION_CURSOR_KEYS) ? SS3 : CSI) + (char) code
                    : CSI + "1;" + parameter() + (char) code;
            case TILDE -> tilde(code);
            case FUNCTION -> function();
            case ENTER -> escaped(modes.contains(Mode.NEW_LINE) ? "\r\n" : "\r");
            case TAB -> (modifiers & SHIFT) != 0 ? CSI + "Z" : escaped("\t");
            case BACKSPACE -> escaped((modifiers & CTRL) != 0 ? "\b" : "\u007f");
            case KEYPAD -> modes.contains(Mode.APPLICATION_KEYPAD) ? SS3 + (char) (code - '*' + 'j') : escaped(Character.toString(code));
            case FOCUS -> modes.contains(Mode.FOCUS) ? CSI + (char) code : "";
            case PASTE -> pasted(modes.contains(Mode.BRACKETED_PASTE));
            case MOUSE -> throw new AssertionError("encoded as bytes");
        };
    }

    private String escaped(String plain) {
        return (modifiers & ALT) != 0 ? "\u001b" + plain : plain;
    }

    private int parameter() {
        return modifiers + 1;
    }

    private String tilde(int number) {
        return CSI + number + (modifiers == 0 ? "" : ";" + parameter()) + "~";
    }

    private String function() {
        if (code >= FIRST_TILDE_FUNCTION) {
            return tilde(FUNCTION_NUMBERS[code - FIRST_TILDE_FUNCTION]);
        }
        char last = (char) ('P' + code - 1);
        return modifiers == 0 ? SS3 + last : CSI + "1;" + parameter() + last;
    }

    /** Column 4 and 5 of ASCII, and what xterm has for the digits. */
    private static int control(int point) {
        if (point >= '@' && point <= '_' || point >= 'a' && point <= 'z') {
            return point & 0x1F;
        }
        return switch (point) {
            case ' ', '2' -> 0;
            case '3', '4', '5', '6', '7' -> point - '3' + 0x1B;
            case '/' -> 0x1F;
            case '?', '8' -> 0x7F;
            default -> point;
        };
    }

    private String pasted(boolean isBracketed) {
        String typed = text.replace("\r\n", "\r").replace('\n', '\r');
        if (!isBracketed) {
            return typed;
        }
        // Taking one mark out may put another together.
        while (typed.contains(PASTE_END) || typed.contains(PASTE_END_8_BITS)) {
            typed = typed.replace(PASTE_END, "").replace(PASTE_END_8_BITS, "");
        }
        return PASTE_BEGIN + typed + PASTE_END;
    }

    /** What it is and with which keys down. */
    @Override
    public String toString() {
        String held = ((modifiers & CTRL) != 0 ? "Ctrl+" : "") + ((modifiers & ALT) != 0 ? "Alt+" : "") + ((modifiers & SHIFT) != 0 ? "Shift+" : "");
        return held + switch (kind) {
            case PASTE -> "paste of " + text.length() + " characters";
            case MOUSE -> mouse.toString();
            case CHARACTER, KEYPAD -> code < ' ' ? "0x" + Integer.toHexString(code) : Character.toString(code);
            case FUNCTION -> "F" + code;
            case FOCUS -> code == 'I' ? "focus in" : "focus out";
            default -> kind + " " + code;
        };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Key that && kind == that.kind && code == that.code && modifiers == that.modifiers && text.equals(that.text)
                && Objects.equals(mouse, that.mouse);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, code, modifiers, text, mouse);
    }
}
