package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * How the kernel treats each byte that is typed in canonical mode: the part of {@code struct termios}, see termios(3), that affects the
 * line being typed. An immutable value, for any thread. While nothing has changed {@link Ptmx#lineMode} returns the same object, so that a
 * look-up allocates nothing.
 */
public final class LineMode {

    /** Is added to the line, as {@link #stored}. */
    public static final int DATA = 0;
    /** Ends the line: NL, VEOL or VEOL2. */
    public static final int END = 1;
    /** VEOF: ends the line and is not part of it. */
    public static final int END_OF_FILE = 2;
    /** VLNEXT: the next byte is data. */
    public static final int QUOTE = 3;
    public static final int ERASE = 4;
    public static final int ERASE_WORD = 5;
    /** VKILL, character by character: a line that begins in the middle of a character keeps that part. */
    public static final int ERASE_LINE = 6;
    /** Erases the whole line: VKILL, or a signal without NOFLSH. */
    public static final int CLEAR = 7;
    /** Has no effect on the line: VREPRINT, VSTART, VSTOP, a signal with NOFLSH, a carriage return under IGNCR. */
    public static final int NOTHING = 8;

    /** Not canonical. */
    public static final LineMode NONE = new LineMode(0, 0, new byte[Termios.NCCS], 0);

    /** The mode was not looked up yet. */
    public static final LineMode UNKNOWN = new LineMode(0, 0, new byte[Termios.NCCS], 0);

    private static final int DISABLED = 0; // _POSIX_VDISABLE
    private static final int BYTES = 256;
    private static final int LOW_BITS = 0x7f;
    private static final int CASE = 'a' - 'A';

    private final int input;
    private final int local;
    private final byte[] characters;
    private final int error;
    private final byte[] actions;
    private final byte[] stored;

    private LineMode(int input, int local, byte[] characters, int error) {
        this.input = input;
        this.local = local;
        this.characters = characters;
        this.error = error;
        actions = new byte[isCanonical() ? BYTES : 0];
        stored = new byte[actions.length];
        for (int key = 0; key < actions.length; key++) {
            int value = stripped(key);
            stored[key] = (byte) translated(value);
            actions[key] = (byte) action(value);
        }
    }

    /** The look-up has failed with this negative errno. */
    static LineMode failed(int error) {
        return new LineMode(0, 0, new byte[Termios.NCCS], error);
    }

    /** The line mode of these attributes. */
    public static LineMode of(Termios termios) {
        return new LineMode(termios.input(), termios.local(), termios.controlCharacters(), 0);
    }

    /** The line mode of the struct; this object if it is the same. */
    LineMode readFrom(ByteBuffer termios) {
        boolean same = error == 0
                && input == termios.getInt(Linux.OFFSETOF_TERMIOS_IFLAG())
                && local == termios.getInt(Linux.OFFSETOF_TERMIOS_LFLAG());
        for (int i = 0; same && i < characters.length; i++) {
            same = characters[i] == termios.get(Linux.OFFSETOF_TERMIOS_CC() + i);
        }
        return same ? this : of(Termios.readFrom(termios));
    }

    /** 0, or the negative errno with which the look-up has failed. */
    public int error() {
        return error;
    }

    /** Whether input is line by line. Not with EXTPROC: the far end of a network edits the lines, and every byte can be read at once. */
    public boolean isCanonical() {
        return hasLocal(Termios.ICANON) && !hasLocal(Termios.EXTPROC);
    }

    /** One of the constants above; in canonical mode only, as all that follows. */
    public int action(byte key) {
        return actions[key & 0xff];
    }

    /** Whether a key ends the line, so that it can be read; false if not canonical. */
    public boolean endsLine(byte key) {
        return isCanonical() && (action(key) == END || action(key) == END_OF_FILE);
    }

    /** The byte that is added to the line for a key that is {@link #DATA}. */
    public byte stored(byte key) {
        return stored[key & 0xff];
    }

    /** The byte that is added to the line for a key that follows VLNEXT. */
    public byte quoted(byte key) {
        return (byte) stripped(key & 0xff);
    }

    /** Whether a byte is in the line twice: 0xff with PARMRK, which uses it as an escape. */
    public boolean isDoubled(byte value) {
        return value == (byte) 0xff && hasInput(Termios.PARMRK);
    }

    /** Whether a byte continues the character before it (UTF-8). */
    public boolean isContinuation(byte value) {
        return hasInput(Termios.IUTF8) && (value & 0xc0) == 0x80;
    }

    /** Whether a line can be pushed by typing VEOF. */
    public boolean hasEndOfFile() {
        return isCanonical() && action(endOfFile()) == END_OF_FILE;
    }

    /** VEOF; 0 if it is disabled. In raw mode too. */
    public byte endOfFile() {
        return characters[Termios.VEOF];
    }

    /** VKILL if it erases the line; else 0. */
    public byte lineKill() {
        byte kill = characters[Termios.VKILL];
        int action = isCanonical() ? action(kill) : DATA;
        return action == ERASE_LINE || action == CLEAR ? kill : 0;
    }

    /** The effect of ISTRIP and IUCLC; the kernel uses Latin-1. */
    private int stripped(int key) {
        int value = hasInput(Termios.ISTRIP) ? key & LOW_BITS : key;
        boolean upper = value >= 'A' && value <= 'Z' || value >= 0xc0 && value <= 0xde && value != 0xd7;
        return upper && hasInput(Termios.IUCLC) && hasLocal(Termios.IEXTEN) ? value + CASE : value;
    }

    /** The effect of ICRNL and INLCR. */
    private int translated(int value) {
        if (value == '\r' && hasInput(Termios.ICRNL)) {
            return '\n';
        }
        return value == '\n' && hasInput(Termios.INLCR) ? '\r' : value;
    }

    /** In the kernel's order: a byte that is set as two control characters acts as the first of them. */
    private int action(int value) {
        if (value == DISABLED) {
            return DATA;
        }
        if (hasInput(Termios.IXON) && (is(value, Termios.VSTART) || is(value, Termios.VSTOP))) {
            return NOTHING;
        }
        if (hasLocal(Termios.ISIG) && (is(value, Termios.VINTR) || is(value, Termios.VQUIT) || is(value, Termios.VSUSP))) {
            return hasLocal(Termios.NOFLSH) ? NOTHING : CLEAR;
        }
        return value == '\r' && hasInput(Termios.IGNCR) ? NOTHING : canonicalAction(translated(value));
    }

    private int canonicalAction(int value) {
        boolean extended = hasLocal(Termios.IEXTEN);
        if (is(value, Termios.VERASE)) {
            return ERASE;
        }
        boolean kill = is(value, Termios.VKILL);
        if (is(value, Termios.VWERASE) && (extended || kill)) {
            return ERASE_WORD;
        }
        if (kill) {
            return hasLocal(Termios.ECHO | Termios.ECHOE | Termios.ECHOK | Termios.ECHOKE) ? ERASE_LINE : CLEAR;
        }
        if (extended && is(value, Termios.VLNEXT)) {
            return QUOTE;
        }
        if (extended && hasLocal(Termios.ECHO) && is(value, Termios.VREPRINT)) {
            return NOTHING;
        }
        if (value != '\n' && is(value, Termios.VEOF)) {
            return END_OF_FILE;
        }
        return value == '\n' || is(value, Termios.VEOL) || extended && is(value, Termios.VEOL2) ? END : DATA;
    }

    private boolean is(int value, int character) {
        return value == (characters[character] & 0xff);
    }

    private boolean hasInput(int flag) {
        return (input & flag) != 0;
    }

    private boolean hasLocal(int flags) {
        return (local & flags) == flags;
    }

    @Override
    public String toString() {
        return "input " + Integer.toOctalString(input) + " local " + Integer.toOctalString(local)
                + " characters " + Arrays.toString(characters);
    }
}
