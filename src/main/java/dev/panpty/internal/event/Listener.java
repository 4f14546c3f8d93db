package dev.panpty.internal.event;

import dev.panpty.internal.process.WaitStatus;
import java.nio.ByteBuffer;

/**
 * Receives the events of one process, in event style. All calls come on the loop's thread, one after the other, under no lock; only
 * {@link #full} comes inside another. An implementation does not pass on what the user's code throws. If it throws itself, out of memory,
 * the event counts as not received and is repeated.
 */
public interface Listener {

    /** First, once. */
    void connected();

    /** Output, written to the child's descriptor 1 or 2; a read-only view that is valid until this returns. */
    void data(int childFd, ByteBuffer data);

    /** A side has ended: the program gets no more input (0), or no more output comes (1 and 2). Once for each. */
    void sideLost(int childFd);

    /** The write queue may have become full, not full, empty or closed: notifies the producer if so. */
    public void backpressure();

    /** The write queue is full: a push producer pauses. Also called inside a callback that fills the queue. */
    void full();

    /** The graceful close has begun: asks a pull producer now if nothing is pending, since no emptied queue will ask it later. */
    void losing();

    /**
     * Whether the graceful close waits for a producer, so that the input stays open. Any thread.
     *
     * @param drained whether nothing is pending: a push producer that is not paused is then not waited for; on the loop's thread if true
     */
    boolean produces(boolean drained);

    /** The child is reaped. */
    void exited(WaitStatus status);

    /** The child has exited and all output is delivered. Last, once. */
    void ended(WaitStatus status);

    /** Accepted input was dropped for this reason; the kernel took so many bytes of all input before. */
    void inputCut(String reason, long writtenBytes);

    /** A failure that no caller can receive. */
    void failed(Throwable thrown);
}
