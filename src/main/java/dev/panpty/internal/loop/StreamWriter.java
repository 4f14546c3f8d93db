package dev.panpty.internal.loop;

import dev.panpty.internal.gen.Linux;
import dev.panpty.internal.sys.Epoll;
import dev.panpty.internal.sys.Errno;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The program's input for callers that block. They write on their own threads and park only when the kernel takes no more.
 *
 * <pre>
 *   open --endOfInput--> closing: VEOF is typed, writes are refused, also the one that waits
 *   open or closing --close--> closed: what waits is freed, nothing is written any more
 *   any --child reaped--> a write goes to whoever still holds the terminal, but does not wait for room
 *   any --terminal closed, or at its end--> ended: writes are refused
 * </pre>
 *
 * <p>A waiting writer takes the reader's lock inside its own, to read ahead; nobody takes them the other way round.
 */
final class StreamWriter implements InputSide {

    private static final int EAGAIN = -Linux.EAGAIN();
    private static final byte[] NOTHING = {};

    private enum State { OPEN, CLOSING, CLOSED, ENDED }

    private final Terminal terminal;
    private final StreamReader reader;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition writable = lock.newCondition();
    private State state = State.OPEN;
    private boolean reaped;
    private int lastByte = EndOfFile.NONE;

    StreamWriter(Terminal terminal, StreamReader reader) {
        this.terminal = terminal;
        this.reader = reader;
    }

    /** {@link java.io.OutputStream#write(byte[], int, int)}: returns when the kernel has all of it. */
    void write(byte[] source, int offset, int length) throws IOException {
        lock.lock();
        try {
            writeAll(source, offset, length, State.OPEN);
        } finally {
            lock.unlock();
        }
    }

    /** Types the terminal's VEOF once, whatever that means to the program. */
    void typeEndOfFile() throws IOException {
        lock.lock();
        try {
            byte[] once = EndOfFile.once(terminal.ptmx().attributes());
            writeAll(once, 0, once.length, State.OPEN);
        } finally {
            lock.unlock();
        }
    }

    /** Types the end of the input and refuses writes from then on; without effect once closed or ended. */
    void endOfInput() throws IOException {
        lock.lock();
        try {
            if (state != State.OPEN) {
                return;
            }
            byte[] end = reaped ? NOTHING : EndOfFile.after(lastByte, terminal.ptmx().attributes());
            state = State.CLOSING;
            writable.signalAll();
            writeAll(end, 0, end.length, State.CLOSING);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (state != State.ENDED) {
                state = State.CLOSED;
            }
            writable.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void ready(boolean hungUp) {
        lock.lock();
        try {
            writable.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void reaped() {
        lock.lock();
        try {
            reaped = true;
            writable.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void closed() {
        lock.lock();
        try {
            state = State.ENDED;
            writable.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Writes all of it while the state stays the given one. */
    private void writeAll(byte[] source, int offset, int length, State expected) throws IOException {
        int done = 0;
        while (done < length) {
            refuseUnless(expected, done, length);
            int count = terminal.descriptor().write(source, offset + done, length - done);
            if (count > 0) {
                done += count;
                lastByte = source[offset + done - 1] & 0xff;
            } else if (count == EAGAIN || count == 0) {
                await(done, length);
            } else {
                throw new IOException(failure(done, length) + ": " + Errno.describe(-count));
            }
        }
        if (length == 0) {
            refuseUnless(expected, 0, 0);
        }
    }

    private void refuseUnless(State expected, int done, int length) throws IOException {
        if (state == State.ENDED) {
            throw new IOException(failure(done, length) + ": the terminal has ended");
        }
        if (state != expected) {
            throw new IOException(failure(done, length) + ": the stream is closed");
        }
    }

    /** Waits for room, reading ahead meanwhile: the program may be stuck in writing its echo. */
    private void await(int done, int length) throws IOException {
        if (reaped) {
            throw new IOException(failure(done, length) + ": the program has exited and nobody reads");
        }
        boolean room = reader.readAhead();
        int error = terminal.arm(room ? Epoll.OUT | Epoll.IN : Epoll.OUT);
        if (error < 0 && error != -Linux.EBADF()) {
            throw new IOException(failure(done, length) + ": epoll_ctl: " + Errno.describe(-error));
        }
        try {
            writable.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            InterruptedIOException exception = new InterruptedIOException("interrupted: " + failure(done, length));
            exception.bytesTransferred = done;
            throw exception;
        }
    }

    private String failure(int done, int length) {
        return "write to " + terminal.ptmx() + ", " + done + " of " + length + " bytes done";
    }
}
