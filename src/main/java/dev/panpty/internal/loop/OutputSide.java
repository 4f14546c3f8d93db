package dev.panpty.internal.loop;

/** The side that reads the program's output. */
interface OutputSide extends Side {

    /**
     * The terminal is ready. On the loop's thread, under no lock.
     *
     * @param readable whether a read would give more than the hang-up
     * @param hungUp whether nobody holds the pts at this moment
     */
    void ready(boolean readable, boolean hungUp);

    /** Output is no longer wanted: the rest is read and dropped, so that the program is not held up. Any thread; idempotent. */
    void close();

    /** The terminal is about to be closed: nothing is delivered from the next read on. Any thread. */
    void cut();

    /** Bytes of output that were read and given to nobody. Any thread. */
    long droppedBytes();
}
