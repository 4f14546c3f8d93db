package dev.panpty.internal.event;

import dev.panpty.internal.process.Channel;
import dev.panpty.internal.process.NoData;
import dev.panpty.internal.process.ReadSide;
import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.Scratch;
import java.io.IOException;

/**
 * The program's output for a listener: the loop reads, a slice at a time. Any thread may pause, resume, close and cut, which takes effect
 * at the next read; everything else is confined to the loop's thread.
 *
 * <pre>
 *   READING --hung up, or drain--> ENDING
 *   READING, ENDING --child reaped--> REAPED; with endAtExit STOPPING
 *   REAPED --end of output; or paused, and nothing is left--> FINISHED
 *   READING, ENDING, REAPED --takeLast--> STOPPING --output stopped--> LAST --all read--> FINISHED
 *   any before FINISHED --terminal closed, or loop failed--> FINISHED
 *   FINISHED --the listener is notified--> LOST
 *   a read fails several times in a row--> the process is notified, which closes the terminal
 * </pre>
 *
 * <p>{@link OutputDelivery} says whether output is delivered. A paused reader reads nothing, so that the kernel blocks the program; a
 * reader that drops reads even when paused, but not while a tap holds the output. From STOPPING on a tap's hold has no effect. Events come
 * by edges: {@code readable} keeps an edge until a read gives EAGAIN, or so few bytes that no more were available, see epoll(7). From
 * ENDING on only EAGAIN clears it.
 */
final class EventReader implements ReadSide {

    private static final int SMALL_READ_BYTES = 1024;
    private static final int SLICE_BYTES = 64 * 1024;
    private static final int EMPTY_READ_COST_BYTES = SLICE_BYTES / 8;
    private static final int EAGAIN = -Errno.EAGAIN;

    private enum Phase { READING, ENDING, REAPED, STOPPING, LAST, FINISHED, LOST }

    private final Channel channel;
    private final int childFd;
    private final Owner owner;
    private final Advancing advancing;
    private final Phase afterReap;
    private final int joinedBytes;
    private final OutputDelivery delivery;
    private final Runnable slice = this::slice;
    private volatile boolean paused;
    private volatile Phase phase = Phase.READING; // written by the loop's thread; what follows is confined to it
    private boolean readable;
    private boolean sliceAsked;
    private long takenBytes;
    private long mostOfLast = Long.MAX_VALUE;

    /** The process. On the loop's thread. */
    interface Owner extends OutputDelivery.Receiver {

        /** The channel cannot be read. */
        void failed(IOException reason);
    }

    /** @param joinedBytes up to how many bytes reads are joined to one delivery; 0: each read is one */
    EventReader(Channel channel, int childFd, Owner owner, Advancing advancing, boolean endAtExit, int joinedBytes) {
        this.channel = channel;
        this.childFd = childFd;
        this.owner = owner;
        this.advancing = advancing;
        afterReap = endAtExit ? Phase.STOPPING : Phase.REAPED;
        this.joinedBytes = joinedBytes;
        delivery = new OutputDelivery(channel.loop().scratch());
    }

    /** Takes effect from the next read on. Any thread. */
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

    /** Reads until EAGAIN: the terminal is about to be hung up. */
    void drain() {
        readable = true;
        reach(Phase.ENDING);
    }

    /** Whether all available output is read; after {@link #drain}, because a read gave EAGAIN. */
    boolean isDrained() {
        return isFinished() || (isHeld() || isPaused() && delivery.isDelivered() ? channel.end().unreadBytes() == 0 : !readable);
    }

    /** Whether output is unread because the listener has paused, or a tap. */
    boolean isHeldUp() {
        return (isPaused() || isHeld()) && !isDrained();
    }

    private boolean isHeld() {
        return delivery.isHeld() && phase.compareTo(Phase.STOPPING) < 0;
    }

    /** How many bytes were read, delivered or dropped. */
    long takenBytes() {
        return takenBytes;
    }

