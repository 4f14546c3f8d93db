package dev.panpty.internal.event;

import dev.panpty.internal.process.LineGuard;
import dev.panpty.internal.process.PtmxChannel;
import dev.panpty.internal.process.Source;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The program's input in event style: written at once while nothing is pending, else queued and drained by the loop. Guarded by the lock of
 * its {@link WriteQueue}.
 *
 * <pre>
 *   OPEN --closeWithEnd--> CLOSING --nothing pending: VEOF typed--> CLOSED
 *   OPEN or CLOSING --close-------> CLOSED, what was pending is unwritten
 *   any --a line would be cut when it is to be written--> as before, what was pending is unwritten
 *   any --write(2) or tcgetattr(3) fails--> nothing is written any more, the terminal is closed
 *   any --terminal closed, or at its end--> ENDED, what was pending is unwritten
 *
 *   not full --more pending than the high water mark--> full --no more than the low one--> not full
 * </pre>
 *
 * <p>Writes are accepted when open only.
 */
final class QueuedInput implements PendingInput.Owner {

    private enum State { OPEN, CLOSING, CLOSED, ENDED }

    /** What is typed when all else is written, from the line and the mode then. */
    private enum Last { NOTHING, END, PUSH, END_TYPED }

    /** The process. Called with the lock. */
    interface Owner {

        /** Whether {@link WriteQueue#flush} is called once the user's code that this thread is in has returned. */
        boolean flushesLater();

        /** A line would be cut, and so much of all that was accepted was written before. */
        void cut(long writtenBytes);

        /**
         * Nothing more can be written: the terminal is to be closed, which ends the queue. {@link WriteQueue.Owner#changed} follows without
         * the lock.
         */
        void failed(IOException reason);
    }

    private final PtmxChannel terminal;
    private final int highWaterBytes;
    private final int lowWaterBytes;
    private final Owner owner;
    private final LineGuard guard;
    private final Source guarded = new Source();
    private final PendingInput pending;
    private volatile State state = State.OPEN; // read without the lock too, as the next three
    private volatile boolean full;
    private volatile long writtenBytes;
    private volatile long unwrittenBytes;
    private Last last = Last.NOTHING;
    private boolean emptiedWanted;
    private long changes; // of what the queue's owner is told

    QueuedInput(PtmxChannel terminal, int highWaterBytes, int lowWaterBytes, boolean splitLongLines, Owner owner) {
        this.terminal = terminal;
        this.highWaterBytes = highWaterBytes;
        this.lowWaterBytes = lowWaterBytes;
        this.owner = owner;
        guard = new LineGuard(terminal.ptmx(), splitLongLines);
        pending = new PendingInput(terminal, guard, this);
    }

    @Override
    public void written(int count) {
        writtenBytes += count;
    }

    @Override
    public void cut() {
        owner.cut(writtenBytes); // first: where there is no memory to tell it, nothing is given up
        giveUp();
    }

    @Override
    public void failed(IOException reason) {
        changes++;
        owner.failed(reason);
    }

    /** As {@link WriteQueue#write}. */
    boolean type(ByteBuffer source) {
        if (state != State.OPEN) {
            return false;
        }
        try {
            typeLines(source);
        } finally {
            guarded.forget();
        }
        return true;
    }

    private void typeLines(ByteBuffer source) {
        int admitted = guard.accept(guarded.of(source), !pending.isEmpty());
        if (admitted == LineGuard.REFUSED) {
            throw new IllegalArgumentException(LineGuard.REFUSAL);
        }
        if (admitted < 0) {
            pending.fail("tcgetattr", admitted); // none of it is written
        }
        if (owner.flushesLater()) {
            if (pending.hold(source)) {
                return;
            }
        }
        if (!pending.isEmpty()) {
            pending.drain();
            admitted = pending.isEmpty() ? guard.admissible(guarded.of(source)) : 0;
        }
        pending.add(source, admitted);
    }

