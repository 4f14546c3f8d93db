package dev.panpty;

import java.io.IOException;

/**
 * A write ended before all of its bytes were written: the program exited, the process or the stream was closed, an
 * {@linkplain TerminalControl#interrupt interrupt} discarded the rest, or the terminal became canonical and would cut the line, see
 * {@link LongLines}. The stream is usable afterwards if the terminal is. A write whose thread is interrupted throws
 * {@link java.io.InterruptedIOException} instead. Immutable, for any thread.
 */
public final class PartialWriteException extends IOException {

    private static final long serialVersionUID = 1;

    /** Counted from the write's first byte. */
    private final long bytesWritten;

    PartialWriteException(String message, long bytesWritten) {
        super(message);
        this.bytesWritten = bytesWritten;
    }

    /**
     * How many bytes of the write the kernel took, see write(2); with a protocol, how many bytes of all that was accepted since the start.
     * The program may have read fewer: an interrupt discards what it has not read.
     *
     * @return 0 or more, and fewer than were to be written
     */
    public long bytesWritten() {
        return bytesWritten;
    }
}
