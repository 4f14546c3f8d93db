package dev.panpty.junit;

import dev.panpty.ExitStatus;
import dev.panpty.TerminalTap;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The output of a program from its begin on, as a stream for a dialog that may begin later: a tap fills it, which never blocks. What is not
 * read is kept up to 4 MiB; then the oldest half is dropped.
 */
final class OutputCopy extends InputStream implements TerminalTap {

    private static final int MOST = 4 << 20;
    private static final int FIRST = 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Guarded by the lock.
    private byte[] kept = new byte[FIRST];
    private int from;
    private int to;
    private boolean ended;

    @Override
    public void output(ByteBuffer data) {
        lock.lock();
        try {
            int count = data.remaining();
            if (kept.length - to < count) {
                makeRoom(count);
            }
            data.get(kept, to, count);
            to += count;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void makeRoom(int count) {
        if (to - from > MOST) {
            from += MOST / 2;
        }
        int size = to - from;
        byte[] target = size + count <= kept.length / 2 ? kept : new byte[Math.max(size * 2, size + count)];
        System.arraycopy(kept, from, target, 0, size);
        kept = target;
        from = 0;
        to = size;
    }

    @Override
    public void ended(ExitStatus status) {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read() throws InterruptedIOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws InterruptedIOException {
        lock.lock();
        try {
            while (from == to && !ended) {
                changed.await();
            }
            int count = Math.min(to - from, length);
            System.arraycopy(kept, from, target, offset, count);
            from += count;
            return count == 0 && length > 0 ? -1 : count;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for output");
        } finally {
            lock.unlock();
        }
    }
}
