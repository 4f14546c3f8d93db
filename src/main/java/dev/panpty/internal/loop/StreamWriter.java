package dev.panpty.internal.loop;

import dev.panpty.internal.gen.Linux;
import dev.panpty.internal.sys.Epoll;
import dev.panpty.internal.sys.Errno;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
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
 * <p>Locks, outer first: the turn, which a writer keeps while it waits; the state's; the reader's, to read ahead. Nobody takes them
 * the other way round.
 */
final class StreamWriter implements InputSide {

    private static final int EAGAIN = -Linux.EAGAIN();

    private enum State { OPEN, CLOSING, CLOSED, ENDED }

    private final Terminal terminal;
    private final StreamReader reader;
    private final boolean splitLongLines;
    private final ReentrantLock turn = new ReentrantLock();
    private final LineGuard guard = new LineGuard();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition writable = lock.newCondition();
    private State state = State.OPEN;
    private boolean reaped;
    private int lastByte = EndOfFile.NONE;

    StreamWriter(Terminal terminal, StreamReader reader, boolean splitLongLines) {
        this.terminal = terminal;
        this.splitLongLines = splitLongLines;
        this.reader = reader;
    }

    /** {@link java.io.OutputStream#write(byte[], int, int)}: returns when the kernel has all of it. */
    void write(byte[] source, int offset, int length) throws IOException {
        takeTurn();
        try {
            Progress progress = new Progress(length);
            ByteBuffer rest = ByteBuffer.wrap(source, offset, length);
            int admitted = guard.admissible(rest, terminal.ptmx());
            if (admitted < length && !splitLongLines) {
                throw new IOException(progress + ": " + LineGuard.REFUSAL);
            }
            write(rest, admitted, progress);
            while (rest.hasRemaining()) {
                ByteBuffer push = ByteBuffer.wrap(EndOfFile.once(terminal.ptmx().attributes()));
                writeAll(push, push.remaining(), State.OPEN, new Progress(0));
                guard.lineEnded();
                write(rest, guard.admissible(rest, terminal.ptmx()), progress);
            }
        } finally {
            turn.unlock();
        }
    }

    private void write(ByteBuffer source, int count, Progress progress) throws IOException {
        int from = source.position();
        try {
            writeAll(source, count, State.OPEN, progress);
        } finally {
            guard.typed(source, from, source.position());
        }
    }

    /** Types the end of the input and refuses writes from then on; without effect once closed or ended. */
    void endOfInput() throws IOException {
        lock.lock();
        try {
            if (state != State.OPEN) {
                return;
            }
            state = State.CLOSING;
            writable.signalAll();
        } finally {
            lock.unlock();
        }
        takeTurn();
        try {
            ByteBuffer end = ByteBuffer.wrap(EndOfFile.after(lastByte, terminal.ptmx().attributes()));
            writeAll(end, end.remaining(), State.CLOSING, new Progress(0));
        } catch (IOException failed) {
            lock.lock();
            try {
                if (!reaped && state == State.CLOSING) {
                    throw failed;
                }
            } finally {
                lock.unlock();
            }
        } finally {
            turn.unlock();
        }
    }

    /** One writer at a time, also while it waits: what one call writes stays together. */
    private void takeTurn() throws IOException {
        try {
            turn.lockInterruptibly();
        } catch (InterruptedException interrupted) {
            throw interrupted(new Progress(0));
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

    /** How far a call has come, for what it throws. */
    private final class Progress {

        private final int total;
        private int done;

        Progress(int total) {
            this.total = total;
        }

        @Override
        public String toString() {
            return "write to " + terminal.ptmx() + ", " + done + " of " + total + " bytes done";
        }
    }

    /** Writes the next bytes of the buffer while the state stays the given one, and advances its position. */
    private void writeAll(ByteBuffer source, int count, State expected, Progress progress) throws IOException {
        int end = source.position() + count;
        lock.lock();
        try {
            do {
                refuseUnless(expected, progress);
                int written = terminal.descriptor().write(source, source.position(), end - source.position());
                if (written > 0) {
                    source.position(source.position() + written);
                    progress.done += written;
                    lastByte = source.get(source.position() - 1) & 0xff;
                } else if (written == EAGAIN) {
                    await(progress);
                } else if (written < 0) {
                    throw new IOException(progress + ": " + Errno.describe(-written));
                }
            } while (source.position() < end);
        } finally {
            lock.unlock();
        }
    }

    private void refuseUnless(State expected, Progress progress) throws IOException {
        if (state == State.ENDED) {
            throw new IOException(progress + ": the terminal has ended");
        }
        if (state != expected) {
            throw new IOException(progress + ": the stream is closed");
        }
    }

    /** Waits for room, reading ahead meanwhile: the program may be stuck in writing its echo. */
    private void await(Progress progress) throws IOException {
        if (reaped) {
            throw new IOException(progress + ": the program has exited and nobody reads");
        }
        boolean room = reader.readAhead();
        int error = terminal.arm(room ? Epoll.OUT | Epoll.IN : Epoll.OUT);
        if (error < 0 && error != -Linux.EBADF()) {
            throw new IOException(progress + ": epoll_ctl: " + Errno.describe(-error));
        }
        try {
            writable.await();
        } catch (InterruptedException interrupted) {
            throw interrupted(progress);
        }
    }

    private static InterruptedIOException interrupted(Progress progress) {
        Thread.currentThread().interrupt();
        InterruptedIOException exception = new InterruptedIOException("interrupted: " + progress);
        exception.bytesTransferred = progress.done;
        return exception;
    }
}
