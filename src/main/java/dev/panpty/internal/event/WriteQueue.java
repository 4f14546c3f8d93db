package dev.panpty.internal.event;

import dev.panpty.internal.process.LineGuard;
import dev.panpty.internal.process.PtmxChannel;
import dev.panpty.internal.process.Source;
import dev.panpty.internal.process.WriteSide;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The program's input in event style: written at once while nothing is pending, else queued and drained by the loop.
 *
 * <pre>
 *   OPEN --closeAfterPending--> CLOSING --nothing pending: VEOF typed--> CLOSED
 *   OPEN or CLOSING --close-------------> CLOSED, what was pending is unwritten
 *   any --a line would be cut when it is to be written--> as before, what was pending is unwritten
 *   any --write(2) or tcgetattr(3) fails--> nothing is written any more, the terminal is closed
 *   any --terminal closed, or at its end--> ENDED, what was pending is unwritten
 *
 *   not full --more pending than the high water mark--> full --no more than the low one--> not full
 * </pre>
 *
 * <p>Writes are accepted when open only. The lock orders the bytes of all threads; the owner is called without it, but for cut and failed.
 */
public final class WriteQueue implements WriteSide {

    private enum State { OPEN, CLOSING, CLOSED, ENDED }

    /** What is typed when all else is written, from the line and the mode then. */
    private enum Last { NOTHING, END, PUSH, END_TYPED }

    /** Whose input it is. */
    public interface Owner {

        /** {@link #isFull}, {@link #isOpen} or {@link #isLossDue} is another, or the queue is {@linkplain #wantEmptied emptied}. Under no lock. */
        void changed();

        /** Whether {@link #flush} is called once the user's code that this thread is in has returned. With the lock. */
        boolean flushesLater();

        /** A line would be cut, and so much of all that was accepted was written before. With the lock. */
        void cut(long writtenBytes);

        /**
         * Nothing more can be written: the terminal is to be closed, which ends the queue. With the lock, and {@link #changed} follows
         * without it.
         */
        void failed(IOException reason);
    }

    private final PtmxChannel terminal;
    private final int highWaterBytes;
    private final int lowWaterBytes;
    private final Owner owner;
    private final ReentrantLock lock = new ReentrantLock();
    private final LineGuard guard;
    private final Source guarded = new Source();
    private final PendingInput pending;
    private State state = State.OPEN;
    private Last last = Last.NOTHING;
    private boolean full;
    private boolean emptiedWanted;
    private long writtenBytes;
    private long unwrittenBytes;
    private long changes; // of what the owner is told
    private boolean lossTold; // the loop's

    public WriteQueue(PtmxChannel terminal, int highWaterBytes, int lowWaterBytes, boolean splitLongLines, Owner owner) {
        this.terminal = terminal;
        this.highWaterBytes = highWaterBytes;
        this.lowWaterBytes = lowWaterBytes;
        this.owner = owner;
        guard = new LineGuard(terminal.ptmx(), splitLongLines);
        pending = new PendingInput(terminal, guard, new PendingInput.Owner() {
            @Override
            public void written(int count) {
                writtenBytes += count;
            }

            @Override
            public void cut() {
                giveUp();
                owner.cut(writtenBytes);
            }

            @Override
            public void failed(IOException reason) {
                changes++;
                owner.failed(reason);
            }
        });
    }

    /**
     * Takes over all bytes between position and limit; false if it is not open. Any thread.
     *
     * @throws IllegalArgumentException for a line that the kernel would cut, and then nothing is taken
     * @throws OutOfMemoryError and then nothing is taken that the buffer's position does not tell
     */
    public boolean write(ByteBuffer source) {
        return change(() -> {
            try {
                typeLines(source);
            } finally {
                guarded.forget();
            }
        });
    }

