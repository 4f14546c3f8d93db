package dev.panpty.internal.process;

/** The side that writes the program's input. */
public interface WriteSide {

    /** There may be room, or the child is reaped: a waiting writer retries. Under no lock. */
    void ready();

    /** Nothing more is accepted, what is pending is dropped, and no VEOF is typed. Any thread; idempotent. */
    void close();

    /** The terminal is closed: nothing more can be written. Idempotent. */
    void closed();

    /** The loop has failed: a caller that waits for this side gets the reason. On the loop's thread. */
    default void failed(String reason) {
        closed();
    }
}
