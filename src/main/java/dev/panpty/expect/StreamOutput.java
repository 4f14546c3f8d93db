package dev.panpty.expect;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Output that comes by a stream. A read of a stream in general has no limit of time and cannot be interrupted, so a daemon thread reads
 * ahead, {@value #MOST_AHEAD} bytes at most. One thread at a time reads from this; any thread calls the rest.
 *
 * <pre>
 *   open --the stream ends or fails--> ended: what was read ahead is given first
 *   open --close--> closed: the thread ends with its next read
 * </pre>
 */
final class StreamOutput {

    private static final int MOST_AHEAD = 256 * 1024;
    private static final int CHUNK = 16 * 1024;

    private final InputStream in;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Guarded by the lock.
    private byte[] ahead = {};
    private int from;
    private int to;
    private boolean ended;
    private Optional<IOException> failure = Optional.empty();
    private boolean closed;

    StreamOutput(InputStream in) {
        this.in = in;
        Thread reader = new Thread(null, this::readAhead, "panpty-expect-reader", 0, false);
        reader.setDaemon(true);
        reader.start();
    }

    private void readAhead() {
        byte[] chunk = new byte[CHUNK];
        try {
            int count;
            do {
                count = in.read(chunk);
            } while (take(chunk, count));
        } catch (IOException thrown) {
            end(Optional.of(thrown));
        } catch (RuntimeException broken) {
            end(Optional.of(new IOException("the stream failed: " + broken, broken)));
        }
    }

    /** Whether to read on. */
    private boolean take(byte[] chunk, int count) {
        if (count < 0) {
            end(Optional.empty());
            return false;
        }
        lock.lock();
        try {
            while (to - from + count > MOST_AHEAD && !closed) {
                changed.awaitUninterruptibly();
            }
            if (ahead.length - to < count) {
                int size = to - from;
                byte[] target = ahead.length / 2 >= size + count ? ahead : new byte[Math.max(size * 2, size + count)];
                System.arraycopy(ahead, from, target, 0, size);
                ahead = target;
                from = 0;
                to = size;
            }
            System.arraycopy(chunk, 0, ahead, to, count);
            to += count;
            changed.signalAll();
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void end(Optional<IOException> thrown) {
        lock.lock();
        try {
            ended = true;
            failure = thrown;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** {@link Connection#await}. */
    boolean await(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long remaining = nanos;
            while (from == to && !ended && remaining > 0) {
                remaining = changed.awaitNanos(remaining);
            }
            return from < to || ended;
        } finally {
            lock.unlock();
        }
    }

    /** {@link Connection#read}. */
    int read(byte[] target, int offset, int length) throws IOException {
        lock.lock();
        try {
            int count = Math.min(to - from, length);
            if (count > 0) {
                System.arraycopy(ahead, from, target, offset, count);
                from += count;
                changed.signalAll();
                return count;
            }
            if (failure.isPresent()) {
                throw new IOException("the stream failed: " + failure.get().getMessage(), failure.get());
            }
            return ended ? -1 : 0;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the stream has ended or failed, perhaps with bytes read ahead. */
    boolean hasEnded() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
