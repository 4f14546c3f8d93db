package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;
import java.nio.ByteBuffer;

/**
 * {@code struct termios} as a value, see termios(3): the four flag words and the control characters by number. Callers do not change
 * the array.
 */
public record Termios(int input, int output, int control, int local, byte[] controlCharacters) {

    /** What the kernel gives a new terminal, and UTF-8: a line at a time, echoed, with signals from the keyboard. */
    public static final Termios COOKED = new Termios(
            Linux.ICRNL() | Linux.IXON() | Linux.IUTF8(),
            Linux.OPOST() | Linux.ONLCR(),
            Linux.B38400() | Linux.CS8() | Linux.CREAD(),
            Linux.ISIG() | Linux.ICANON() | Linux.ECHO() | Linux.ECHOE() | Linux.ECHOK() | Linux.ECHOCTL() | Linux.ECHOKE()
                    | Linux.IEXTEN(),
            cookedCharacters());

    /** Attributes, or the negative errno. */
    public record Result(Termios termios, int error) {}

    public byte controlCharacter(int index) {
        return controlCharacters[index];
    }

    /** Whether lines are on and the echo is off, as a program has it that asks for a password. */
    public boolean isSilent() {
        return isSilent(local);
    }

    static boolean isSilent(ByteBuffer struct) {
        return isSilent(struct.getInt(Linux.OFFSETOF_TERMIOS_LFLAG()));
    }

    private static boolean isSilent(int local) {
        return (local & (Linux.ICANON() | Linux.ECHO())) == Linux.ICANON();
    }

    static Termios readFrom(ByteBuffer struct) {
        byte[] characters = new byte[Linux.NCCS()];
        struct.get(Linux.OFFSETOF_TERMIOS_CC(), characters);
        return new Termios(
                struct.getInt(Linux.OFFSETOF_TERMIOS_IFLAG()),
                struct.getInt(Linux.OFFSETOF_TERMIOS_OFLAG()),
                struct.getInt(Linux.OFFSETOF_TERMIOS_CFLAG()),
                struct.getInt(Linux.OFFSETOF_TERMIOS_LFLAG()),
                characters);
    }

    /** Changes a struct that {@code tcgetattr} has filled: its speeds stay, which glibc takes from fields of their own since 2.42. */
    void writeTo(ByteBuffer struct) {
        struct.putInt(Linux.OFFSETOF_TERMIOS_IFLAG(), input);
        struct.putInt(Linux.OFFSETOF_TERMIOS_OFLAG(), output);
        struct.putInt(Linux.OFFSETOF_TERMIOS_CFLAG(), control);
        struct.putInt(Linux.OFFSETOF_TERMIOS_LFLAG(), local);
        struct.put(Linux.OFFSETOF_TERMIOS_CC(), controlCharacters);
    }

    private static byte[] cookedCharacters() {
        byte[] characters = new byte[Linux.NCCS()];
        characters[Linux.VINTR()] = control('C');
        characters[Linux.VQUIT()] = control('\\');
        characters[Linux.VERASE()] = 0x7f;
        characters[Linux.VKILL()] = control('U');
        characters[Linux.VEOF()] = control('D');
        characters[Linux.VMIN()] = 1;
        characters[Linux.VSTART()] = control('Q');
        characters[Linux.VSTOP()] = control('S');
        characters[Linux.VSUSP()] = control('Z');
        characters[Linux.VREPRINT()] = control('R');
        characters[Linux.VDISCARD()] = control('O');
        characters[Linux.VWERASE()] = control('W');
        characters[Linux.VLNEXT()] = control('V');
        return characters;
    }

    private static byte control(char key) {
        return (byte) (key & 0x1f);
    }
}
