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
 * A pair of streams. A write to a stream in general has no limit of time and cannot be interrupted, so a daemon thread writes, which begins
 * with the first write.
 */
final class StreamConnection implements Connection {

    private final StreamOutput output;
    private final OutputStream out;
    private final Optional<Resizer> resizer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Guarded by the lock.
    private boolean writing; // the writing thread has begun
    private byte[] pending; // what it is to write; null when that is done
    private Optional<IOException> writeFailure = Optional.empty();
    private boolean closed;
    private volatile WindowSize window; // written by the thread that resizes

    /** @param window the size at the far end until it is resized */
    StreamConnection(InputStream in, OutputStream out, Optional<Resizer> resizer, WindowSize window) {
        this.out = out;
        this.resizer = resizer;
        this.window = window;
        output = new StreamOutput(in);
    }

    @Override
    public boolean await(long nanos) throws InterruptedException {
        return output.await(nanos);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        return output.read(target, offset, length);
    }

    @Override
    public void write(byte[] bytes, boolean secret) throws IOException {
        lock.lock();
        try {
            if (!writing) {
                writing = true;
                Thread writer = new Thread(null, this::writeAll, "panpty-expect-writer", 0, false);
                writer.setDaemon(true);
                writer.start();
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
        return resizer.isPresent() && !output.hasEnded();
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
        output.close();
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
