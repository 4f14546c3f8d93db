package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;
import java.nio.ByteBuffer;

/** What ends a line that is typed into a terminal, as of the last {@link Ptmx#readLineEnds}. Filled again and again; one thread's. */
public final class LineEnds {

    private boolean canonical;
    private boolean carriageReturn;
    private byte endOfFile;
    private byte endOfLine;
    private byte endOfLine2;

    /** Whether there are lines at all. */
    public boolean isCanonical() {
        return canonical;
    }

    /** Whether a line can be pushed without its end. */
    public boolean hasEndOfFile() {
        return endOfFile != 0;
    }

    /** VEOF, 0 where there is none. */
    public byte endOfFile() {
        return endOfFile;
    }

    public boolean isEnd(byte value) {
        return value == '\n'
                || carriageReturn && value == '\r'
                || value != 0 && (value == endOfFile || value == endOfLine || value == endOfLine2);
    }

    void readFrom(ByteBuffer termios) {
        int input = termios.getInt(Linux.OFFSETOF_TERMIOS_IFLAG());
        canonical = (termios.getInt(Linux.OFFSETOF_TERMIOS_LFLAG()) & Linux.ICANON()) != 0;
        carriageReturn = (input & (Linux.ICRNL() | Linux.IGNCR())) == Linux.ICRNL();
        endOfFile = termios.get(Linux.OFFSETOF_TERMIOS_CC() + Linux.VEOF());
        endOfLine = termios.get(Linux.OFFSETOF_TERMIOS_CC() + Linux.VEOL());
        endOfLine2 = termios.get(Linux.OFFSETOF_TERMIOS_CC() + Linux.VEOL2());
    }

    void setNone() {
        canonical = false;
    }
}
