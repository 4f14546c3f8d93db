package dev.panpty.internal.stream;

import dev.panpty.internal.process.Channel;
import dev.panpty.internal.process.NoData;
import dev.panpty.internal.process.ReadSide;
import dev.panpty.internal.sys.Epoll;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The program's output for callers that block. They read on their own threads and park only when there is nothing; a platform thread
 * waits itself for a moment before it does, which saves two thread switches where the program answers, or exits, at once.
 *
 * <pre>
 *   open --EIO, child reaped--> finished: what was left is in memory, the ptmx is given up; reads go on from memory, then give -1
 *   open --terminal closed----> finished
 *   open --cut----------------> cut: reads go on from memory, then give -1, or fail where more was there to be read at that moment
 *   open or cut --close-------> closed: reads fail
 *   cut or closed: the loop reads on and drops, so that the program is not held up --EIO, child reaped, or terminal closed--> finished
 *   any --a read fails, several times in a row--> the caller is told; after the reap: finished, and told when memory is empty
 *   with endAtExit, once the child is reaped: others' output is stopped, what is there is taken into memory, finished
 *   any --lend--> lent: nothing is read, who wants to waits --takeBack--> as before, or --terminal closed--> finished
 * </pre>
 *
 * <p>The lock orders bytes: whoever holds it takes from {@code ahead} first, then reads the ptmx. Three read the ptmx: the caller, a
 * caller waiting to write (into {@code ahead}, up to a limit, so that an echo cannot lock both up), and whoever reaps.
 */
public final class StreamReader implements ReadSide {

    private static final int SMALL_READ_BYTES = 1024;

    private final Channel channel;
    private final boolean endAtExit;
    private final Owner owner;
    private final ReentrantLock lock = new ReentrantLock();
    private final Waiters readers;
    private final ReadAhead ahead;
    private final byte[] one = new byte[1]; // holds a byte between two steps under the lock
    /**
     * Nothing is expected to be there: none was yet, or the last read had room for more, or something was typed since, whose answer takes a
     * moment. The next read waits before it looks. Set under no lock too, being no more than a guess.
     */
    private volatile boolean drained = true;
    private Delivery delivery = Delivery.OPEN;
    private boolean restTaken;
    private volatile boolean finished; // written with the lock
    private boolean lent;
    private boolean leftToReaders;
    private Optional<RoomWait> writer = Optional.empty();

    /** Whether callers get what comes. */
    private enum Delivery { OPEN, CUT, CLOSED }

    /** Whose output it is. Called under no lock. */
    public interface Owner {

        /** Waits for the exit, on a platform thread, for a moment. */
        void awaitExitBriefly();

        /** The output has come to its end. */
        void advance();
    }

    /** The writer is told whenever there is something to read, or room again to read it ahead; it makes use of both by {@link #readAhead}. */
    void alsoNotify(RoomWait waitingWriter) {
        writer = Optional.of(waitingWriter);
    }

    public StreamReader(Channel channel, boolean endAtExit, Owner owner) {
        this.channel = channel;
        this.endAtExit = endAtExit;
        this.owner = owner;
        readers = new Waiters(channel.descriptor(), lock);
        ahead = new ReadAhead(channel);
    }

