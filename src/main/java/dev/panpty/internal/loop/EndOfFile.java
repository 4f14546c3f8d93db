package dev.panpty.internal.loop;

import dev.panpty.internal.gen.Linux;
import dev.panpty.internal.sys.Termios;

/**
 * What is typed to say end of file, see termios(3): VEOF pushes an unfinished line, and only after that, or at the start of a line,
 * it is the end. Without ICANON it is a byte like any other, and a program such as a shell's line editor gives it its meaning.
 */
final class EndOfFile {

    /** In place of a last byte where none was written. */
    static final int NONE = -1;

    private EndOfFile() {}

    /** One VEOF; nothing where the terminal has none. */
    static byte[] once(Termios termios) {
        byte endOfFile = termios.controlCharacter(Linux.VEOF());
        return endOfFile == 0 ? new byte[0] : new byte[] {endOfFile};
    }

    /** What makes an unfinished line after this last byte readable, and nothing where there is none. */
    static byte[] push(int lastByte, Termios termios) {
        byte[] once = once(termios);
        return once.length > 0 && leavesLineOpen(lastByte, termios) ? once : new byte[0];
    }

    /** As many VEOF as end the input after this last byte. */
    static byte[] after(int lastByte, Termios termios) {
        byte[] once = once(termios);
        if (once.length == 0 || !leavesLineOpen(lastByte, termios)) {
            return once;
        }
        return new byte[] {once[0], once[0]};
    }

    private static boolean leavesLineOpen(int lastByte, Termios termios) {
        if (lastByte == NONE || (termios.local() & Linux.ICANON()) == 0) {
            return false;
        }
        byte last = (byte) lastByte;
        boolean carriageReturn = last == '\r' && (termios.input() & Linux.ICRNL()) != 0;
        boolean ends = last == '\n' || carriageReturn;
        for (int ender : new int[] {Linux.VEOF(), Linux.VEOL(), Linux.VEOL2()}) {
            ends |= last != 0 && last == termios.controlCharacter(ender);
        }
        return !ends;
    }
}
