package dev.panpty.internal.event;

import dev.panpty.internal.process.Channel;
import dev.panpty.internal.process.NoData;
import dev.panpty.internal.process.ReadSide;
import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.Scratch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The program's output for a listener: the loop reads, a slice at a time. What callers ask for is seen at the next read; all else is the
 * loop's.
 *
 * <pre>
 *   READING --hung up, or drain--> ENDING --child reaped--> REAPED --EIO, or nothing left while paused--> FINISHED --told--> LOST
 *   READING, ENDING or REAPED --takeLast; with endAtExit, child reaped--> STOPPING --output stopped--> LAST --all read--> FINISHED
 *   any of these --terminal closed, or the loop has failed--> FINISHED
 *   READING or later --a read fails, several times in a row--> the process is told, which closes the terminal
 *
 *   DELIVERED --close--> DROPPED: read on, given to no listener
 *   DELIVERED or DROPPED --cut--> CUT: nothing is read any more
 * </pre>
 *
 * <p>A paused reader reads nothing, so that the kernel blocks the program, unless it drops. The terminal is listened to by edges:
 * {@code readable} remembers one until a read says that there is nothing, or takes so much less than it could that there was no more at
 * that moment, see epoll(7). From ENDING on it is read until told.
 */
final class EventReader implements ReadSide {

    private static final int SMALL_READ_BYTES = 1024;
    private static final int SLICE_BYTES = 64 * 1024;
    private static final int EMPTY_READ_COST_BYTES = SLICE_BYTES / 8;
    private static final boolean POISON = Boolean.getBoolean("dev.panpty.poison");
    private static final byte POISON_BYTE = (byte) 0xdb;

    private enum Phase { READING, ENDING, REAPED, STOPPING, LAST, FINISHED, LOST }

    private enum Delivery { DELIVERED, DROPPED, CUT }

    private final Channel channel;
    private final int childFd;
    private final Owner owner;
    private final Advancing advancing;
    private final Phase afterReap;
    private final ByteBuffer view;
    private final Runnable slice = this::slice;
    private final AtomicLong droppedBytes = new AtomicLong();
    private final AtomicReference<Delivery> delivery = new AtomicReference<>(Delivery.DELIVERED); // changed by any thread
    private volatile boolean paused;
    private volatile Phase phase = Phase.READING; // the loop's, as what follows
    private boolean readable;
    private boolean sliceAsked;
    private long takenBytes;
    private long mostOfLast = Long.MAX_VALUE;

    /** The process. On the loop's thread. */
    interface Owner {

        /** Output; the view is good until this returns. */
        void deliver(int childFd, ByteBuffer data);

        /** It cannot be read. */
        void failed(IOException reason);
    }

    EventReader(Channel channel, int childFd, Owner owner, Advancing advancing, boolean endAtExit) {
        this.channel = channel;
        this.childFd = childFd;
        this.owner = owner;
        this.advancing = advancing;
        afterReap = endAtExit ? Phase.STOPPING : Phase.REAPED;
        view = channel.loop().scratch().data().asReadOnlyBuffer();
        view.limit(0);
    }

    Channel channel() {
        return channel;
    }

    /** Any thread: from the next read on. */
    void pause() {
        paused = true;
    }

    /** Any thread. */
    void resume() {
        paused = false;
        advancing.changed();
    }

    boolean isPaused() {
        return paused;
    }

    /** Reads until told that there is nothing: the terminal is about to be hung up. */
    void drain() {
        readable = true;
        reach(Phase.ENDING);
    }

    /** Whether all that has arrived was read; after {@link #drain}, by the kernel's word. */
    boolean isDrained() {
        return isFinished() || (isPaused() && delivery.get() == Delivery.DELIVERED ? channel.end().unreadBytes() == 0 : !readable);
    }

    /** Whether something is there that is not read, since the listener has paused. */
    boolean isHeldUp() {
        return isPaused() && !isDrained();
    }

    /** How many bytes were read, for the listener or to be dropped. */
    long takenBytes() {
        return takenBytes;
    }

    /**
     * The terminal is hung up when what is there now is read: others' output is stopped, as far as that can be done, and where nothing is
     * left this is finished. Idempotent.
     */
    void takeLast() {
        if (phase.compareTo(Phase.STOPPING) < 0) {
            phase = Phase.STOPPING;
            readable = true;
        }
    }

