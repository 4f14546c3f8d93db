package dev.panpty.internal.loop;

import dev.panpty.internal.gen.Linux;
import dev.panpty.internal.sys.Epoll;
import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.Termios;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes to a terminal, either end, for callers that block. They write on their own threads and park only when the kernel takes no more;
 * a platform thread waits itself for a moment before it does.
 *
 * <pre>
 *   open --beginClosing--> closing: writes are refused, also the one that waits; the last words of a subclass may still be written
 *   open or closing --close--> closed: what waits is freed, nothing is written any more
 *   any --child reaped--> a write goes to whoever still holds the terminal, if anybody does, but does not wait for room
 *   any --terminal closed, or at its end--> ended: writes are refused
 * </pre>
 *
 * <p>Locks, outer first: the turn, which a writer keeps while it waits; the state's; the reader's, to read ahead; the channel's, for a
 * write. Nobody takes them the other way round.
 */
class ChannelWriter implements InputSide {

    private static final int EAGAIN = -Linux.EAGAIN();
    static final String ENDED = "the terminal has ended";

    enum State { OPEN, CLOSING, CLOSED, ENDED }

    private final Channel channel;
    private final Optional<StreamReader> echo;
    private final PartialWrites partialWrites;
    private final ReentrantLock turn = new ReentrantLock();
    final ReentrantLock lock = new ReentrantLock();
    private final Waiting writers;
    private State state = State.OPEN;
    private boolean lastWordsSaid;
    private String whyEnded = ENDED;
    private volatile boolean waiting;
    private int lastByte = EndOfFile.NONE; // with the lock
    private final Source source = new Source(); // of whoever has the turn, as these two
    private final Source keys = new Source(); // of our own
    private final byte[] one = new byte[1];

    /** @param echo what may fill up while a write waits, and is then read ahead */
    ChannelWriter(Channel channel, Optional<StreamReader> echo, PartialWrites partialWrites) {
        this.channel = channel;
        this.echo = echo;
        this.partialWrites = partialWrites;
        writers = new Waiting(channel.descriptor(), lock);
        if (echo.isPresent()) {
            echo.get().alsoTell(this);
        }
    }

    /** Output has come; a writer that waits reads it ahead. */
    final void wakeReadAhead() {
        if (waiting) {
            ready();
        }
    }

    /** {@link java.io.OutputStream#write(byte[], int, int)}: returns when the kernel has all of it. */
    final void write(byte[] bytes, int offset, int length) throws IOException {
        takeTurn(length);
        try {
            write(source.of(bytes, offset, length));
        } finally {
            endTurn();
        }
    }

    /** {@link java.io.OutputStream#write(int)}. */
    final void write(int value) throws IOException {
        takeTurn(1);
        try {
            one[0] = (byte) value;
            write(source.of(one, 0, 1));
        } finally {
            endTurn();
        }
    }

    /** Writes all of it; for who has the turn. */
    void write(Source all) throws IOException {
        writeAll(all, all.remaining(), State.OPEN);
    }

    /** {@link java.io.OutputStream#close}. */
    void endOfInput() throws IOException {
        beginClosing();
    }

    /** True if it was open. */
    final boolean beginClosing() {
        lock.lock();
        try {
            boolean open = state == State.OPEN;
            if (open) {
                state = State.CLOSING;
                writers.wake();
            }
            return open;
        } finally {
            lock.unlock();
        }
    }

