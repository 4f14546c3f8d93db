package dev.panpty.internal.process;

/** The side that writes the program's input. */
public interface WriteSide {

    /** The terminal may take more; or the child is reaped, which a waiting writer is to see. Under no lock. */
    void ready();

    /** Nothing more is accepted, and what waits is given up; nothing is typed. Any thread; idempotent. */
    void close();

    /** The terminal is closed: nothing more can be written. Idempotent. */
    void closed();

    /** The loop has failed: a caller that waits for this side is told why. On the loop's thread. */
    default void failed(String reason) {
        closed();
    }
}
