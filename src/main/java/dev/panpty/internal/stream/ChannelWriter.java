package dev.panpty.internal.stream;

import dev.panpty.internal.gen.Linux;
import dev.panpty.internal.process.Channel;
import dev.panpty.internal.process.PartialWrites;
import dev.panpty.internal.process.Source;
import dev.panpty.internal.process.WriteSide;
import dev.panpty.internal.sys.Epoll;
import dev.panpty.internal.sys.Errno;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes to a terminal, either end, for callers that block. They write on their own threads and park only when the kernel takes no more;
 * a platform thread waits itself for a moment before it does.
 *
 * <pre>
 *   open --beginClosing--> closing: writes are refused, also the one that waits; a subclass may still write the end of the input
 *   closing --reopen--> open: the end of the input was not written
 *   open or closing --close--> closed: what waits is freed, nothing is written any more
 *   any --child exited--> a write goes to another process that holds the terminal, if there is one; once reaped, it does not wait for room
 *   any --terminal closed, or at its end--> ended: writes are refused
 * </pre>
 *
 * <p>Locks, outer first: the turn, which a writer keeps while it waits; the state's; the reader's, to read ahead; the channel's, for a
 * write. Nobody takes them the other way round.
 */
public class ChannelWriter implements WriteSide {

    private static final int EAGAIN = -Linux.EAGAIN();
    static final String ENDED = "the terminal has ended";

    enum State { OPEN, CLOSING, CLOSED, ENDED }

    private final Channel channel;
    private final Optional<StreamReader> echo;
    private final PartialWrites partialWrites;
    private final ReentrantLock turn = new ReentrantLock();
    final ReentrantLock lock = new ReentrantLock();
    private final Waiters writers;
    private State state = State.OPEN;
    private String whyEnded = ENDED;
    private volatile boolean waiting;
    /** How often input was discarded: a write that has begun ends by it, one that waits for its turn goes on. With the lock. */
    private int discards;
    private final Source source = new Source(); // of the caller that has the turn, as the next
    private final byte[] one = new byte[1];

    /** @param echo what may fill up while a write waits, and is then read ahead */
    ChannelWriter(Channel channel, Optional<StreamReader> echo, PartialWrites partialWrites) {
        this.channel = channel;
        this.echo = echo;
        this.partialWrites = partialWrites;
        writers = new Waiters(channel.descriptor(), lock);
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
    public final void write(byte[] bytes, int offset, int length) throws IOException {
        refuseUnlessOpen(length);
        takeTurn(length);
        try {
            write(source.of(bytes, offset, length));
        } finally {
            endTurn();
        }
    }

    /** {@link java.io.OutputStream#write(int)}. */
    public final void write(int value) throws IOException {
        refuseUnlessOpen(1);
        takeTurn(1);
        try {
            one[0] = (byte) value;
            write(source.of(one, 0, 1));
        } finally {
            endTurn();
        }
    }

    /** Before the turn: the one who closes may have it for as long as there is no room. */
    private void refuseUnlessOpen(int bytes) throws IOException {
        lock.lock();
        try {
            if (state != State.OPEN) {
                throw new IOException(progress(0, bytes) + ": " + whyRefused());
            }
        } finally {
            lock.unlock();
        }
    }

    private void write(Source all) throws IOException {
        lock.lock();
        try {
            writeAll(all);
        } finally {
            lock.unlock();
        }
    }

    /** {@link java.io.OutputStream#close}. */
    public void endOfInput() throws IOException {
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

    /** The end of the input was not typed. */
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

    /** With the lock: a write that has begun is not to go on. */
    final void discardRest() {
        discards++;
        writers.wake();
    }

    /** With the lock. */
    final State state() {
        return state;
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

    /** Writes all of it; with the lock, by the caller that has the turn. */
    private void writeAll(Source all) throws IOException {
        refuseUnlessOpen();
        int discardsBefore = discards;
        int waits = 0;
        for (int admitted = accept(all); all.remaining() > 0; admitted = admissible(all)) {
            int before = all.position();
            if (admitted > 0 ? write(all, admitted) : split()) {
                waits = 0;
                continue;
            }
            waits = all.position() > before ? 0 : waits;
            await(waits++);
            if (state != State.OPEN) {
                throw partial(whyRefused());
            }
            if (discards != discardsBefore) {
                throw partial("an interrupt has discarded the rest");
            }
        }
    }

    /**
     * Accepts a write or refuses it. With the lock, as all that follows.
     *
     * @return how many of its bytes may be written at once, or 0 if not one may before {@link #split}
     */
    int accept(Source all) throws IOException {
        return all.remaining();
    }

    /** As {@link #accept}, once the first bytes are written, or after a wait. */
    int admissible(Source all) throws IOException {
        return all.remaining();
    }

    /** Makes room in the line: false if there is no room for that now. */
    boolean split() throws IOException {
        throw new AssertionError("there are no lines");
    }

    /** The bytes between two positions are written. */
    void typed(Source bytes, int from) {
        // there are no lines
    }

    /** {@code write(2)} of so many of the next bytes; false if there was no room for all of them. */
    public final boolean write(Source bytes, int count) throws IOException {
        int from = bytes.position();
        int written = bytes.write(channel, count);
        if (written > 0) {
            expectAnswer();
            typed(bytes, from);
        } else if (written < 0 && written != EAGAIN) {
            throw partial(channel.isClosed() ? whyEnded : Errno.describe(-written));
        }
        return written == count;
    }

    private void expectAnswer() {
        if (echo.isPresent()) {
            echo.get().expectAnswer();
        }
    }

    private void refuseUnlessOpen() throws IOException {
        if (state != State.OPEN) {
            throw failure(whyRefused());
        }
    }

    private String whyRefused() {
        return state == State.ENDED ? whyEnded : "the stream is closed";
    }

    /**
     * Waits for room, reading ahead meanwhile: the program may be stuck in writing its echo. The lock is free in between.
     *
     * @param waits how often in a row it has been called before
     */
    final void await(int waits) throws IOException {
        if (channel.isChildReaped()) {
            throw partial("the program has exited and nobody reads");
        }
        waiting = true; // before looking for output: what comes after the look is told
        try {
            int events = echo.isPresent() && echo.get().readAhead() ? Epoll.OUT | Epoll.IN : Epoll.OUT;
            if (waits == 0 && !Thread.currentThread().isVirtual()) {
                writers.briefly(events);
            } else {
                waitForLoop(events);
            }
        } finally {
            waiting = false;
        }
    }

    private void waitForLoop(int events) throws IOException {
        int error = channel.once(events);
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
    final IOException partial(String why) {
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