    /** The last words were not said. */
    final void reopen() {
        lock.lock();
        try {
            if (state == State.CLOSING) {
                state = State.OPEN;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether last words can still reach somebody. */
    final boolean isClosing() {
        lock.lock();
        try {
            return state == State.CLOSING && !channel.isChildReaped() && !channel.isClosed();
        } finally {
            lock.unlock();
        }
    }

    /** One writer at a time, also while it waits: what one call writes stays together. */
    final void takeTurn(int bytes) throws IOException {
        try {
            turn.lockInterruptibly();
        } catch (InterruptedException interrupted) {
            throw interrupted(0, bytes);
        }
    }

    final void endTurn() {
        source.forget();
        turn.unlock();
    }

    /** With the lock: the line has none any more. */
    final void forgetLastByte() {
        lastByte = EndOfFile.NONE;
    }

    /** Whether all that is written when closing has been. With the lock. */
    final boolean areLastWordsSaid() {
        return lastWordsSaid;
    }

    @Override
    public final void close() {
        lock.lock();
        try {
            if (state != State.ENDED) {
                state = State.CLOSED;
            }
            writers.wake();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public final void ready() {
        lock.lock();
        try {
            writers.wake();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public final void reaped() {
        ready(); // who waits is to see it
    }

    @Override
    public final void closed() {
        end(ENDED);
    }

    @Override
    public final void failed(String reason) {
        end(reason);
    }

    private void end(String reason) {
        lock.lock();
        try {
            if (state != State.ENDED) {
                state = State.ENDED;
                whyEnded = reason;
            }
            writers.wake();
        } finally {
            lock.unlock();
        }
    }

    /** Writes keys of our own, which do not count among the caller's bytes; for who has the turn. */
    final void typeKeys(byte[] bytes, State expected) throws IOException {
        writeAll(keys.of(bytes, 0, bytes.length), bytes.length, expected);
    }

    /** Whether no key of the last {@link #typeKeys} was written. */
    final boolean areKeysUntouched() {
        return keys.done() == 0;
    }

    /** Types the end of the input as it is after the last byte, with these attributes; for who has the turn. */
    final void typeEnd(Termios termios) throws IOException {
        lock.lock(); // nothing is discarded in between
        try {
            keys.forget();
            byte[] end = EndOfFile.after(lastByte, termios);
            writeWithLock(keys.of(end, 0, end.length), end.length, State.CLOSING);
        } finally {
            lock.unlock();
        }
    }

    /** Writes the next bytes while the state stays the given one. */
    final void writeAll(Source bytes, int count, State expected) throws IOException {
        lock.lock();
        try {
            writeWithLock(bytes, count, expected);
        } finally {
            lock.unlock();
        }
    }

    private void writeWithLock(Source bytes, int count, State expected) throws IOException {
        int left = count;
        boolean mayWaitHere = !Thread.currentThread().isVirtual();
        refuseUnless(expected);
        while (left > 0) {
            int written = bytes.write(channel, left);
            if (written > 0) {
                expectAnswer();
                left -= written;
                lastByte = bytes.get(bytes.position() - 1) & 0xff;
                lastWordsSaid |= left == 0 && expected == State.CLOSING;
                mayWaitHere = !Thread.currentThread().isVirtual();
            } else if (written == EAGAIN || written == 0) {
                await(mayWaitHere);
                mayWaitHere = false;
                if (state != expected) {
                    throw partial(whyRefused());
                }
            } else {
                throw partial(channel.isClosed() ? whyEnded : Errno.describe(-written));
            }
        }
    }

    private void expectAnswer() {
        if (echo.isPresent()) {
            echo.get().expectAnswer();
        }
    }

    private void refuseUnless(State expected) throws IOException {
        if (state != expected) {
            throw failure(whyRefused());
        }
    }

    private String whyRefused() {
        return state == State.ENDED ? whyEnded : "the stream is closed";
    }

    /** Waits for room, reading ahead meanwhile: the program may be stuck in writing its echo. */
    private void await(boolean here) throws IOException {
        if (channel.isChildReaped()) {
            throw partial("the program has exited and nobody reads");
        }
        waiting = true; // before looking for output: what comes after the look is told
        try {
            int events = echo.isPresent() && echo.get().readAhead() ? Epoll.OUT | Epoll.IN : Epoll.OUT;
            if (here) {
                writers.briefly(events);
            } else {
                waitForLoop(events);
            }
        } finally {
            waiting = false;
        }
    }

    private void waitForLoop(int events) throws IOException {
        int error = channel.arm(events);
        if (error < 0 && !channel.isClosed()) {
            throw partial("epoll_ctl: " + Errno.describe(-error));
        }
        try {
            writers.parked();
        } catch (InterruptedException interrupted) {
            throw interrupted(source.done(), source.total());
        }
    }

    /** What the caller is told, and how far its bytes have come; for who has the turn. */
    final IOException failure(String why) {
        return new IOException(progress(source.done(), source.total()) + ": " + why);
    }

    /** {@link #failure} of a write that was begun. */
    private IOException partial(String why) {
        return partialWrites.of(progress(source.done(), source.total()) + ": " + why, source.done());
    }

    private String progress(int done, int total) {
        return "write to " + channel + ", " + done + " of " + total + " bytes done";
    }

    private InterruptedIOException interrupted(int done, int total) {
        Thread.currentThread().interrupt();
        InterruptedIOException exception = new InterruptedIOException("interrupted: " + progress(done, total));
        exception.bytesTransferred = done;
        return exception;
    }
}
