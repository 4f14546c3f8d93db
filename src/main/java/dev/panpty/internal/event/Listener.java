package dev.panpty.internal.event;

import dev.panpty.internal.process.WaitStatus;
import java.nio.ByteBuffer;

/**
 * What the loop tells the layer above of one process, in event style. All calls come on the loop's thread, one after the other, under no
 * lock, and none but {@link #full} inside another. What the user's code throws is not thrown on; what is thrown, out of memory, was not told, and is
 * told again.
 */
public interface Listener {

    /** First, once. */
    void connected();

    /** Output, written to the child's descriptor 1 or 2; a read-only view that is good until this returns. */
    void data(int childFd, ByteBuffer data);

    /** A side has really ended: 0 takes no more, 1 and 2 give no more. Once for each. */
    void sideLost(int childFd);

    /** The write queue may be fuller or emptier than when this was called last, or may have closed: compares it with what was told. */
    public void backpressure();

    /** The write queue is full: a producer is to pause. Inside a callback too, which is what fills the queue. */
    void full();

    /** The connection is being lost: a producer that waits to be asked is asked now, where nothing is pending that asks it later. */
    void losing();

    /**
     * Whether the input is to stay open for a producer though the connection is being lost; any thread.
     *
     * @param drained whether nothing is pending, which is what one that runs by itself is not waited for; on the loop's thread then
     */
    boolean produces(boolean drained);

    /** The child is reaped. */
    void exited(WaitStatus status);

    /** Last, once: exited, and all output delivered. */
    void ended(WaitStatus status);

    /** Input that was accepted is unwritten, why is said, behind so many bytes of all that was accepted. */
    void inputCut(String reason, long writtenBytes);

    /** Something went wrong that no caller can be told of. */
    void failed(Throwable thrown);
}
