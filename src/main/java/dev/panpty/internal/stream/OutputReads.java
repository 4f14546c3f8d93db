package dev.panpty.internal.stream;

import dev.panpty.internal.process.Channel;
import dev.panpty.internal.process.NoData;
import dev.panpty.internal.process.ReadSide;
import dev.panpty.internal.sys.Epoll;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The reads of callers that block: from memory first, then from the channel. If the channel has no data, a platform thread first waits
 * briefly in poll(2), or for the exit after a hang-up, which saves two thread switches if the program answers or exits at once; then it
 * parks. Everything runs under the reader's lock, which is released while a caller waits.
 */
final class OutputReads {

    private static final int SMALL_READ_BYTES = 1024;

    private final Channel channel;
    private final StreamOwner owner;
    private final OutputState state;
    private final ReadAhead ahead;
    private final ReadSide side;
    private final Waiters readers;
    /**
     * Hint that a read would give EAGAIN, so that the next one polls first: nothing was read yet, or the last read did not fill its buffer,
     * or input was typed since, which the program has yet to answer. {@link #expectAnswer} sets it under no lock; a stale value costs one
     * system call.
     */
    private volatile boolean drained = true;

    /** @param side becomes ready for the end of the output where a read has seen it */
    OutputReads(Channel channel, StreamOwner owner, ReadSide side, OutputState state, ReadAhead ahead, ReentrantLock lock) {
        this.channel = channel;
        this.owner = owner;
        this.state = state;
        this.ahead = ahead;
        this.side = side;
        readers = new Waiters(channel.descriptor(), lock);
    }

    /** -1 at the end; 0 only for a length of 0. */
    int read(byte[] target, int offset, int length) throws IOException {
        boolean mayWaitHere = !Thread.currentThread().isVirtual();
        boolean mayAwaitExit = mayWaitHere;
        while (true) {
            state.requireNotClosed();
            int count = ahead.take(target, offset, length);
            if (count > 0 || length == 0) {
                return count;
            }
            if (state.isMemoryLeftOnly()) {
                return ahead.atEnd();
            }
            if (state.isBarred()) {
                park();
                continue;
            }
            if (mayWaitHere && drained) {
                mayWaitHere = false;
                readers.briefly(Epoll.IN);
                continue;
            }
            count = channel.read(target, offset, length);
            drained = count < length && count < SMALL_READ_BYTES;
            if (count >= 0) {
                return count > 0 ? count : -1; // the end of a pipe; or VEOF at a pts, after which more may follow
            }
            NoData nothing = channel.end().classify(count);
            if (nothing == NoData.END) {
                finish();
            } else if (nothing == NoData.HUNG_UP && mayAwaitExit) {
                mayAwaitExit = false;
                awaitExit();
            } else if (nothing != NoData.YET || !mayWaitHere) {
                await(nothing, count);
            }
        }
    }

    /**
     * Whether a read gives bytes, the end or an error without waiting; waits for that, at most so long. A time of 0 or less polls. It reads
     * nothing, so the bytes stay for any reader.
     */
    boolean await(long nanos) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + nanos;
        boolean mayWaitHere = nanos > 0 && !Thread.currentThread().isVirtual();
        boolean mayAwaitExit = mayWaitHere;
        while (true) {
            state.requireNotClosed();
            if (ahead.size() > 0 || state.isMemoryLeftOnly()) {
                return true;
            }
            NoData nothing = state.isLent() || channel.isClosed() ? NoData.HUNG_UP : channel.end().pollOutput();
            if (!state.isHeld() && (nothing == NoData.AGAIN || nothing == NoData.END)) {
                return true;
            }
            long remaining = deadline - System.nanoTime();
            if (nanos <= 0 || remaining <= 0) {
                return false;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (state.isHeld()) {
                readers.parked(remaining);
                continue;
            }
            if (nothing == NoData.YET && mayWaitHere) {
                mayWaitHere = false;
                readers.briefly(Epoll.IN);
            } else if (nothing == NoData.HUNG_UP && mayAwaitExit) {
                mayAwaitExit = false;
                awaitExit();
            } else {
                ask(nothing, 0);
                readers.parked(remaining);
            }
        }
    }

    /** At least how many bytes can be read without waiting. */
    int available() throws IOException {
        state.requireNotClosed();
        long there = ahead.size() + (state.isMemoryLeftOnly() || state.isHeld() ? 0 : Math.max(0, channel.descriptor().readableBytes()));
        return (int) Math.min(there, Integer.MAX_VALUE);
    }

    /** Waits briefly for the exit, which as a rule follows the hang-up at once. */
    private void awaitExit() {
        readers.leave();
        try {
            owner.awaitExitBriefly();
        } finally {
            readers.comeBack();
        }
    }

    /** Has the side finish the output, as the loop would do later. If another process opens the terminal until then, reads go on. */
    private void finish() {
        readers.leave();
        try {
            side.ready(false, true);
        } finally {
            readers.comeBack();
        }
    }

    /** Waits for what a read without data calls for; for AGAIN not at all. */
    private void await(NoData nothing, int answer) throws IOException {
        if (nothing != NoData.AGAIN) {
            ask(nothing, answer);
            park();
        }
    }

    /** Asks the loop to wake the caller. */
    private void ask(NoData nothing, int answer) throws IOException {
        int error = 0;
        switch (nothing) {
            case YET -> error = channel.once(Epoll.IN);
            case HUNG_UP -> channel.listenByEdges(); // the loop reports whether it is final, or that the terminal is closed
            case END, AGAIN -> { }
            case FAULT -> error = answer;
        }
        if (error < 0 && !channel.isClosed()) {
            throw new IOException(ahead.cannotRead(error));
        }
    }

    /** Waits until {@link #wake}, or a spurious wake-up. */
    private void park() throws InterruptedIOException {
        try {
            readers.parked();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for output of " + channel);
        }
    }

    /** Input was typed. Called without the reader's lock. */
    void expectAnswer() {
        drained = true;
    }

    /** Whether a caller waits. */
    boolean isAnyWaiting() {
        return readers.isAnyone();
    }

    /** All waiters retry. */
    void wake() {
        readers.wake();
    }
}
