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
 *   OPEN --closeWithEnd---> CLOSING --nothing pending: VEOF typed-------------> CLOSED
 *   OPEN --closeWithPush--> CLOSING --nothing pending: unfinished line pushed--> CLOSED
 *   OPEN, CLOSING --close--> CLOSED, pending bytes are unwritten
 *   any --terminal closed, or at its end--> ENDED, pending bytes are unwritten
 *   any --a pending line would be cut by the kernel--> same state, pending bytes are unwritten
 *   any --write(2) or tcgetattr(3) fails--> same state, nothing more is written, the owner closes the terminal
 *
 *   started --stopWriting, in OPEN--> stopped: pending bytes stay pending --startWriting--> started
 *   started, stopped --keepWriting, closeWithEnd, closeWithPush--> started for good
 * </pre>
 *
 * <p>Writes are accepted only in OPEN. Unwritten bytes are counted and never written.
 */
final class QueuedInput implements PendingInput.Owner {

    private enum State { OPEN, CLOSING, CLOSED, ENDED }

    /** What is typed once nothing is pending; computed from the line and the mode at that time. */
    private enum Last { NOTHING, END, PUSH, END_TYPED }

    /** The process. Called with the lock. */
    interface Owner {

        /** Whether user's code is running on this thread, after which {@link WriteQueue#flush} is called. */
        boolean flushesLater();

        /** A line would be cut; so many of all accepted bytes were written before. */
        void cut(long writtenBytes);

        /**
         * Nothing more can be written: the owner closes the terminal, which ends the queue. {@link WriteQueue.Owner#changed} follows,
         * without the lock.
         */
        void failed(IOException reason);
    }

    private final PtmxChannel terminal;
    private final Owner owner;
    private final LineGuard guard;
    private final WaterMarks marks;
    private final Source guarded = new Source();
    private final PendingInput pending;
    private volatile State state = State.OPEN; // written with the lock, read without it too; as the next two
    private volatile long writtenBytes;
    private volatile long unwrittenBytes;
    private Last last = Last.NOTHING;
    private boolean startedForGood;
    private boolean emptiedWanted;
    private long changes; // count of the changes that the queue's owner is notified of

    QueuedInput(PtmxChannel terminal, WaterMarks marks, boolean splitLongLines, Owner owner) {
        this.terminal = terminal;
        this.marks = marks;
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
        owner.cut(writtenBytes); // first: if it runs out of memory, nothing is dropped
        giveUp();
    }

    @Override
    public void failed(IOException reason) {
        changes++;
        owner.failed(reason);
    }

    /** As {@link WriteQueue#write}. */
    boolean type(ByteBuffer source, boolean secret) {
        if (state != State.OPEN) {
            return false;
        }
        try {
            typeLines(source, secret);
        } finally {
            guarded.forget();
        }
        return true;
    }

    private void typeLines(ByteBuffer source, boolean secret) {
        int admitted = guard.accept(guarded.of(source), !pending.isEmpty());
        if (admitted == LineGuard.REFUSED) {
            throw new IllegalArgumentException(LineGuard.REFUSAL);
        }
        if (admitted < 0) {
            pending.fail("tcgetattr", admitted); // none of it is written
        }
        if (owner.flushesLater() && pending.hold(source, secret)) {
            return;
        }
        if (!pending.isEmpty()) {
            pending.drain();
            admitted = pending.isEmpty() ? guard.admissible(guarded.of(source)) : 0;
        }
        pending.add(source, admitted, secret);
    }

    /** Writes held input. */
    void flush(boolean onLoop) {
        if (!pending.isEmpty()) {
            drain();
        }
        if (onLoop) {
            pending.giveBack();
        }
    }

    /**
     * Drops pending input, as unwritten, and discards input that the program has not read; an end of the input that it has not read is
     * typed again. If the kernel refuses the flush, pending input is dropped all the same, and a half-typed line is erased, which would
     * become the start of the next line.
     */
    void discard() {
        boolean endUnread = last == Last.END_TYPED && terminal.ptmx().pts().mayHaveUnreadInput();
        giveUp();
        if (terminal.ptmx().pts().discardInput() == 0) {
            guard.discarded();
            pending.roomMade();
            last = endUnread ? Last.END : last;
        } else if (pending.lookUpMode()) {
            typeNow(guard.lineKill());
        }
        drain();
    }

    private void giveUp() {
        unwrittenBytes += pending.clear();
    }

    /** Accepts no more input; types the end of the input once nothing is pending. Idempotent. */
    void closeWithEnd() {
        closeWith(Last.END);
    }

    /** Accepts no more input; pushes an unfinished line once nothing is pending. Idempotent. */
    void closeWithPush() {
        closeWith(Last.PUSH);
    }

    private void closeWith(Last typed) {
        if (state == State.OPEN) {
            startForGood();
            state = State.CLOSING;
            last = typed;
            drain();
        }
    }

    /** Accepts no more input and drops pending input. Idempotent. */
    void close() {
        end(State.CLOSED);
    }

    /** The terminal is closed, or at its end. Idempotent. */
    void end() {
        end(State.ENDED);
    }

    private void end(State to) {
        giveUp();
        last = Last.NOTHING;
        if (state != State.ENDED) {
            changes += state == to ? 0 : 1;
            state = to;
        }
    }

    /** There may be room. */
    void roomMade() {
        pending.roomMade();
        drain();
    }

    /** Writes what was accepted before, as far as there is room; what is accepted from now on stays pending. Idempotent. */
    void stopWriting() {
        if (state == State.OPEN && !startedForGood) {
            drain();
            pending.stopped(true);
        }
    }

    /** Writes pending bytes again. Idempotent. */
    void startWriting() {
        pending.stopped(false);
        drain();
    }

    /** {@link #startWriting}, and {@link #stopWriting} has no effect from now on. */
    void keepWriting() {
        startForGood();
        drain();
    }

    private void startForGood() {
        startedForGood = true;
        pending.stopped(false);
    }

    /** The count of changes that the queue's owner is notified of. */
    long changes() {
        return changes;
    }

    /** Compares the pending bytes with the water marks; gives the {@link #changes} after that. */
    long compareWithMarks() {
        if (marks.compare(pending.size()) || emptiedWanted && pending.isEmpty()) {
            changes++;
        }
        return changes;
    }

    /** Sets whether it is a change each time the queue becomes empty. */
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

    boolean isOver() {
        return state.compareTo(State.CLOSED) >= 0;
    }

    /** Whether nothing is pending, neither bytes nor the end of the input nor a push. */
    boolean isDrained() {
        return pending.isEmpty() && !isLastDue();
    }

    /** Writes pending bytes until EAGAIN, then the end of the input or the push, if one is due. */
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

    /** Computed at each try: the mode may have changed while there was no room, and of two VEOF one may be written already. */
    private void typeLast() {
        if (!pending.lookUpMode()) {
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