    private void typeLines(ByteBuffer source) {
        int admitted = guard.accept(guarded.of(source), !pending.isEmpty());
        if (admitted == LineGuard.REFUSED) {
            throw new IllegalArgumentException(LineGuard.REFUSAL);
        }
        if (admitted < 0) {
            pending.fail("tcgetattr", admitted); // nothing of it will be written
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

    /** Writes what is held. Any thread. */
    void flush() {
        lock.lock();
        long before = changes;
        try {
            if (!pending.isEmpty()) {
                drain();
            }
            if (terminal.loop().isCurrent()) {
                pending.giveBack();
            }
        } finally {
            unlock(before);
        }
    }

    /**
     * Gives up what is pending, as unwritten, and discards what the program has not read; an end of the input that it has not read is typed
     * again. Where the kernel refuses the flush, what is pending is given up all the same and a half-typed line erased, or the next reader
     * would take it for the start of its own. Any thread.
     */
    void discard() {
        lock.lock();
        long before = changes;
        try {
            boolean endUnread = last == Last.END_TYPED && terminal.ptmx().mayHaveUnreadInput();
            giveUp();
            if (terminal.ptmx().discardInput() == 0) {
                guard.discarded();
                pending.roomMade();
                last = endUnread ? Last.END : last;
            } else if (pending.look()) {
                typeNow(guard.lineKill());
            }
            drain();
        } finally {
            unlock(before);
        }
    }

    private void giveUp() {
        unwrittenBytes += pending.clear();
    }

    /** Accepts no more; when nothing is pending any more, types the end of the input. Any thread; idempotent. */
    public void closeAfterPending() {
        closeAfterPending(Last.END);
    }

    /** Accepts no more; when nothing is pending any more, pushes an unfinished line. Any thread; idempotent. */
    void closeAndPush() {
        closeAfterPending(Last.PUSH);
    }

    private void closeAfterPending(Last words) {
        change(() -> {
            state = State.CLOSING;
            last = words;
            drain();
        });
    }

    /** Whether the owner is told of each emptied queue. */
    public void wantEmptied(boolean wanted) {
        lock.lock();
        try {
            emptiedWanted = wanted;
        } finally {
            lock.unlock();
        }
    }

    public boolean isOpen() {
        lock.lock();
        try {
            return state == State.OPEN;
        } finally {
            lock.unlock();
        }
    }

    public long pendingBytes() {
        lock.lock();
        try {
            return pending.size();
        } finally {
            lock.unlock();
        }
    }

    /** Bytes that the kernel has taken. */
    long writtenBytes() {
        lock.lock();
        try {
            return writtenBytes;
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing is pending, the end of the input or a push included. */
    boolean isDrained() {
        lock.lock();
        try {
            return isWritten();
        } finally {
            lock.unlock();
        }
    }

    /** Whether more was pending than the high water mark, and not yet as little as the low one. */
    public boolean isFull() {
        lock.lock();
        try {
            return full;
        } finally {
            lock.unlock();
        }
    }

    /** Whether no more will be written. */
    public boolean isOver() {
        lock.lock();
        try {
            return state.compareTo(State.CLOSED) >= 0;
        } finally {
            lock.unlock();
        }
    }

    /** Bytes that were written or given up: if it is another than before, something was. */
    public long doneBytes() {
        lock.lock();
        try {
            return writtenBytes + unwrittenBytes;
        } finally {
            lock.unlock();
        }
    }

    /** Over, and the listener was not told yet. On the loop's thread. */
    boolean isLossDue() {
        return !lossTold && isOver();
    }

    /** The listener was told. On the loop's thread. */
    void lossTold() {
        lossTold = true;
    }

    /** Bytes that were accepted and never written. */
    long unwrittenBytes() {
        lock.lock();
        try {
            return unwrittenBytes;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        end(State.CLOSED);
    }

    @Override
    public void ready() {
        lock.lock();
        long before = changes;
        try {
            pending.roomMade();
            drain();
        } finally {
            unlock(before);
        }
    }

    @Override
    public void closed() {
        end(State.ENDED);
    }

    private void end(State to) {
        lock.lock();
        long before = changes;
        try {
            if (state != State.ENDED) {
                changes += state == to ? 0 : 1;
                state = to;
            }
            giveUp();
            last = Last.NOTHING;
        } finally {
            unlock(before);
        }
    }

    /** Counts bytes that were written and are known not to have been read when the terminal was closed. */
    void addUnread(int bytes) {
        lock.lock();
        try {
            unwrittenBytes += bytes;
        } finally {
            lock.unlock();
        }
    }

    /** Changes an open queue; false if it is not open. */
    private boolean change(Runnable change) {
        lock.lock();
        long before = changes;
        try {
            if (state != State.OPEN) {
                return false;
            }
            change.run();
            return true;
        } finally {
            unlock(before);
        }
    }

    /** After a change; tells what has changed since the count was so. */
    private void unlock(long before) {
        boolean wasFull = full;
        full = pending.size() > highWaterBytes || full && pending.size() > lowWaterBytes;
        if (full != wasFull || emptiedWanted && pending.isEmpty()) {
            changes++;
        }
        boolean changed = changes != before;
        lock.unlock();
        if (changed) {
            owner.changed();
        }
    }

    /** Writes what is pending until the kernel takes no more, then, when closing, the end of the input. */
    private void drain() {
        pending.drain();
        while (pending.isEmpty() && pending.mayWrite() && isLastDue()) {
            typeLast();
        }
        if (isWritten() && state == State.CLOSING && !pending.hasFailed()) {
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

    private boolean isWritten() {
        return pending.isEmpty() && !isLastDue();
    }

    private boolean isLastDue() {
        return last == Last.END || last == Last.PUSH;
    }
}
