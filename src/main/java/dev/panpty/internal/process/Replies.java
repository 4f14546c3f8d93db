package dev.panpty.internal.process;

import dev.panpty.internal.loop.CallbackQueue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What taps type. A tap is called under locks that a write needs, so its bytes wait here until a thread of their own has typed them.
 *
 * <pre>
 *   idle --reply--> typing, on a thread of {@link dev.panpty.internal.loop.CallbackThreads} --nothing waits--> idle
 *   typing --reply--> typing: the bytes wait
 * </pre>
 *
 * <p>At most {@value #MOST_BYTES} bytes wait, those in the queue of the event style included. A reply that does not fit is dropped as a
 * whole: a cut escape sequence would change the meaning of what follows it. The lock is innermost.
 */
public final class Replies {

    public static final int MOST_BYTES = 4096;

    private final TerminalProcess process;
    private final ReentrantLock lock = new ReentrantLock();
    private final byte[] waiting = new byte[MOST_BYTES]; // guarded by the lock, as what follows
    private int count;
    private boolean typing;
    /** Bytes that the style has accepted and perhaps not written; they are written once it has written {@code mark} bytes. */
    private int accepted;
    private long mark;
    private volatile long droppedBytes; // written under the lock

    public Replies(TerminalProcess process) {
        this.process = process;
    }

    /** Takes all bytes between position and limit, or none; never waits. Any thread. */
    public boolean reply(ByteBuffer data) {
        boolean begins;
        lock.lock();
        try {
            if (accepted > 0 && process.writtenInput() >= mark) {
                accepted = 0;
            }
            if (data.remaining() > MOST_BYTES - count - accepted || process.loop().isStopped()) {
                droppedBytes += data.remaining();
                return false;
            }
            int length = data.remaining();
            data.get(waiting, count, length);
            count += length;
            begins = !typing && count > 0;
            typing |= begins;
        } finally {
            lock.unlock();
        }
        if (begins) {
            process.loop().starter().start(new CallbackQueue.Work(this::type));
        }
        return true;
    }

    private void type() {
        for (byte[] next = next(); next.length > 0; next = next()) {
            boolean typed = false;
            try {
                process.type(next, false);
                typed = true;
            } catch (IOException | RuntimeException | OutOfMemoryError refused) {
                // the program takes no more input, or the kernel would cut the line: counted as dropped
            }
            done(next.length, typed);
        }
    }

    /** What waits now; empty if nothing does, and then this thread ends. */
    private byte[] next() {
        lock.lock();
        try {
            byte[] next = new byte[count];
            System.arraycopy(waiting, 0, next, 0, count);
            typing = count > 0;
            return next;
        } finally {
            lock.unlock();
        }
    }

    private void done(int length, boolean typed) {
        long acceptedInput = process.acceptedInput(); // before the lock, which is innermost
        lock.lock();
        try {
            System.arraycopy(waiting, length, waiting, 0, count - length);
            count -= length;
            if (typed) {
                accepted += length;
                mark = acceptedInput;
            } else {
                droppedBytes += length;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Bytes of replies that were not typed. Any thread. */
    public long droppedBytes() {
        return droppedBytes;
    }
}
