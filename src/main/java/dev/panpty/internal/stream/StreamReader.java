package dev.panpty.internal.stream;

import dev.panpty.internal.process.Channel;
import dev.panpty.internal.process.ReadSide;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The program's output for callers that block. {@link OutputState} has the diagram of its states, {@link OutputReads} has the reads.
 *
 * <p>The lock orders bytes: its holder takes from {@code ahead} first, then reads the channel. Three kinds of threads read the channel: a
 * caller that reads; a caller that waits to write, which reads into {@code ahead} up to a limit, so that a program blocked in its echo
 * cannot block the writer; and the thread that reaps the child, which takes the rest.
 */
public final class StreamReader implements ReadSide {

    private final Channel channel;
    private final boolean endAtExit;
    private final StreamOwner owner;
    private final ReentrantLock lock = new ReentrantLock();
    private final OutputState state = new OutputState();
    private final ReadAhead ahead;
    private final OutputReads reads;
    private final byte[] one = new byte[1]; // for read(), under the lock
    private boolean leftToReaders; // a waiting writer did not read ahead because readers waited
    private RoomWait waitingWriter; // or null; set before the first use

    /** @param endAtExit whether the output ends when the child is reaped, even if other processes hold the terminal; theirs is stopped */
    public StreamReader(Channel channel, boolean endAtExit, StreamOwner owner) {
        this.channel = channel;
        this.endAtExit = endAtExit;
        this.owner = owner;
        ahead = new ReadAhead(channel);
        reads = new OutputReads(channel, owner, this, state, ahead, lock);
    }

    /** A waiting writer is notified of output and of room to read it ahead; it then calls {@link #readAhead}. */
    void alsoNotify(RoomWait writer) {
        waitingWriter = writer;
    }

    private void outputChanged() {
        if (waitingWriter != null) {
            waitingWriter.outputChanged();
        }
    }

    public int read() throws IOException {
        lock.lock();
        boolean full = ahead.isFull();
        try {
            return reads.read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        } finally {
            unlock(full);
        }
    }

    /** {@link java.io.InputStream#read(byte[], int, int)}. */
    public int read(byte[] target, int offset, int length) throws IOException {
        lock.lock();
        boolean full = ahead.isFull();
        try {
            return reads.read(target, offset, length);
        } finally {
            unlock(full);
        }
    }

    public boolean await(long nanos) throws IOException, InterruptedException {
        lock.lock();
        boolean full = ahead.isFull();
        try {
            return reads.await(nanos);
        } finally {
            unlock(full);
        }
    }

    /**
     * A writer that found no room to read ahead does not poll for output, so it is notified when there is room again. A writer that left
     * the output to the readers is notified when no reader waits any more, since they may not have read all of it.
     */
    private void unlock(boolean wasFull) {
        boolean readersGone = leftToReaders && !reads.isAnyWaiting();
        leftToReaders &= !readersGone;
        boolean roomMade = wasFull && !ahead.isFull();
        lock.unlock();
        if (roomMade || readersGone) {
            outputChanged();
        }
    }

    /** Input was typed. */
    void expectAnswer() {
        reads.expectAnswer();
    }

    /** At least how many bytes can be read without waiting. */
    int available() throws IOException {
        lock.lock();
        try {
            return reads.available();
        } finally {
            lock.unlock();
        }
    }

    /** For a waiting writer: reads ahead unless a reader waits or a tap holds the output. True if there may be room for more. */
    public boolean readAhead() throws IOException {
        lock.lock();
        try {
            leftToReaders = reads.isAnyWaiting();
            if (!leftToReaders && !state.isHeld() && state.isDelivered() && channel.end().isReadable()) { // else no memory is allocated
                ahead.drain(ReadAhead.LIMIT_BYTES);
                ahead.throwFailure();
            }
            return !state.isHeld() && !ahead.isFull();
        } finally {
            lock.unlock();
        }
    }

    /** Another channel uses the descriptor until {@link #takeBack}. */
    public void lend() {
        lock.lock();
        try {
            state.lent(true);
        } finally {
            lock.unlock();
        }
    }

    /** No other channel uses the descriptor any more: waiters retry and register it again. */
    public void takeBack() {
        lock.lock();
        try {
            state.lent(false);
            reads.wake();
            if (state.isToBeDropped()) {
                ahead.beginToDrop();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (!state.close()) {
                return;
            }
            ahead.drop();
            reads.wake();
            if (!state.isFinished()) {
                ahead.beginToDrop();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void endDelivery() {
        if (cutNow()) {
            ahead.beginToDrop();
        }
    }

    /** Waiters retry, the loop goes on to drop: {@link #ready} does both. */
    @Override
    public void hold(boolean on) {
        state.held(on);
        if (!on) {
            channel.readyLater(true, false);
        }
    }

    @Override
    public void cut() {
        cutNow();
    }

    /**
     * Readers get an error with the number of bytes that are unread now; a write(2) in flight counts as unread. What the program begins to
     * write between now and the hang-up does not count. True if this call has cut the output before its end.
     */
    private boolean cutNow() {
        if (channel.isChildReaped()) {
            takeRest(); // the loop would do so later: a caller that saw the exit first must not lose output
        }
        lock.lock();
        try {
            if (!state.isDelivered()) {
                return false;
            }
            int unread = channel.end().unreadBytes();
            if (unread > 0 || channel.isBeingWritten()) {
                ahead.fail("output cut: " + channel + " was closed with " + unread + " bytes unread, or more");
            }
            state.cut();
            reads.wake();
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long droppedBytes() {
        return ahead.droppedBytes();
    }

    @Override
    public void ready(boolean readable, boolean hungUp) {
        boolean end = false;
        boolean changed = readable; // a hang-up before the reap changes nothing for a caller
        lock.lock();
        try {
            if (state.isLent()) {
                return;
            }
            if (state.isToBeDropped()) {
                end = !state.isHeld() && ahead.dropSlice();
            } else if (hungUp && channel.isHangUpFinal() && !state.isFinished()) {
                changed = true;
                end = ahead.drain(Integer.MAX_VALUE);
            }
        } finally {
            if (changed) {
                reads.wake();
            }
            lock.unlock();
        }
        if (changed) {
            outputChanged();
        }
        if (end) {
            closed();
            owner.advance();
        }
    }

    /**
     * The child is reaped: takes the rest of its output into memory, once. If other processes hold the terminal, their output follows. Any
     * thread. If memory runs out, the rest stays in the kernel for a reader or the next call.
     */
    void takeRest() {
        if (state.isRestTaken()) {
            return;
        }
        long atExit = endAtExit ? Math.min(channel.stopOutput(), Integer.MAX_VALUE) : 0;
        lock.lock();
        try {
            if (state.isRestTaken()) {
                return;
            }
            long limit = endAtExit ? ahead.size() + atExit : channel.end().isHeld() ? ReadAhead.LIMIT_BYTES : Long.MAX_VALUE;
            boolean end = state.isToBeDropped() ? ahead.dropSlice() : ahead.drain(limit);
            state.restTaken(end || endAtExit);
        } finally {
            reads.wake();
            lock.unlock();
        }
        if (!state.isFinished()) {
            channel.listenByEdges();
        }
    }

    @Override
    public void closed() {
        lock.lock();
        try {
            state.finish();
            reads.wake();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void failed(String reason) {
        lock.lock();
        try {
            if (!state.isFinished()) {
                ahead.fail(reason);
            }
        } finally {
            lock.unlock();
        }
        closed();
        owner.advance();
    }

    @Override
    public boolean isFinished() {
        return state.isFinished();
    }
}
