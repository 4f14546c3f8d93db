package dev.panpty;

/**
 * What becomes of a line that is longer than a terminal in canonical mode keeps: 4,095 bytes and its newline. The kernel drops the rest
 * in silence. A line is as long as the kernel has it: what VERASE, VWERASE, VKILL or a signal character takes back does not count, and a
 * character that follows VLNEXT does. In raw mode there are no lines, and no limit. A constant, for any thread.
 *
 * <p>A line is judged twice, by the mode at that time: when a write is accepted, and before each write(2) of at most 4,096 bytes.
 * Where the program, or {@link TerminalControl#attributes(TerminalAttributes)}, makes the terminal canonical in between, the rest
 * may no longer fit: the write of a stream then fails with {@link PartialWriteException}; with a protocol, all that is pending is
 * {@linkplain ProcessTransport#unwrittenBytes unwritten} and {@link ProcessProtocol#onError} gets that exception. What the kernel
 * has taken while the terminal was raw and has not processed yet, 12 KB at most, may still be cut when the mode changes: a shell
 * reads its prompt in raw mode, so a long line for the program that it is about to start is safe only once that program reads.
 */
public enum LongLines {
    /** The write is refused, before anything of it is written; it ends half-way if the line becomes too long while it is written. */
    REFUSE,
    /**
     * The line is pushed to the program in pieces, by typing VEOF in between: it reads all bytes, but not as one line. Where the
     * terminal has no VEOF this is as {@link #REFUSE}.
     */
    SPLIT
}
