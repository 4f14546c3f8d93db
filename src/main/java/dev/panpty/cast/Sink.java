package dev.panpty.cast;

import java.io.IOException;

/** Where a recording is written. One thread. */
interface Sink {

    /** Writes the first bytes of the array; to a file that is not compressed by one write(2). */
    void write(byte[] data, int length) throws IOException;

    /** Whether a failure now would cost much. */
    default boolean wantsFlush() {
        return false;
    }

    /** Makes what was written readable, if the sink holds bytes back. */
    default void flush() throws IOException {}

    /** After a failure: takes back what was written in part, so that the rest stays readable. {@link #close} follows. */
    default void recover() throws IOException {}

    /** Nothing more is written. Idempotent. */
    void close() throws IOException;
}
