package dev.panpty.internal.event;

import dev.panpty.internal.process.PtmxChannel;
import dev.panpty.internal.process.WriteSide;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The program's input in event style, see {@link QueuedInput} for its states: this has the lock that orders the bytes of all threads, and
 * tells the owner what has changed, without the lock. Any thread, but for what is given to the loop's.
 */
public final class WriteQueue implements WriteSide {

    private final PtmxChannel terminal;
    private final Owner owner;
    private final ReentrantLock lock = new ReentrantLock();
    private final QueuedInput input; // with the lock
    private boolean lossTold; // the loop's

    /** The process. */
    public interface Owner extends QueuedInput.Owner {

        /** {@link #isFull}, {@link #isOpen} or {@link #isLossDue} is another, or the queue is {@linkplain #wantEmptied emptied}. Under no lock. */
        void changed();
    }

    public WriteQueue(PtmxChannel terminal, int highWaterBytes, int lowWaterBytes, boolean splitLongLines, Owner owner) {
        this.terminal = terminal;
        this.owner = owner;
        input = new QueuedInput(terminal, highWaterBytes, lowWaterBytes, splitLongLines, owner);
    }

    /**
     * Takes over all bytes between position and limit; false if it is not open.
     *
     * @throws IllegalArgumentException for a line that the kernel would cut, and then nothing is taken
     * @throws OutOfMemoryError and then nothing is taken that the buffer's position does not tell
     */
    public boolean write(ByteBuffer source) {
        long before = lock();
        try {
            return input.type(source);
        } catch (OutOfMemoryError missed) {
            terminal.loop().resync(); // what was taken before is written by that
            throw missed;
        } finally {
            unlock(before);
        }
    }

    /** Writes what is held. */
    void flush() {
        long before = lock();
        try {
            input.flush(terminal.loop().isCurrent());
        } finally {
            unlock(before);
        }
    }

    /** {@link QueuedInput#discard}. */
    void discard() {
        long before = lock();
        try {
            input.discard();
        } finally {
            unlock(before);
        }
    }

    /** Accepts no more; when nothing is pending any more, types the end of the input. Idempotent. */
    public void closeAfterPending() {
        long before = lock();
        try {
            input.closeWithEnd();
        } finally {
            unlock(before);
        }
    }

    /** Accepts no more; when nothing is pending any more, pushes an unfinished line. Idempotent. */
    void closeAndPush() {
        long before = lock();
        try {
            input.closeWithPush();
        } finally {
            unlock(before);
        }
    }

    @Override
    public void close() {
        long before = lock();
        try {
            input.close();
        } finally {
            unlock(before);
        }
    }

    @Override
    public void ready() {
        long before = lock();
        try {
            input.roomMade();
        } finally {
            unlock(before);
        }
    }

    @Override
    public void closed() {
        long before = lock();
        try {
            input.end();
        } finally {
            unlock(before);
        }
    }

    /** Before a change: how many changes there were. */
    private long lock() {
        lock.lock();
        return input.changes();
    }

    /** After a change; tells what has changed since the count was so. */
    private void unlock(long before) {
        boolean changed = input.compareWithMarks() != before;
        lock.unlock();
        if (changed) {
            owner.changed();
        }
    }

    /** Whether the owner is called each time that the queue is emptied. */
    public void wantEmptied(boolean wanted) {
        lock.lock();
        try {
            input.wantEmptied(wanted);
        } finally {
            lock.unlock();
        }
    }

    /** Counts bytes that were written and are known not to have been read when the terminal was closed. */
    void addUnread(int bytes) {
        lock.lock();
        try {
            input.addUnread(bytes);
        } finally {
            lock.unlock();
        }
    }

    public boolean isOpen() {
        return input.isOpen();
    }

    public long pendingBytes() {
        lock.lock();
        try {
            return input.pendingBytes();
        } finally {
            lock.unlock();
        }
    }

    /** Bytes that the kernel has taken. */
    long writtenBytes() {
        return input.writtenBytes();
    }

    /** Bytes that were accepted and never written. */
    public long unwrittenBytes() {
        return input.unwrittenBytes();
    }

    /** Bytes that were written or given up: if it is another than before, something was. */
    public long doneBytes() {
        lock.lock();
        try {
            return input.writtenBytes() + input.unwrittenBytes();
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing is pending, the end of the input or a push included. */
    boolean isDrained() {
        lock.lock();
        try {
            return input.isDrained();
        } finally {
            lock.unlock();
        }
    }

    /** Whether more was pending than the high water mark, and not yet as little as the low one. */
    public boolean isFull() {
        return input.isFull();
    }

    /** Whether no more will be written. */
    public boolean isOver() {
        return input.isOver();
    }

    /** Over, and the listener was not told yet. On the loop's thread. */
    boolean isLossDue() {
        return !lossTold && isOver();
    }

    /** The listener was told. On the loop's thread. */
    void lossTold() {
        lossTold = true;
    }
}