    /** {@link java.io.InputStream#read()}. */
    public int read() throws IOException {
        lock.lock();
        boolean full = ahead.isFull();
        try {
            return takeOrRead(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        } finally {
            unlock(full);
        }
    }

    /** {@link java.io.InputStream#read(byte[], int, int)} for a positive length. */
    public int read(byte[] target, int offset, int length) throws IOException {
        lock.lock();
        boolean full = ahead.isFull();
        try {
            return takeOrRead(target, offset, length);
        } finally {
            unlock(full);
        }
    }

    /** {@link java.io.InputStream#read(byte[], int, int)} for a length of 0. */
    int readNothing() throws IOException {
        lock.lock();
        try {
            requireNotClosed();
            return 0;
        } finally {
            lock.unlock();
        }
    }

    private void requireNotClosed() throws IOException {
        if (delivery == Delivery.CLOSED) {
            throw new IOException("Stream closed");
        }
    }

    /**
     * A writer that found no room to read ahead listens to no output, so it is told when there is some again. One that left the output to
     * the readers is told when they have gone, perhaps without all of it.
     */
    private void unlock(boolean wasFull) {
        boolean readersGone = leftToReaders && !readers.isAnyone();
        leftToReaders &= !readersGone;
        boolean roomMade = wasFull && !ahead.isFull();
        lock.unlock();
        if (roomMade || readersGone) {
            tellWriter();
        }
    }

    private int takeOrRead(byte[] target, int offset, int length) throws IOException {
        boolean mayWaitHere = !Thread.currentThread().isVirtual();
        boolean mayAwaitExit = mayWaitHere;
        while (true) {
            requireNotClosed();
            int count = ahead.take(target, offset, length);
            if (count > 0) {
                return count;
            }
            if (finished || delivery == Delivery.CUT) {
                return ahead.atEnd();
            }
            if (lent) {
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
                return count > 0 ? count : -1; // a pipe's end; or VEOF at a program's end of a terminal, after which there may be more
            }
            NoData nothing = channel.end().classify(count);
            if (nothing == NoData.HUNG_UP && mayAwaitExit) {
                mayAwaitExit = false;
                awaitExit();
            } else if (nothing != NoData.YET || !mayWaitHere) {
                await(nothing, count);
            }
        }
    }

    /** As a rule it comes a moment after the hang-up. */
    private void awaitExit() {
        readers.leave();
        try {
            owner.awaitExitBriefly();
        } finally {
            readers.comeBack();
        }
    }

    /** Something was typed. */
    void expectAnswer() {
        drained = true;
    }

    private void tellWriter() {
        if (writer.isPresent()) {
            writer.get().outputChanged();
        }
    }

    /** Waits for what the answer of a read asks for, or does not. */
    private void await(NoData nothing, int answer) throws IOException {
        int error = 0;
        switch (nothing) {
            case YET -> error = channel.once(Epoll.IN);
            case HUNG_UP -> channel.listenByEdges(); // the loop is to say whether for good; or it is about to say that we are closed
            case END -> {
                channel.listenByEdges();
                channel.later(() -> ready(false, true));
            }
            case AGAIN -> {
                return;
            }
            case FAULT -> error = answer;
        }
        if (error < 0 && !channel.isClosed()) {
            throw new IOException(ahead.cannotRead(error));
        }
        park();
    }

    /** Until something has changed, or perhaps not. */
    private void park() throws InterruptedIOException {
        try {
            readers.parked();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for output of " + channel);
        }
    }

    /** What can be read without waiting, at least. */
    int available() throws IOException {
        lock.lock();
        try {
            requireNotClosed();
            boolean over = finished || delivery == Delivery.CUT;
            long there = ahead.size() + (over ? 0 : Math.max(0, channel.descriptor().readableBytes()));
            return (int) Math.min(there, Integer.MAX_VALUE);
        } finally {
            lock.unlock();
        }
    }

    /** For a waiting writer: takes what is there, unless a reader is about to. True if there may be room for more. */
    public boolean readAhead() throws IOException {
        lock.lock();
        try {
            leftToReaders = readers.isAnyone();
            boolean wanted = !leftToReaders && delivery == Delivery.OPEN && !finished && !lent;
            if (wanted && channel.end().isReadable()) { // else memory would be had for nothing
                ahead.drain(ReadAhead.LIMIT_BYTES);
                ahead.throwFailure();
            }
            return !ahead.isFull();
        } finally {
            lock.unlock();
        }
    }

    /** The channel is somebody else's for now. */
    public void lend() {
        lock.lock();
        try {
            lent = true;
        } finally {
            lock.unlock();
        }
    }

    /** It is ours again: whoever waits looks, and has it watched again. */
    public void takeBack() {
        boolean dropping;
        lock.lock();
        try {
            lent = false;
            dropping = isToBeDropped();
            readers.wake();
        } finally {
            lock.unlock();
        }
        if (dropping) {
            beginToDrop();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (delivery == Delivery.CLOSED) {
                return;
            }
            delivery = Delivery.CLOSED;
            ahead.drop();
            readers.wake();
            if (finished) {
                return;
            }
        } finally {
            lock.unlock();
        }
        beginToDrop();
    }

    private void beginToDrop() {
        channel.listenByEdges();
        channel.later(() -> ready(true, false)); // the edge of what is there already may have been and gone
    }

    private boolean isToBeDropped() {
        return delivery != Delivery.OPEN && !finished;
    }

    @Override
    public void endDelivery() {
        if (cutNow()) {
            beginToDrop();
        }
    }

    @Override
    public void cut() {
        cutNow();
    }

    /**
     * Readers are told how many bytes are there to be read at this moment, a write(2) that is under way included; what the program begins to
     * write until it is hung up does not count. True if it is cut now, and was not at its end.
     */
    private boolean cutNow() {
        if (channel.isChildReaped()) {
            takeRest(); // it is about to be; who saw the exit first must not lose it
        }
        lock.lock();
        try {
            if (delivery != Delivery.OPEN || finished || lent) {
                return false;
            }
            int unread = channel.end().unreadBytes();
            if (unread > 0 || channel.isBeingWritten()) {
                ahead.fail("output cut: " + channel + " was closed with " + unread + " bytes unread, or more");
            }
            delivery = Delivery.CUT;
            readers.wake();
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long droppedBytes() {
        lock.lock();
        try {
            return ahead.droppedBytes();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void ready(boolean dataThere, boolean hungUp) {
        boolean end = false;
        boolean news = dataThere;
        lock.lock();
        try {
            if (lent) {
                return;
            }
            if (isToBeDropped()) {
                end = dropSlice();
            } else if (hungUp && channel.isHangUpFinal() && !finished) {
                news = true;
                end = ahead.drain(Integer.MAX_VALUE);
            }
        } finally {
            if (news) { // a hang-up alone is none before the reap: nobody is woken for it
                readers.wake();
            }
            lock.unlock();
        }
        if (news) {
            tellWriter();
        }
        if (end) {
            closed();
            owner.advance();
        }
    }

    /**
     * The child is reaped: takes the rest into memory, once. If others hold the terminal, their output is left to come. Any thread; where
     * there is no memory the rest stays with the kernel, for a reader or the next call.
     */
    void takeRest() {
        if (isRestTaken()) {
            return;
        }
        long atExit = endAtExit ? Math.min(channel.stopOutput(), Integer.MAX_VALUE) : 0;
        lock.lock();
        try {
            if (restTaken || finished) {
                return;
            }
            long limit = endAtExit ? ahead.size() + atExit : channel.end().isHeld() ? ReadAhead.LIMIT_BYTES : Long.MAX_VALUE;
            boolean end = isToBeDropped() ? dropSlice() : ahead.drain(limit);
            finished = end || endAtExit;
            restTaken = true;
        } finally {
            readers.wake();
            lock.unlock();
        }
        if (!finished) {
            channel.listenByEdges();
        }
    }

    private boolean isRestTaken() {
        lock.lock();
        try {
            return restTaken || finished;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void closed() {
        lock.lock();
        try {
            finished = true;
            readers.wake();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void failed(String reason) {
        lock.lock();
        try {
            if (!finished) {
                ahead.fail(reason);
                finished = true;
                readers.wake();
            }
        } finally {
            lock.unlock();
        }
        owner.advance();
    }

    @Override
    public boolean isFinished() {
        return finished;
    }

    /** Reads and drops, a slice at a time, the next on the loop's thread; true at the end of the output. */
    private boolean dropSlice() {
        ReadAhead.Dropped dropped = ahead.dropSlice();
        if (dropped == ReadAhead.Dropped.NOT_ALL) {
            channel.later(() -> ready(true, false));
        }
        return dropped == ReadAhead.Dropped.ALL;
    }
}
