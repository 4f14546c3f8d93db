package dev.panpty.internal.stream;

import java.io.IOException;

/**
 * The state of a {@link StreamReader}. It has four independent parts: Output, what can still be read from the channel; Delivery, what
 * callers get; lent, whether another channel uses the descriptor; and held, whether a tap holds the output. "Memory" is {@link ReadAhead}.
 * Guarded by the reader's lock.
 *
 * <pre>
 *   Output
 *   OPEN --child reaped, takeRest: other processes hold the pts--> REST_TAKEN: the child's output is in memory, that of others follows
 *   OPEN --child reaped, takeRest: at the end, or endAtExit------> FINISHED
 *   OPEN, REST_TAKEN --end of output, terminal closed, loop failed--> FINISHED
 *   FINISHED: reads give what is in memory, then -1, or fail if output was lost
 *
 *   Delivery
 *   OPEN: reads give what is in memory, then what the channel has
 *   OPEN --cut-------> CUT: reads give what is in memory, then -1, or fail if output was unread at the cut
 *   OPEN, CUT --close--> CLOSED: reads fail
 *   cut has no effect unless Delivery is OPEN, or if Output is FINISHED, or if lent
 *   CUT, CLOSED: until FINISHED the loop reads on and drops, so that the program does not block
 *
 *   lent
 *   false --lend--> true: nothing is read from the channel, callers wait
 *   true --takeBack--> false
 *   true --terminal closed--> Output is FINISHED
 *
 *   held
 *   true: nothing is read from the channel, not even to be dropped, except for the rest once the child is reaped
 * </pre>
 */
final class OutputState {

    private enum Output { OPEN, REST_TAKEN, FINISHED }

    private enum Delivery { OPEN, CUT, CLOSED }

    private volatile Output output = Output.OPEN; // written under the lock
    private Delivery delivery = Delivery.OPEN;
    private boolean lent;
    private volatile boolean held; // any thread

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

    /** The child's output is in memory. @param end whether no more output will come */
    void restTaken(boolean end) {
        output = end ? Output.FINISHED : Output.REST_TAKEN;
    }

    boolean isLent() {
        return lent;
    }

    void lent(boolean now) {
        lent = now;
    }

    boolean isHeld() {
        return held;
    }

    void held(boolean now) {
        held = now;
    }

    /** Whether callers have to wait, whatever the channel has. */
    boolean isBarred() {
        return lent || held;
    }

    /** Whether output is read for callers. */
    boolean isDelivered() {
        return delivery == Delivery.OPEN && !isFinished() && !lent;
    }

    /** Whether output is read and dropped. */
    boolean isToBeDropped() {
        return delivery != Delivery.OPEN && !isFinished();
    }

    /** Whether callers get only what is in memory. */
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

    /** False if it was closed already. */
    boolean close() {
        boolean first = delivery != Delivery.CLOSED;
        delivery = Delivery.CLOSED;
        return first;
    }
}
