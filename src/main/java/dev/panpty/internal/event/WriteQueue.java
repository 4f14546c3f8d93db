package dev.panpty.internal.event;

import dev.panpty.internal.process.PtmxChannel;
import dev.panpty.internal.process.WriteSide;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The program's input in event style; {@link QueuedInput} has its states. This class has the lock that orders the bytes of all threads. It
 * notifies the owner of changes after it has released the lock. Any thread, unless a method says otherwise.
 */
public final class WriteQueue implements WriteSide {

    private final PtmxChannel terminal;
    private final Owner owner;
    private final ReentrantLock lock = new ReentrantLock();
    private final WaterMarks marks;
    private final QueuedInput input; // guarded by the lock, but for what its fields say
    private boolean lossTold; // confined to the loop's thread

    /** The process. */
    public interface Owner extends QueuedInput.Owner {

        /**
         * {@link #isFull}, {@link #isOpen} or {@link #isLossDue} has changed, or the queue has become empty, if that is
         * {@linkplain #wantEmptied wanted}. Under no lock.
         */
        void changed();
    }

    public WriteQueue(PtmxChannel terminal, int highWaterBytes, int lowWaterBytes, boolean splitLongLines, Owner owner) {
        this.terminal = terminal;
        this.owner = owner;
        marks = new WaterMarks(highWaterBytes, lowWaterBytes);
        input = new QueuedInput(terminal, marks, splitLongLines, owner);
    }

    /**
     * Accepts all bytes between position and limit; false if it is not open.
     *
     * @throws IllegalArgumentException for a line that the kernel would cut; nothing is accepted
     * @throws OutOfMemoryError the bytes before the buffer's position are accepted, no others
     */
    public boolean write(ByteBuffer source) {
        return write(source, false);
    }

    /** {@link #write(ByteBuffer)} of a secret, which a tap gets as such, or of other bytes. */
    public boolean write(ByteBuffer source, boolean secret) {
        long before = lock();
        try {
            return input.type(source, secret);
        } catch (OutOfMemoryError missed) {
            terminal.loop().resync(); // it writes what was accepted before
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

    /**
     * Accepted bytes stay pending until {@link #startWriting}; what was accepted before is written first, as far as there is room. Without
     * effect once the input is closed, or {@link #keepWriting} was called.
     */
    public void stopWriting() {
        long before = lock();
        try {
            input.stopWriting();
        } finally {
            unlock(before);
        }
    }

    /** Writes pending bytes again. */
    public void startWriting() {
        long before = lock();
        try {
            input.startWriting();
        } finally {
            unlock(before);
        }
    }

    /** {@link #startWriting} for good. */
    void keepWriting() {
        long before = lock();
        try {
            input.keepWriting();
        } finally {
            unlock(before);
        }
    }

    /** Sets the water marks; a producer is paused or resumed by them at once. */
    public void waterMarks(int highBytes, int lowBytes) {
        long before = lock();
        try {
            marks.set(highBytes, lowBytes);
        } finally {
            unlock(before);
        }
    }

    public int highWaterBytes() {
        return marks.highBytes();
    }

    public int lowWaterBytes() {
        return marks.lowBytes();
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

    /** Accepts no more input; types the end of the input once nothing is pending. Idempotent. */
    public void closeAfterPending() {
        long before = lock();
        try {
            input.closeWithEnd();
        } finally {
            unlock(before);
        }
    }

    /** Accepts no more input; pushes an unfinished line once nothing is pending. Idempotent. */
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

    /** Takes the lock; returns the count of changes before. */
    private long lock() {
        lock.lock();
        return input.changes();
    }

    /** Releases the lock, and notifies the owner of changes since the count was {@code before}. */
    private void unlock(long before) {
        boolean changed = input.compareWithMarks() != before;
        lock.unlock();
        if (changed) {
            owner.changed();
        }
    }

    /** Sets whether the owner is notified each time the queue becomes empty. */
    public void wantEmptied(boolean wanted) {
        lock.lock();
        try {
            input.wantEmptied(wanted);
        } finally {
            lock.unlock();
        }
    }

    /** Counts bytes that were written but not read by the program when the terminal was closed. */
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

    /** Bytes that were accepted so far: pending, written or dropped. */
    long acceptedBytes() {
        lock.lock();
        try {
            return input.pendingBytes() + input.writtenBytes() + input.unwrittenBytes();
        } finally {
            lock.unlock();
        }
    }

    /** How many of them are written or dropped, as {@link #doneBytes}. Takes no lock: a tap calls it with the writing lock. */
    long doneBytesNow() {
        return input.writtenBytes() + input.unwrittenBytes();
    }

    /** Bytes that the kernel has taken. */
    long writtenBytes() {
        return input.writtenBytes();
    }

    /** Bytes that were accepted and can no longer reach the program, as far as is known. */
    public long unwrittenBytes() {
        lock.lock(); // a failure is notified before the bytes are counted, under the lock
        try {
            return input.unwrittenBytes();
        } finally {
            lock.unlock();
        }
    }

    /** Bytes that were written or dropped; it changes whenever bytes leave the queue. */
    public long doneBytes() {
        lock.lock();
        try {
            return input.writtenBytes() + input.unwrittenBytes();
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing is pending, neither bytes nor the end of the input nor a push. */
    boolean isDrained() {
        lock.lock();
        try {
            return input.isDrained();
        } finally {
            lock.unlock();
        }
    }

    /** Whether pending bytes have exceeded the high water mark and not yet fallen to the low one. */
    public boolean isFull() {
        return marks.isFull();
    }

    /** Whether no more will be written. */
    public boolean isOver() {
        return input.isOver();
    }

    /** Whether it is over and the listener not yet notified. On the loop's thread. */
    boolean isLossDue() {
        return !lossTold && isOver();
    }

    /** The listener is notified. On the loop's thread. */
    void lossTold() {
        lossTold = true;
    }
}
