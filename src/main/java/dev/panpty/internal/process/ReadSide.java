package dev.panpty.internal.process;

/** The side that reads the program's output. */
public interface ReadSide {

    /**
     * The terminal is ready. On the loop's thread, or on that of a reader that has seen the end; under no lock.
     *
     * @param readable whether a read may give data
     * @param hungUp whether no process holds the pts now
     */
    void ready(boolean readable, boolean hungUp);

    /** Output is no longer wanted: the rest is read and dropped, so that the program is not blocked. Any thread; idempotent. */
    void close();

    /**
     * The process is about to be ended: only what was read ahead is still delivered, the rest is dropped as by {@link #close}. Any thread;
     * idempotent.
     */
    void endDelivery();

    /**
     * Whether a tap holds the output: nothing is read then, not even to be dropped, so that the kernel blocks the program. What the kernel
     * has when the child is reaped, or when the output is stopped for its end, is read all the same. Any thread, under any lock but a
     * reader's.
     */
    void hold(boolean on);

    /** The terminal is about to be closed: nothing more is read, and only what was read ahead is delivered. Any thread; idempotent. */
    void cut();

    /** The terminal is closed: nothing more can be read. On the loop's thread. */
    void closed();

    /** The loop has failed: a caller that waits for this side gets the reason. On the loop's thread. */
    void failed(String reason);

    /** Whether no more output will come. Any thread. */
    public boolean isFinished();

    /** Bytes of output that were read and given to no caller. Any thread. */
    long droppedBytes();
}