    @Override
    public void close() {
        drop();
        advancing.changed();
    }

    @Override
    public void endDelivery() {
        close();
    }

    private void drop() {
        delivery.compareAndSet(Delivery.DELIVERED, Delivery.DROPPED);
    }

    @Override
    public void cut() {
        delivery.set(Delivery.CUT);
    }

    @Override
    public long droppedBytes() {
        return droppedBytes.get();
    }

    @Override
    public void ready(boolean nowReadable, boolean hungUp) {
        readable = true;
        if (hungUp) {
            reach(Phase.ENDING);
        }
        advancing.advance();
    }

    @Override
    public void closed() {
        reach(Phase.FINISHED);
    }

    @Override
    public void failed(String reason) {
        owner.failed(new IOException(reason));
    }

    @Override
    public boolean isFinished() {
        return phase.compareTo(Phase.FINISHED) >= 0;
    }

    /** Finished, and the listener was not told yet. */
    boolean isLossDue() {
        return phase == Phase.FINISHED;
    }

    /** The listener was told. */
    void lossTold() {
        phase = Phase.LOST;
    }

    int childFd() {
        return childFd;
    }

    private void reach(Phase next) {
        if (phase.compareTo(next) < 0) {
            phase = next;
        }
    }

    /** Once the listener is connected. */
    public void advance() {
        if (channel.isClosed()) {
            reach(Phase.FINISHED);
        }
        if (channel.isChildReaped() && phase.compareTo(Phase.REAPED) < 0) {
            phase = afterReap;
            readable = true;
        }
        if (phase == Phase.STOPPING) {
            mostOfLast = channel.stopOutput();
            phase = Phase.LAST;
        }
        finishIfNothingIsLeft();
        if (mayRead() && !sliceAsked) {
            channel.loop().slice(slice);
            sliceAsked = true;
        }
    }

    /** A paused reader must not read, but where there is nothing to read it need not wait for its resume. */
    private void finishIfNothingIsLeft() {
        if (!paused || phase.compareTo(Phase.REAPED) < 0 || isFinished()) {
            return;
        }
        int over = channel.isChildReaped() ? channel.end().pollEnd() : 0;
        if (over < 0) {
            fail("poll", over);
        } else if (over > 0 || phase == Phase.LAST && channel.end().unreadBytes() == 0) { // then others may hold it for as long as they like
            reach(Phase.FINISHED);
        }
    }

    private boolean mayRead() {
        Delivery now = delivery.get();
        return readable && !isFinished() && (now == Delivery.DROPPED || now == Delivery.DELIVERED && !paused);
    }

    private void slice() {
        sliceAsked = false;
        advancing.enter();
        try {
            readSlice();
        } finally {
            advancing.leave();
        }
    }

    /** One terminal's share of a turn. */
    private void readSlice() {
        Scratch scratch = channel.loop().scratch();
        for (int budget = SLICE_BYTES; budget > 0 && mayRead(); ) {
            int count = channel.read(scratch);
            if (count > 0) {
                budget -= count;
                takenBytes += count;
                mostOfLast -= count;
                readable = phase != Phase.READING || count >= SMALL_READ_BYTES;
                deliver(scratch, count);
                if (mostOfLast <= 0) {
                    reach(Phase.FINISHED);
                }
            } else {
                budget -= EMPTY_READ_COST_BYTES;
                noData(count);
            }
        }
    }

    private void noData(int answer) {
        NoData nothing = channel.end().classify(answer);
        readable = nothing == NoData.AGAIN
                || nothing == NoData.YET && channel.isChildReaped() && channel.end().isReadable(); // there may be no more edges
        if (nothing == NoData.FAULT) {
            fail("read", answer);
        } else if (nothing == NoData.END || !readable && phase == Phase.LAST) {
            reach(Phase.FINISHED);
        }
    }

    private void fail(String call, int error) {
        owner.failed(new IOException(call + " (" + channel + "): " + Errno.describe(-error)));
    }

    private void deliver(Scratch scratch, int count) {
        if (delivery.get() != Delivery.DELIVERED) {
            droppedBytes.addAndGet(count);
            return;
        }
        view.limit(count).position(0);
        owner.deliver(childFd, view);
        view.limit(0);
        if (POISON) {
            for (int i = 0; i < count; i++) {
                scratch.data().put(i, POISON_BYTE);
            }
        }
    }
}
