package dev.panpty.internal.process;

/** The side that reads the program's output. */
public interface ReadSide extends Side {

    /**
     * The terminal is ready. On the loop's thread, under no lock.
     *
     * @param readable whether a read would give more than the hang-up
     * @param hungUp whether nobody holds the pts at this moment
     */
    public void ready(boolean readable, boolean hungUp);

    /** Output is no longer wanted: the rest is read and dropped, so that the program is not held up. Any thread; idempotent. */
    void close();

    /**
     * The process is about to be ended, and nothing more is delivered, but for what was read ahead: the rest is dropped as by
     * {@link #close}. Any thread; idempotent.
     */
    void endDelivery();

    /** The terminal is about to be closed: nothing more is read, or delivered but for what was read ahead. Any thread; idempotent. */
    void cut();

    /** Bytes of output that were read and given to nobody. Any thread. */
    long droppedBytes();
}
