package dev.panpty.internal.stream;

import dev.panpty.internal.process.Channel;
import dev.panpty.internal.process.PartialWrites;
import dev.panpty.internal.process.Source;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The turn to write: a lock that a caller keeps while it waits for room, so that the bytes of one call stay together; with the bytes of
 * that call, and the exceptions that say how many of them are written. Any thread may take it; the other methods are for its holder unless
 * they say otherwise.
 */
final class Turn {

    static final String TERMINAL_ENDED = "the terminal has ended";

    private final Channel channel;
    private final PartialWrites partialWrites;
    private final ReentrantLock lock = new ReentrantLock();
    private final Source source = new Source();
    private final byte[] one = new byte[1];

    Turn(Channel channel, PartialWrites partialWrites) {
        this.channel = channel;
        this.partialWrites = partialWrites;
    }

    /** Takes the turn to write these bytes. */
    Source take(byte[] bytes, int offset, int length, boolean secret) throws InterruptedIOException {
        lock(length);
        return source.of(bytes, offset, length, secret);
    }

    /** Takes the turn to write one byte. */
    Source take(int value) throws InterruptedIOException {
        lock(1);
        one[0] = (byte) value;
        return source.of(one, 0, 1);
    }

    /** Takes the turn to write VEOF only. */
    void take() throws InterruptedIOException {
        lock(0);
    }

    private void lock(int bytes) throws InterruptedIOException {
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException interrupted) {
            throw interrupted(0, bytes);
        }
    }

    /** Releases the turn; once for each take. */
    void end() {
        source.forget();
        lock.unlock();
    }

    /** For a call that was refused. */
    IOException failure(String why) {
        return new IOException(progress(source.done(), source.total()) + ": " + why);
    }

    /** For a call of so many bytes that was refused before its turn. Any thread. */
    IOException failure(String why, int bytes) {
        return new IOException(progress(0, bytes) + ": " + why);
    }

    /** For a call that had begun to write. */
    IOException partial(String why) {
        return partialWrites.of(progress(source.done(), source.total()) + ": " + why, source.done());
    }

    /** For a call whose thread was interrupted while it waited for room; restores the interrupt status. */
    InterruptedIOException interrupted() {
        return interrupted(source.done(), source.total());
    }

    private InterruptedIOException interrupted(int done, int total) {
        Thread.currentThread().interrupt();
        InterruptedIOException exception = new InterruptedIOException("interrupted: " + progress(done, total));
        exception.bytesTransferred = done;
        return exception;
    }

    private String progress(int done, int total) {
        return "write to " + channel + ", " + done + " of " + total + " bytes done";
    }
}
