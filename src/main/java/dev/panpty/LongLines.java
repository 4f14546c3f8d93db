package dev.panpty;

/**
 * How to treat a line that is longer than a terminal in canonical mode keeps: 4,095 bytes and its newline. The kernel silently drops the
 * rest. The length is that of the kernel's line: characters that VERASE, VWERASE, VKILL or a signal character erases do not count; a
 * character that follows VLNEXT does. In raw mode there are no lines and no limit. A constant, for any thread.
 *
 * <p>A line is judged twice, by the mode at that time: when a write is accepted, and before each write(2) of at most 4,096 bytes. If the
 * program, or {@link TerminalControl#attributes(TerminalAttributes)}, makes the terminal canonical in between, the rest may no longer fit.
 * The write of a stream then fails with {@link PartialWriteException}. With a protocol, all pending input becomes
 * {@linkplain ProcessTransport#unwrittenBytes unwritten}, and {@link ProcessProtocol#onError} gets that exception.
 *
 * <p>Bytes that the kernel took while the terminal was raw and has not processed, 12 KB at most, may still be cut when the mode changes. A
 * shell reads its prompt in raw mode, so a long line for the program that it is about to start is safe only once that program reads.
 *
 * <p>Unless {@linkplain PtyProcessBuilder#longLines set}, streams refuse and protocols split. A line of 100,000 bytes that is split
 * arrives whole at cat(1), as one line at the {@code read} of a shell and at a program that reads by standard I/O: they read on until the
 * newline. A program that takes each read(2) for a line gets pieces. Line editors, such as those of bash and Python, read in raw mode.
 */
public enum LongLines {
    /**
     * The write is refused by an exception before any of it is written; the default for streams. It fails half-way if the line becomes too
     * long while it is written.
     */
    REFUSE,
    /**
     * The line is pushed to the program in pieces, by VEOF typed in between: the program reads all bytes, but not by one read(2); the
     * default with a {@link ProcessProtocol}. The same as {@link #REFUSE} if VEOF is disabled.
     */
    SPLIT
}
