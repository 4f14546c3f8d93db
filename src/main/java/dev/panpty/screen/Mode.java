package dev.panpty.screen;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * The modes of a terminal that a program can set, by SM and DECSET, see ECMA-48, 7.2, and xterm's ctlseqs. A set of them tells {@link Key}
 * how a key is to be typed. Immutable, for any thread.
 */
public enum Mode {

    /** IRM: a new character shifts those on its right. */
    INSERT(4, false),
    /** LNM: a line feed begins a new line. */
    NEW_LINE(20, false),
    /** DECCKM: the cursor keys type SS3 sequences. */
    APPLICATION_CURSOR_KEYS(1, true),
    /** DECOM: lines count from the top margin. */
    ORIGIN(6, true),
    /** DECAWM: a character behind the last column begins a new line. Set at first. */
    AUTOWRAP(7, true),
    /** The press of a button is typed, as by the X10 protocol. */
    MOUSE_X10(9, true),
    /** The cursor blinks. */
    CURSOR_BLINK(12, true),
    /** DECTCEM: the cursor is shown. Set at first. */
    CURSOR_VISIBLE(25, true),
    /** A backspace in the first column goes to the end of the line above if that was wrapped. */
    REVERSE_WRAP(45, true),
    /** DECNKM: the keypad types SS3 sequences. */
    APPLICATION_KEYPAD(66, true),
    /** Press and release of a button are typed. */
    MOUSE_BUTTONS(1000, true),
    /** Press and release, and motion while a button is down. */
    MOUSE_DRAG(1002, true),
    /** Press, release and all motion. */
    MOUSE_MOTION(1003, true),
    /** The focus is typed, CSI I and CSI O. */
    FOCUS(1004, true),
    /** The mouse is typed in decimal, for any size of the window. */
    MOUSE_SGR(1006, true),
    /** The alternate buffer is shown. */
    ALTERNATE_SCREEN(1049, true),
    /** A paste is typed between CSI 200 ~ and CSI 201 ~. */
    BRACKETED_PASTE(2004, true),
    /** What follows is to be seen when it is complete. */
    SYNCHRONIZED_OUTPUT(2026, true);

    private static final Mode[] ALL = values();
    private static final int MOUSE = bit(MOUSE_X10) | bit(MOUSE_BUTTONS) | bit(MOUSE_DRAG) | bit(MOUSE_MOTION);

    /** After RIS. */
    static final int INITIAL = bit(AUTOWRAP) | bit(CURSOR_VISIBLE);

    private final int number;
    private final boolean isPrivate;

    Mode(int number, boolean isPrivate) {
        this.number = number;
        this.isPrivate = isPrivate;
    }

    private static int bit(Mode mode) {
        return 1 << mode.ordinal();
    }

    int bit() {
        return bit(this);
    }

    /**
     * Its number in the control sequence.
     *
     * @return a positive number
     */
    public int number() {
        return number;
    }

    /**
     * Whether it is one of DEC's or xterm's, set by {@code CSI ? h}, or of ECMA-48, set by {@code CSI h}.
     *
     * @return true for {@code CSI ?}
     */
    public boolean isPrivate() {
        return isPrivate;
    }

    /** Whether it says which events of the mouse are typed; one of these at most is set. */
    boolean isMouse() {
        return (bit() & MOUSE) != 0;
    }

    static int withoutMouse(int bits) {
        return bits & ~MOUSE;
    }

    static Set<Mode> set(int bits) {
        EnumSet<Mode> set = EnumSet.noneOf(Mode.class);
        for (Mode mode : ALL) {
            if ((bits & mode.bit()) != 0) {
                set.add(mode);
            }
        }
        return Collections.unmodifiableSet(set);
    }

    /** The mode of this number, or null. */
    static Mode find(int number, boolean isPrivate) {
        for (Mode mode : ALL) {
            if (mode.number == number && mode.isPrivate == isPrivate) {
                return mode;
            }
        }
        return null;
    }
}
