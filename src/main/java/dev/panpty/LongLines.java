package dev.panpty;

/**
 * What becomes of a line that is longer than a terminal in canonical mode keeps: 4,095 bytes and its newline. The kernel drops the rest
 * in silence; here it is never lost unnoticed. In raw mode there are no lines, and no limit. A
 * constant, for any thread.
 */
public enum LongLines {
    /** The write is refused, before anything of it is written. */
    REFUSE,
    /** The line is pushed to the program in pieces, by typing VEOF in between: it reads all bytes, but not as one line. */
    SPLIT
}
