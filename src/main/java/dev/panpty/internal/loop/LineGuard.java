package dev.panpty.internal.loop;

import dev.panpty.internal.gen.Linux;
import dev.panpty.internal.sys.Ptmx;
import dev.panpty.internal.sys.Termios;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Knows how long the line being typed is. In canonical mode the kernel keeps 4,095 bytes of a line and drops the rest in silence while
 * the write succeeds; so whoever writes asks here first. Guarded by its owner's lock.
 *
 * <p>The terminal is only looked at when the count says that a line may be too long: it then turns out to be raw, or the line is. What
 * ends a line is remembered from the last look; editing characters count as bytes, so a line that is much edited may seem too long.
 */
final class LineGuard {

    /** A line without its end. */
    static final int MAX_LINE_BYTES = 4095;

    static final String REFUSAL = "a line of more than " + MAX_LINE_BYTES + " bytes, which a terminal in canonical mode would cut";

    private byte[] enders = enders(Termios.COOKED);
    private int lineBytes;

    /** How many of the buffer's remaining bytes may be typed before the kernel would cut the line; as a rule all. */
    int admissible(ByteBuffer source, Ptmx ptmx) {
        int count = source.remaining();
        if (lineBytes + (long) count <= MAX_LINE_BYTES) {
            return count;
        }
        Termios.Result attributes = ptmx.attributes();
        if (attributes.error() < 0 || (attributes.termios().local() & Linux.ICANON()) == 0) {
            return count;
        }
        byte[] now = enders(attributes.termios());
        if (!Arrays.equals(enders, now)) {
            enders = now;
            lineBytes = 0; // counted by other ends: the benefit of the doubt
        }
        int run = lineBytes;
        for (int i = source.position(); i < source.limit(); i++) {
            run = isEnder(source.get(i)) ? 0 : run + 1;
            if (run > MAX_LINE_BYTES) {
                return i - source.position();
            }
        }
        return count;
    }

    /** Counts the bytes of the buffer between two positions. */
    void typed(ByteBuffer source, int from, int to) {
        for (int i = to - 1; i >= from; i--) {
            int run = to - 1 - i;
            if (isEnder(source.get(i)) || run > MAX_LINE_BYTES) {
                lineBytes = run;
                return;
            }
        }
        lineBytes = Math.min(lineBytes + to - from, MAX_LINE_BYTES + 1);
    }

    /** The line was pushed by VEOF, or discarded. */
    void lineEnded() {
        lineBytes = 0;
    }

    private boolean isEnder(byte value) {
        for (byte ender : enders) {
            if (value == ender) {
                return true;
            }
        }
        return false;
    }

    /** What ends a line: newline, carriage return where it becomes one, and three characters that can be changed. */
    private static byte[] enders(Termios termios) {
        boolean carriageReturn = (termios.input() & (Linux.ICRNL() | Linux.IGNCR())) == Linux.ICRNL();
        return new byte[] {
            '\n',
            carriageReturn ? (byte) '\r' : (byte) '\n',
            orNewline(termios.controlCharacter(Linux.VEOF())),
            orNewline(termios.controlCharacter(Linux.VEOL())),
            orNewline(termios.controlCharacter(Linux.VEOL2()))
        };
    }

    /** 0 stands for a character that is not there. */
    private static byte orNewline(byte character) {
        return character == 0 ? (byte) '\n' : character;
    }
}
