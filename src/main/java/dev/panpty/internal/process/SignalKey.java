package dev.panpty.internal.process;

import dev.panpty.internal.sys.Termios;

/**
 * A key that makes a signal if the terminal has ISIG set, EXTPROC clear and a character for it; else it is a byte. See termios(3).
 *
 * @param signal its number
 * @param index of its control character
 * @param usual the byte that a terminal sends if the character is disabled
 */
public record SignalKey(int signal, int index, int usual) {

    private static final int DELETE = 0x7f;
    private static final int FIRST_PRINTABLE = 0x20;
    private static final int CARET_SHIFT = 0x40;

    /** Whether it makes its signal. */
    boolean makesSignal(Termios now) {
        return isSignal(now.controlCharacter(index), now);
    }

    /** Whether a typed byte makes a signal, of any key. With EXTPROC every byte is data; VSTART and VSTOP take precedence. */
    static boolean isSignal(byte typed, Termios now) {
        boolean makes = (now.local() & (Termios.ISIG | Termios.EXTPROC)) == Termios.ISIG && typed != 0;
        boolean flows = (now.input() & Termios.IXON) != 0 && is(typed, now, Termios.VSTART, Termios.VSTOP);
        return makes && !flows && is(typed, now, Termios.VINTR, Termios.VQUIT, Termios.VSUSP);
    }

    /** Whether a typed byte starts output that is stopped, see IXON and IXANY in termios(3). */
    static boolean startsOutput(byte typed, Termios now) {
        boolean isStart = typed != 0 && typed == now.controlCharacter(Termios.VSTART);
        boolean any = (now.input() & Termios.IXANY) != 0 && typed != now.controlCharacter(Termios.VSTOP);
        return (now.input() & Termios.IXON) != 0 && (now.local() & Termios.EXTPROC) == 0 && (isStart || any);
    }

    private static boolean is(byte typed, Termios now, int... characters) {
        boolean found = false;
        for (int character : characters) {
            found |= typed == now.controlCharacter(character);
        }
        return found;
    }

    /** The byte that a terminal sends. */
    public byte character(Termios now) {
        byte character = now.controlCharacter(index);
        return character == 0 ? (byte) usual : character;
    }

    /** How the key is echoed; empty without ECHO. */
    byte[] echo(Termios now) {
        if ((now.local() & Termios.ECHO) == 0) {
            return new byte[0];
        }
        byte character = character(now);
        boolean caret = (now.local() & Termios.ECHOCTL) != 0 && isControl(character) && character != '\t';
        return caret ? new byte[] {'^', (byte) (character ^ CARET_SHIFT)} : new byte[] {character};
    }

    private static boolean isControl(byte character) {
        return character >= 0 && character < FIRST_PRINTABLE || character == DELETE;
    }
}
