package dev.panpty.internal.event;

import dev.panpty.internal.sys.Scratch;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What becomes of the output that an {@code EventReader} reads into the loop's buffer. A listener gets a read-only view of it, which is
 * valid until the listener returns.
 *
 * <pre>
 *   DELIVERED --drop--> DROPPED: output is read, and counted as dropped
 *   DELIVERED, DROPPED --cut--> CUT: nothing is read any more
 * </pre>
 *
 * <p>Any thread, but {@link #deliver}, which is for the loop's.
 */
final class OutputDelivery {

    /** Whether the buffer is overwritten after each delivery, so that a test sees what a listener keeps of it. */
    private static final boolean POISON = Boolean.getBoolean("dev.panpty.poison");
    private static final byte POISON_BYTE = (byte) 0xdb;

    /** On the loop's thread. */
    interface Receiver {

        /** Output; the view is valid until this returns. */
        void deliver(int childFd, ByteBuffer data);
    }

    private enum State { DELIVERED, DROPPED, CUT }

    private Scratch scratch; // null after the end, as the view: the loop's buffer is not kept by processes that have ended
    private ByteBuffer view;
    private final AtomicReference<State> state = new AtomicReference<>(State.DELIVERED);
    private final AtomicLong droppedBytes = new AtomicLong();
    private volatile boolean held;

    OutputDelivery(Scratch scratch) {
        this.scratch = scratch;
        view = scratch.data().asReadOnlyBuffer();
        view.limit(0);
    }

    boolean isDelivered() {
        return state.get() == State.DELIVERED;
    }

    /** Whether output is read; dropped output also while the listener has paused. */
    boolean isWanted(boolean paused) {
        State now = state.get();
        return now == State.DROPPED || now == State.DELIVERED && !paused;
    }

    /** Whether a tap holds the output, so that none is read; dropped output neither. */
    boolean isHeld() {
        return held;
    }

    void hold(boolean on) {
        held = on;
    }

    void drop() {
        state.compareAndSet(State.DELIVERED, State.DROPPED);
    }

    void cut() {
        state.set(State.CUT);
    }

    long droppedBytes() {
        return droppedBytes.get();
    }

    /** Nothing is delivered any more. On the loop's thread. */
    void end() {
        scratch = null;
        view = null;
    }

    /** The first bytes of the buffer were read. */
    void deliver(Receiver receiver, int childFd, int count) {
        if (!isDelivered()) {
            droppedBytes.addAndGet(count);
            return;
        }
        ByteBuffer delivered = view; // the receiver may bring the end
        ByteBuffer read = scratch.data();
        delivered.limit(count).position(0);
        receiver.deliver(childFd, delivered);
        delivered.limit(0);
        if (POISON) {
            for (int i = 0; i < count; i++) {
                read.put(i, POISON_BYTE);
            }
        }
    }
}
