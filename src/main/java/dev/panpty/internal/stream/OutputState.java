package dev.panpty.internal.stream;

import java.io.IOException;

/**
 * How far the output of a {@link StreamReader} has come, and whether its callers get it. Guarded by the reader's lock.
 *
 * <pre>
 *   Output, what is left to read:
 *   OPEN --child reaped, more may come--> REST_TAKEN: what was there is in memory; what others that hold the pts write is read on
 *   OPEN --child reaped, and the end or endAtExit--> FINISHED: what was there is in memory
 *   OPEN, REST_TAKEN --end of the output, terminal closed, loop failed--> FINISHED
 *   FINISHED: reads go on from memory, then give -1, or fail where the output ended too soon
 *
 *   Delivery, what callers get:
 *   OPEN --cut--> CUT: reads go on from memory, then give -1, or fail where more was there to be read at that moment
 *   OPEN, CUT --close--> CLOSED: reads fail
 *   CUT, CLOSED: unless FINISHED the loop reads on and drops, so that the program is not blocked
 *   cut: without effect unless OPEN, or if FINISHED or lent
 *
 *   any --lend--> lent: nothing is read, callers wait --takeBack--> as before
 *                                                     --terminal closed--> FINISHED
 * </pre>
 */
final class OutputState {

    private enum Output { OPEN, REST_TAKEN, FINISHED }

    private enum Delivery { OPEN, CUT, CLOSED }

    private volatile Output output = Output.OPEN; // written with the lock
    private Delivery delivery = Delivery.OPEN;
    private boolean lent;

    /** No more output will come. Any thread. */
    boolean isFinished() {
        return output == Output.FINISHED;
    }

    /** REST_TAKEN or FINISHED. Any thread. */
    boolean isRestTaken() {
        return output != Output.OPEN;
    }

    void finish() {
        output = Output.FINISHED;
    }

    /** @param end whether no more will come */
    void restTaken(boolean end) {
        output = end ? Output.FINISHED : Output.REST_TAKEN;
    }

    boolean isLent() {
        return lent;
    }

    void lent(boolean now) {
        lent = now;
    }

    /** Output is read, and callers get it. */
    boolean isDelivered() {
        return delivery == Delivery.OPEN && !isFinished() && !lent;
    }

    /** Output is read, and no caller gets it. */
    boolean isToBeDropped() {
        return delivery != Delivery.OPEN && !isFinished();
    }

    /** Callers get what is in memory, and no more. */
    boolean isMemoryLeftOnly() {
        return isFinished() || delivery == Delivery.CUT;
    }

    void requireNotClosed() throws IOException {
        if (delivery == Delivery.CLOSED) {
            throw new IOException("Stream closed");
        }
    }

    void cut() {
        delivery = Delivery.CUT;
    }

    /** False if it was closed before. */
    boolean close() {
        boolean first = delivery != Delivery.CLOSED;
        delivery = Delivery.CLOSED;
        return first;
    }
}