    /** Stops output, as far as possible, and finishes once the available output is read: the terminal is then hung up. Idempotent. */
    void takeLast() {
        if (phase.compareTo(Phase.STOPPING) < 0) {
            phase = Phase.STOPPING;
            readable = true;
        }
    }

    @Override
    public void close() {
        delivery.drop();
        advancing.changed();
    }

    @Override
    public void endDelivery() {
        close();
    }

    @Override
    public void hold(boolean on) {
        delivery.hold(on);
        if (!on) {
            channel.readyLater(true, false);
        }
    }

    @Override
    public void cut() {
        delivery.cut();
    }

    @Override
    public long droppedBytes() {
        return delivery.droppedBytes();
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

    /** Whether it is finished and the listener not yet notified. */
    boolean isLossDue() {
        return phase == Phase.FINISHED;
    }

    /** The listener is notified. */
    void lossTold() {
        phase = Phase.LOST;
        delivery.end();
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

    /** A paused reader must not read, but if nothing is left to read it finishes without a resume. */
    private void finishIfNothingIsLeft() {
        if (!paused && !isHeld() || phase.compareTo(Phase.REAPED) < 0 || isFinished()) {
            return;
        }
        int over = channel.isChildReaped() ? channel.end().pollEnd() : 0;
        if (over < 0) {
            fail("poll", over);
        } else if (over > 0 || phase == Phase.LAST && channel.end().unreadBytes() == 0) { // in LAST others may hold the terminal
            reach(Phase.FINISHED);
        }
    }

    private boolean mayRead() {
        return readable && !isFinished() && !isHeld() && delivery.isWanted(paused);
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

    /** One channel's share of a turn. */
    private void readSlice() {
        Scratch scratch = channel.loop().scratch();
        for (int budget = SLICE_BYTES; budget > 0 && mayRead(); ) {
            int first = channel.read(scratch, 0, joinedBytes == 0 ? Scratch.DATA_BYTES : joinedBytes);
            if (first > 0) {
                readable = phase != Phase.READING || first >= SMALL_READ_BYTES;
                int count = join(scratch, first);
                budget -= count;
                takenBytes += count;
                mostOfLast -= count;
                delivery.deliver(owner, childFd, count);
                if (mostOfLast <= 0) {
                    reach(Phase.FINISHED);
                }
            } else {
                budget -= EMPTY_READ_COST_BYTES;
                noData(first);
            }
        }
    }

    /**
     * Reads more behind the first bytes, until a read would wait or there are as many as may be joined; returns how many there are. At
     * EAGAIN it polls, which waits until the kernel's worker has moved what the program wrote: it takes microseconds, and else a delivery
     * would end where the worker happens to be.
     */
    private int join(Scratch scratch, int first) {
        int count = first;
        while (count < joinedBytes && count < mostOfLast && mayRead()) {
            int more = channel.read(scratch, count, joinedBytes - count);
            if (more == EAGAIN && channel.end().isReadable()) {
                more = channel.read(scratch, count, joinedBytes - count);
            }
            if (more <= 0) {
                // anything but EAGAIN comes again: what it means is decided after the delivery, which may change the phase
                readable = more != EAGAIN || phase != Phase.READING;
                break;
            }
            count += more;
            readable = phase != Phase.READING || more >= SMALL_READ_BYTES || count == joinedBytes;
        }
        return count;
    }

    private void noData(int answer) {
        NoData nothing = channel.end().classify(answer);
        readable = nothing == NoData.AGAIN
                || nothing == NoData.YET && channel.isChildReaped() && channel.end().isReadable(); // no further edge may come
        if (nothing == NoData.FAULT) {
            fail("read", answer);
        } else if (nothing == NoData.END || !readable && phase == Phase.LAST) {
            reach(Phase.FINISHED);
        }
    }

    private void fail(String call, int error) {
        owner.failed(new IOException(call + " (" + channel + "): " + Errno.describe(-error)));
    }
}