    /** Writes what is held. */
    void flush(boolean onLoop) {
        if (!pending.isEmpty()) {
            drain();
        }
        if (onLoop) {
            pending.giveBack();
        }
    }

    /**
     * Gives up what is pending, as unwritten, and discards what the program has not read; an end of the input that it has not read is typed
     * again. Where the kernel refuses the flush, what is pending is given up all the same and a half-typed line erased, or the next reader
     * would take it for the start of its own.
     */
    void discard() {
        boolean endUnread = last == Last.END_TYPED && terminal.ptmx().pts().mayHaveUnreadInput();
        giveUp();
        if (terminal.ptmx().pts().discardInput() == 0) {
            guard.discarded();
            pending.roomMade();
            last = endUnread ? Last.END : last;
        } else if (pending.look()) {
            typeNow(guard.lineKill());
        }
        drain();
    }

    private void giveUp() {
        unwrittenBytes += pending.clear();
    }

    /** Accepts no more; when nothing is pending any more, types the end of the input. Idempotent. */
    void closeWithEnd() {
        closeWith(Last.END);
    }

    /** Accepts no more; when nothing is pending any more, pushes an unfinished line. Idempotent. */
    void closeWithPush() {
        closeWith(Last.PUSH);
    }

    private void closeWith(Last typed) {
        if (state == State.OPEN) {
            state = State.CLOSING;
            last = typed;
            drain();
        }
    }

    /** Accepts no more, and gives up what is pending. Idempotent. */
    void close() {
        end(State.CLOSED);
    }

    /** The terminal is closed, or at its end. Idempotent. */
    void end() {
        end(State.ENDED);
    }

    private void end(State to) {
        if (state != State.ENDED) {
            changes += state == to ? 0 : 1;
            state = to;
        }
        giveUp();
        last = Last.NOTHING;
    }

    /** The kernel may take more. */
    void roomMade() {
        pending.roomMade();
        drain();
    }

    /** How often anything has changed that the queue's owner is told. */
    long changes() {
        return changes;
    }

    /** After a change: compares what is pending with the water marks. The {@link #changes} then. */
    long compareWithMarks() {
        boolean wasFull = full;
        full = pending.size() > highWaterBytes || full && pending.size() > lowWaterBytes;
        if (full != wasFull || emptiedWanted && pending.isEmpty()) {
            changes++;
        }
        return changes;
    }

    /** Whether each emptied queue is a change. */
    void wantEmptied(boolean wanted) {
        emptiedWanted = wanted;
    }

    void addUnread(int bytes) {
        unwrittenBytes += bytes;
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    long pendingBytes() {
        return pending.size();
    }

    long writtenBytes() {
        return writtenBytes;
    }

    long unwrittenBytes() {
        return unwrittenBytes;
    }

    boolean isFull() {
        return full;
    }

    boolean isOver() {
        return state.compareTo(State.CLOSED) >= 0;
    }

    /** Whether nothing is pending, nor the end of the input or a push to be typed. */
    boolean isDrained() {
        return pending.isEmpty() && !isLastDue();
    }

    /** Writes what is pending until the kernel takes no more, then, when closing, the end of the input. */
    private void drain() {
        pending.drain();
        while (pending.isEmpty() && pending.mayWrite() && isLastDue()) {
            typeLast();
        }
        if (isDrained() && state == State.CLOSING && !pending.hasFailed()) {
            state = State.CLOSED;
            changes++;
        }
        pending.restIfEmpty();
    }

    /** As they are to be now: the mode may have changed while there was no room, and of two VEOF the first may be written. */
    private void typeLast() {
        if (!pending.look()) {
            return;
        }
        if (typeNow(last == Last.END ? guard.endOfInput() : guard.push())) {
            last = last == Last.END ? Last.END_TYPED : Last.NOTHING;
        }
    }

    /** Whether all of it was written. */
    private boolean typeNow(byte[] keys) {
        return keys.length == 0 || pending.writeEnd(keys) == keys.length;
    }

    private boolean isLastDue() {
        return last == Last.END || last == Last.PUSH;
    }
}
