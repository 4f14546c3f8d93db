package dev.panpty.internal.process;

import dev.panpty.internal.sys.LineMode;
import java.util.Arrays;

/**
 * The unfinished line of a terminal in canonical mode, as the kernel keeps it, where the mode is known in which it takes each byte; see
 * n_tty.c in its sources. Guarded by its owner's lock or turn.
 *
 * <pre>
 *   unquoted --VLNEXT--> quoting: the next byte is data --any byte--> unquoted
 *   any --ICANON or EXTPROC switched on or off--> unquoted and empty: what stood in the line can be read
 * </pre>
 *
 * <p>The kernel keeps 4,095 bytes and has room for one more, which is to be the line's end: whatever is typed next takes its place.
 */
final class KernelLine {

    /** Without its end. */
    static final int MOST_BYTES = 4095;

    private static final int RING_BYTES = 4096;
    private static final int FIRST_BYTES = 256;
    private static final byte[] NOTHING = {};

    private byte[] bytes = NOTHING; // a ring, once it has grown to its full size; under PARMRK the kernel writes over its beginning
    private int length;
    private boolean quoting;

    int length() {
        return length;
    }

    /** Whether the next byte is data, whatever it is. */
    boolean isQuoting() {
        return quoting;
    }

    /** Whether a byte that was typed is lost, or would be if VLNEXT takes one more. */
    boolean isOver() {
        return length + (quoting ? 1 : 0) > MOST_BYTES;
    }

    /** Whether more may come to stand in it than in the other. */
    boolean isLongerThan(KernelLine other) {
        return length > other.length || length == other.length && quoting && !other.quoting;
    }

    /** Takes the memory for so many bytes more; the kernel's own is no larger than {@value #RING_BYTES}. */
    public void reserve(int more) {
        int needed = (int) Math.min(RING_BYTES, length + (long) more);
        if (needed > bytes.length) {
            int size = Math.max(FIRST_BYTES, Integer.highestOneBit(needed - 1) << 1);
            byte[] larger = new byte[size];
            System.arraycopy(bytes, 0, larger, 0, bytes.length);
            bytes = larger;
        }
    }

    /** The input was discarded. That ends no quoting. */
    void clear() {
        length = 0;
    }

    /** There are no lines, or were none. */
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

    /** One byte, in canonical mode; there is memory for two. */
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

    /** False if there is none, or only the rest of one. */
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

    /** What is no letter or digit at the end, and then the letters and digits before it. */
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
        if (start % RING_BYTES == 0) { // the kernel takes a full ring for an empty one
            return -1;
        }
        do {
            start--;
        } while (start % RING_BYTES != 0 && mode.isContinuation(bytes[start & RING_BYTES - 1]));
        return mode.isContinuation(bytes[start & RING_BYTES - 1]) ? -1 : start;
    }

    /** By the kernel's table, which is that of Latin-1. */
    private static boolean isOfWord(byte value) {
        int character = value & 0xff;
        return character >= '0' && character <= '9' || character >= 'a' && character <= 'z' || character >= 'A' && character <= 'Z'
                || character == '_' || character >= 0xc0 && character != 0xd7 && character != 0xf7;
    }

    /** A copy of what stands in it, without what would make way for its end. */
    byte[] toByteArray() {
        return Arrays.copyOf(bytes, Math.min(length, MOST_BYTES));
    }

    @Override
    public String toString() {
        return length + (quoting ? " bytes and VLNEXT" : " bytes");
    }
}
