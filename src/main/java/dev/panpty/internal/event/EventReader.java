package dev.panpty.internal.event;

import dev.panpty.internal.process.Channel;
import dev.panpty.internal.process.ReadSide;
import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.Scratch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The program's output for a listener: the loop reads. What callers ask for is seen at the next read; all
 * else is the loop's.
 *
 * <pre>
 *   waiting --connected--> reading <--pause, resume--> paused: nothing is read, the kernel then blocks the program
 *   reading or paused --close--> dropping: read on, given to nobody
 *   reading or dropping --EIO, child reaped--> finished          (a paused one when nothing is left to read)
 *   reading or dropping --a read fails, several times in a row--> the listener is told, the terminal closed
 *   any --cut--> nothing is read any more --terminal closed--> finished
 *   any --takeLast; with endAtExit, once the child is reaped--> the terminal's output is stopped, what is there is read, finished
 * </pre>
 *
 * <p>The terminal is listened to by edges: {@code readable} remembers one until a read says that there is nothing, or takes so much less
 * than it could that there was no more at that moment, see epoll(7). Only where the end is near, it is read until told.
 */
final class EventReader implements ReadSide {

    private static final int SMALL_READ_BYTES = 1024;
    private static final int SLICE_BYTES = 64 * 1024;
    private static final int LOOK_COST_BYTES = SLICE_BYTES / 8;
    private static final boolean POISON = Boolean.getBoolean("dev.panpty.poison");
    private static final byte POISON_BYTE = (byte) 0xdb;

    private final Channel channel;
    private final int childFd;
    private final Listener listener;
    private final Runnable whenFinished;
    private final Consumer<IOException> whenFailed;
    private final boolean endAtExit;
    private final ByteBuffer view;
    private final Runnable slice = this::slice;
    private final Runnable askForSlice = this::askForSlice;
    private final AtomicLong droppedBytes = new AtomicLong();
    private boolean connected;
    private volatile boolean paused;
    private volatile boolean dropping;
    private volatile boolean cut;
    private boolean readable;
    private boolean endNear;
    private boolean sliceAsked;
    private boolean reaped;
    private boolean isLast; // what is there now, and nothing that comes later, is to be read
    private boolean outputToBeStopped;
    private boolean finished;
    private long takenBytes;
    private long mostOfLast = Long.MAX_VALUE;

    /** @param whenFailed closes the terminal */
    EventReader(Channel channel, int childFd, Listener listener, boolean endAtExit, Runnable whenFinished,
            Consumer<IOException> whenFailed) {
        this.channel = channel;
        this.childFd = childFd;
        this.listener = listener;
        this.endAtExit = endAtExit;
        this.whenFinished = whenFinished;
        this.whenFailed = whenFailed;
        view = channel.loop().scratch().data().asReadOnlyBuffer();
        view.limit(0);
    }

    /** Delivery may begin, or be over: the channel may have been closed before. */
    void connected() {
        connected = true;
        if (channel.isClosed()) {
            finish();
        }
        askForSlice();
    }

    /** Any thread: from the next read on. */
    void pause() {
        paused = true;
    }

    /** Any thread. */
    void resume() {
        paused = false;
        channel.loop().run(askForSlice);
    }

    boolean isPaused() {
        return paused;
    }

    /** The terminal is about to be hung up: what is there is read in a slice that comes before those asked for from now on. */
    void drain() {
        readable = true;
        endNear = true;
        askForSlice();
    }

    /** Whether all that has arrived was read; after {@link #drain}, by the kernel's word. */
    boolean isDrained() {
        return finished || (isPaused() && !dropping ? channel.unreadBytes() == 0 : !readable);
    }

    /** Whether something is there that is not read, since the listener has paused. */
    boolean isHeldUp() {
        return isPaused() && !isDrained();
    }

    boolean isFinished() {
        return finished;
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
        if (!isLast) {
            isLast = true;
            outputToBeStopped = !finished;
            readLast();
        }
    }

    private void readLast() {
        try {
            ready(true, true);
        } catch (OutOfMemoryError noMemory) {
            channel.serveAgain();
            throw noMemory;
        }
    }

    @Override
    public void close() {
        dropping = true;
        channel.loop().run(askForSlice);
    }

    @Override
    public void endDelivery() {
        close();
    }

    @Override
    public void cut() {
        cut = true;
    }

    @Override
    public long droppedBytes() {
        return droppedBytes.get();
    }

    @Override
    public void ready(boolean nowReadable, boolean hungUp) {
        readable = true;
        endNear |= hungUp;
        if (outputToBeStopped) {
            mostOfLast = channel.stopOutput();
            outputToBeStopped = false;
        }
        finishIfNothingIsLeft();
        askForSlice();
    }

    @Override
    public void reaped() {
        reaped = true;
        if (endAtExit && !isLast) {
            takeLast();
        } else {
            readLast();
        }
    }

    @Override
    public void closed() {
        if (connected) {
            finish();
        }
    }

    @Override
    public void failed(String reason) {
        whenFailed.accept(new IOException(reason));
    }

    /** A paused reader must not read, but where there is nothing to read it need not wait for its resume. */
    private void finishIfNothingIsLeft() {
        if ((reaped || isLast) && paused && connected && !finished) {
            int over = reaped ? channel.isOver() : 0;
            if (over < 0) {
                fail("poll", over);
            } else if (over > 0 || isLast && channel.unreadBytes() == 0) { // then others may hold it for as long as they like
                finish();
            }
        }
    }

    private boolean mayRead() {
        return connected && readable && (!paused || dropping) && !cut && !finished;
    }

    private void askForSlice() {
        if (mayRead() && !sliceAsked) {
            channel.loop().slice(slice);
            sliceAsked = true;
        }
    }

    private void slice() {
        sliceAsked = false;
        try {
            readSlice();
        } catch (OutOfMemoryError noMemory) {
            channel.serveAgain();
            throw noMemory;
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
                readable = endNear || count >= SMALL_READ_BYTES;
                deliver(scratch, count);
                if (mostOfLast <= 0) {
                    finish();
                }
            } else {
                budget -= LOOK_COST_BYTES;
                noData(count);
            }
        }
        finishIfNothingIsLeft(); // the pause may have come with the last of it
        askForSlice();
    }

    private void noData(int answer) {
        Channel.Nothing nothing = channel.meaning(answer, reaped);
        readable = nothing == Channel.Nothing.AGAIN
                || nothing == Channel.Nothing.YET && reaped && channel.isReadable(); // there may be no more edges to tell of it
        if (nothing == Channel.Nothing.FAULT) {
            fail("read", answer);
        } else if (nothing == Channel.Nothing.END || !readable && isLast) {
            finish();
        }
    }

    private void fail(String call, int error) {
        whenFailed.accept(new IOException(call + " (" + channel + "): " + Errno.describe(-error)));
    }

    private void deliver(Scratch scratch, int count) {
        if (dropping) {
            droppedBytes.addAndGet(count);
            return;
        }
        view.limit(count).position(0);
        listener.data(childFd, view);
        view.limit(0);
        if (POISON) {
            for (int i = 0; i < count; i++) {
                scratch.data().put(i, POISON_BYTE);
            }
        }
    }

    private void finish() {
        if (!finished) {
            finished = true;
            try {
                listener.sideLost(childFd);
            } finally {
                whenFinished.run();
            }
        }
    }
}
