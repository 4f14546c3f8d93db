package dev.panpty.expect;

import dev.panpty.ExitStatus;
import dev.panpty.PtyProcess;
import dev.panpty.TerminalAttributes;
import dev.panpty.WindowSize;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A pair of streams. A read or write of a stream in general has no limit of time and cannot be interrupted, so each stream has a daemon
 * thread: one reads ahead, {@value #MOST_AHEAD} bytes at most, the other begins with the first write.
 */
final class StreamConnection implements Connection {

    private static final int MOST_AHEAD = 256 * 1024;
    private static final int CHUNK = 16 * 1024;

    private final InputStream in;
    private final OutputStream out;
    private final Optional<Resizer> resizer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Guarded by the lock.
    private byte[] ahead = {};
    private int aheadFrom;
    private int aheadTo;
    private boolean ended;
    private Optional<IOException> readFailure = Optional.empty();
    private boolean writing; // the writing thread has begun
    private byte[] pending; // what it is to write; null when that is done
    private Optional<IOException> writeFailure = Optional.empty();
    private boolean closed;
    private volatile WindowSize window; // written by the thread that resizes

    /** @param window the size at the far end until it is resized */
    StreamConnection(InputStream in, OutputStream out, Optional<Resizer> resizer, WindowSize window) {
        this.in = in;
        this.out = out;
        this.resizer = resizer;
        this.window = window;
        daemon("panpty-expect-reader", this::readAhead);
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(null, work, name, 0, false);
        thread.setDaemon(true);
        thread.start();
    }

    private void readAhead() {
        byte[] chunk = new byte[CHUNK];
        try {
            int count;
            do {
                count = in.read(chunk);
            } while (take(chunk, count));
        } catch (IOException failure) {
            endReading(Optional.of(failure));
        } catch (RuntimeException broken) {
            endReading(Optional.of(new IOException("the stream failed: " + broken, broken)));
        }
    }

    /** Whether to read on. */
    private boolean take(byte[] chunk, int count) {
        if (count < 0) {
            endReading(Optional.empty());
            return false;
        }
        lock.lock();
        try {
            while (aheadTo - aheadFrom + count > MOST_AHEAD && !closed) {
                changed.awaitUninterruptibly();
            }
            if (ahead.length - aheadTo < count) {
                int size = aheadTo - aheadFrom;
                byte[] target = ahead.length / 2 >= size + count ? ahead : new byte[Math.max(size * 2, size + count)];
                System.arraycopy(ahead, aheadFrom, target, 0, size);
                ahead = target;
                aheadFrom = 0;
                aheadTo = size;
            }
            System.arraycopy(chunk, 0, ahead, aheadTo, count);
            aheadTo += count;
            changed.signalAll();
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void endReading(Optional<IOException> failure) {
        lock.lock();
        try {
            ended = true;
            readFailure = failure;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean await(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long remaining = nanos;
            while (aheadFrom == aheadTo && !ended && remaining > 0) {
                remaining = changed.awaitNanos(remaining);
            }
            return aheadFrom < aheadTo || ended;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        lock.lock();
        try {
            int count = Math.min(aheadTo - aheadFrom, length);
            if (count > 0) {
                System.arraycopy(ahead, aheadFrom, target, offset, count);
                aheadFrom += count;
                changed.signalAll();
                return count;
            }
            if (readFailure.isPresent()) {
                throw new IOException("the stream failed: " + readFailure.get().getMessage(), readFailure.get());
            }
            return ended ? -1 : 0;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void write(byte[] bytes, boolean secret) throws IOException {
        lock.lock();
        try {
            if (!writing) {
                writing = true;
                daemon("panpty-expect-writer", this::writeAll);
            }
            awaitWritten(); // what an interrupted call has left goes first
            byte[] copy = bytes.clone();
            pending = copy;
            changed.signalAll();
            awaitWritten();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted while typing; what was given is typed nevertheless");
        } finally {
            lock.unlock();
        }
    }

    private void awaitWritten() throws IOException, InterruptedException {
        while (pending != null && writeFailure.isEmpty() && !closed) {
            changed.await();
        }
        if (writeFailure.isPresent()) {
            throw new IOException("the stream takes no more input: " + writeFailure.get().getMessage(), writeFailure.get());
        }
        if (closed) {
            throw new IOException("the session is closed");
        }
    }

    private void writeAll() {
        try {
            for (byte[] next = next(); next != null; next = next()) {
                out.write(next);
                out.flush();
                Arrays.fill(next, (byte) 0); // it may be a secret
                written(Optional.empty());
            }
        } catch (IOException failure) {
            written(Optional.of(failure));
        } catch (RuntimeException broken) {
            written(Optional.of(new IOException(broken.toString(), broken)));
        }
    }

    /** What to write next; null once closed. */
    private byte[] next() {
        lock.lock();
        try {
            while (pending == null && !closed) {
                changed.awaitUninterruptibly();
            }
            return pending;
        } finally {
            lock.unlock();
        }
    }

    private void written(Optional<IOException> failure) {
        lock.lock();
        try {
            pending = null;
            writeFailure = failure;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<TerminalAttributes> attributes() {
        return Optional.empty();
    }

    @Override
    public boolean awaitPasswordPrompt(Duration timeout) {
        return true; // there are no modes
    }

    @Override
    public WindowSize windowSize() {
        return window;
    }

    @Override
    public boolean canResize() {
        lock.lock();
        try {
            return resizer.isPresent() && !ended;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void resize(WindowSize size) throws IOException {
        resizer.orElseThrow().resize(size);
        window = size;
    }

    @Override
    public Optional<ExitStatus> status() {
        return Optional.empty();
    }

    @Override
    public Optional<ExitStatus> awaitStatus(Duration timeout) {
        return Optional.empty();
    }

    @Override
    public Optional<String> foreground() {
        return Optional.empty();
    }

    @Override
    public Optional<PtyProcess> process() {
        return Optional.empty();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String name() {
        return "streams";
    }
}
