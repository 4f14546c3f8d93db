package dev.panpty.internal.process;

import dev.panpty.internal.sys.LineMode;
import java.util.Arrays;

/**
 * The unfinished line of a terminal in canonical mode, as the kernel keeps it; see n_tty.c in its sources. Each byte comes with the mode in
 * which the kernel takes it. Guarded by its owner's lock or turn.
 *
 * <pre>
 *   unquoted --VLNEXT--> quoting: the next byte is data --any byte--> unquoted
 *   any --ICANON or EXTPROC switched on or off--> unquoted and empty: the bytes of the line become readable
 * </pre>
 *
 * <p>The kernel keeps 4,095 bytes and one more, which is reserved for the line's end: each further byte replaces that one.
 */
final class KernelLine {

    /** Of a line, without its end. */
    static final int MOST_BYTES = 4095;

    private static final int RING_BYTES = 4096;
    private static final int FIRST_BYTES = 256;
    private static final byte[] NOTHING = {};

    private byte[] bytes = NOTHING; // a ring once it has its full size; under PARMRK the kernel overwrites its beginning
    private int length;
    private boolean quoting;

    int length() {
        return length;
    }

    /** Whether VLNEXT was typed: the next byte is data. */
    boolean isQuoting() {
        return quoting;
    }

    /** Whether a typed byte is lost, or would be lost if the byte that VLNEXT quotes is one more. */
    boolean isOver() {
        return length + (quoting ? 1 : 0) > MOST_BYTES;
    }

    /** Whether this is longer, or would be with the byte that VLNEXT quotes. */
    boolean isLongerThan(KernelLine other) {
        return length > other.length || length == other.length && quoting && !other.quoting;
    }

    /** Allocates memory for so many more bytes; the kernel's buffer is no larger than {@value #RING_BYTES}. */
    public void reserve(int more) {
        int needed = (int) Math.min(RING_BYTES, length + (long) more);
        if (needed > bytes.length) {
            int size = Math.max(FIRST_BYTES, Integer.highestOneBit(needed - 1) << 1);
            byte[] larger = new byte[size];
            System.arraycopy(bytes, 0, larger, 0, bytes.length);
            bytes = larger;
        }
    }

    /** The input was discarded; VLNEXT stays in effect. */
    void clear() {
        length = 0;
    }

    /** The line has ended or was pushed, or the mode is not canonical: an empty line begins. */
    void separate() {
        length = 0;
        quoting = false;
    }

    void copyFrom(KernelLine other) {
        reserve(other.length - length);
        System.arraycopy(other.bytes, 0, bytes, 0, Math.min(other.length, RING_BYTES));
        length = other.length;
        quoting = other.quoting;
    }

    /** Types one byte in canonical mode; memory for two is {@linkplain #reserve reserved}. */
    void type(byte key, LineMode mode) {
        if (length > MOST_BYTES) {
            length--;
        }
        if (quoting) {
            quoting = false;
            put(mode.quoted(key), mode);
            return;
        }
        switch (mode.action(key)) {
            case LineMode.DATA -> put(mode.stored(key), mode);
            case LineMode.END, LineMode.END_OF_FILE, LineMode.CLEAR -> length = 0;
            case LineMode.QUOTE -> quoting = true;
            case LineMode.ERASE -> eraseCharacter(mode);
            case LineMode.ERASE_WORD -> eraseWord(mode);
            case LineMode.ERASE_LINE -> eraseLine(mode);
            default -> { } // swallowed
        }
    }

    private void put(byte value, LineMode mode) {
        bytes[length++ & RING_BYTES - 1] = value;
        if (mode.isDoubled(value)) {
            bytes[length++ & RING_BYTES - 1] = value;
        }
    }

    /** False if the line is empty, or holds only the end of a multi-byte character. */
    private boolean eraseCharacter(LineMode mode) {
        int start = lastCharacter(mode);
        boolean whole = start >= 0;
        if (whole) {
            length = start;
        }
        return whole;
    }

    private void eraseLine(LineMode mode) {
        boolean more = true;
        while (more) {
            more = eraseCharacter(mode);
        }
    }

    /** Erases other characters at the end, then the letters and digits before them. */
    private void eraseWord(LineMode mode) {
        boolean seen = false;
        for (int start; (start = lastCharacter(mode)) >= 0; length = start) {
            boolean letter = isOfWord(bytes[start & RING_BYTES - 1]);
            if (seen && !letter) {
                return;
            }
            seen |= letter;
        }
    }

    /** Where the last character begins; -1 if the line is empty or its first character has lost its beginning. */
    private int lastCharacter(LineMode mode) {
        int start = length;
        if (start % RING_BYTES == 0) { // the kernel treats a full ring as empty
            return -1;
        }
        do {
            start--;
        } while (start % RING_BYTES != 0 && mode.isContinuation(bytes[start & RING_BYTES - 1]));
        return mode.isContinuation(bytes[start & RING_BYTES - 1]) ? -1 : start;
    }

    /** By the kernel's table, which is Latin-1. */
    private static boolean isOfWord(byte value) {
        int character = value & 0xff;
        return character >= '0' && character <= '9' || character >= 'a' && character <= 'z' || character >= 'A' && character <= 'Z'
                || character == '_' || character >= 0xc0 && character != 0xd7 && character != 0xf7;
    }

    /** A copy of its bytes, without the one that the line's end replaces. */
    byte[] toByteArray() {
        return Arrays.copyOf(bytes, Math.min(length, MOST_BYTES));
    }

    @Override
    public String toString() {
        return length + (quoting ? " bytes and VLNEXT" : " bytes");
    }
}
