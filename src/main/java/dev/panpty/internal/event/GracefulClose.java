package dev.panpty.internal.event;

import dev.panpty.internal.process.TerminalProcess;
import java.util.List;

/**
 * A graceful hang-up. Closing the ptmx discards input that the program has not read and output that no caller has, so both are waited
 * for.
 *
 * <pre>
 *   idle --announce--> producing: a pull producer, or one that was paused, goes on, and the queue accepts --it unregisters, or none is registered-->
 *   flushing: the queue accepts no more and is written, the program reads it; an unfinished line is pushed first --read-->
 *   settling: output is read and delivered --none, and no write(2) under way, at two looks in a row--> last
 *                                          --20 looks; or a flood: 100 ms, and more than one write(2) is expected to be--> last
 *   any --time limit, from the last byte that the kernel took--> last, the rest of the input is reported as unwritten
 *   last: output is stopped, what is there is delivered; past the limit a paused reader drops and counts it --all read--> hung up
 *   any --the terminal's end--> over
 * </pre>
 *
 * <p>A read that gives EAGAIN does not mean that write(2) has accepted no more: a write of 30,000 bytes goes into the terminal in pieces
 * as there is room, and the kernel hands them over by a worker. Settling lets such a write come to its end; what floods the terminal does
 * not settle, and is stopped. Then no write is half-way, and what is read up to EAGAIN is all that was accepted. Looks are counted and not
 * time, since a machine that delays the program delays these as well; and none while the listener has paused, which it may do for each
 * piece that it takes. A flood is told by its bytes, so that neither keeps the end back.
 *
 * <p>The kernel tells of no input that was read, so it is polled for every few milliseconds, while this lasts only; a poll that fails
 * tells nothing. On the loop's thread.
 */
final class GracefulClose {

    private static final long LOOK_NANOS = 5_000_000;
    private static final int MOST_LOOKS = 20;
    private static final long FLOOD_NANOS = MOST_LOOKS * LOOK_NANOS;
    private static final long FLOOD_BYTES = 256 * 1024;
    private static final int QUIET_LOOKS = 2;

    private enum State { IDLE, PRODUCING, FLUSHING, SETTLING, LAST }

    private final TerminalProcess process;
    private final Advancing advancing;
    private final List<EventReader> readers;
    private final WriteQueue queue;
    private final Listener listener;
    private final long limitNanos;
    private final Runnable look = this::look;
    private final Runnable lookAtReaders = this::lookAtReaders;
    private volatile boolean announced;
    private State state = State.IDLE;
    private boolean asked; // the producer, once
    private long writtenBytes;
    private long deadlineNanos;
    private int looks;
    private long settlingNanos; // since when
    private long takenBeforeBytes;
    private long takenBytes;
    private int quietLooks;

    GracefulClose(
            TerminalProcess process, Advancing advancing, List<EventReader> readers, WriteQueue queue, Listener listener, long limitNanos) {
        this.process = process;
        this.advancing = advancing;
        this.readers = readers;
        this.queue = queue;
        this.listener = listener;
        this.limitNanos = Math.min(limitNanos, Long.MAX_VALUE / 2);
    }

    /** Without a producer nothing more is accepted; on the caller's thread, so that it holds when the call returns. */
    void announce() {
        announced = true; // first: a producer that leaves from now on sees it
        if (!listener.produces(false)) {
            queue.closeAndPush();
        }
    }

    /** The producer has left, and nothing more is accepted for it. Any thread. */
    void producerLeft() {
        if (announced) {
            queue.closeAndPush();
        }
    }

    boolean isAnnounced() {
        return announced;
    }

    /** Begins where it was announced. The first look is a slice's, so that the hang-up overtakes no callback. */
    public void advance() {
        if (announced && state == State.IDLE) {
            writtenBytes = queue.writtenBytes();
            deadlineNanos = System.nanoTime() + limitNanos;
            process.loop().slice(look);
            state = State.PRODUCING;
        }
    }

    private void look() {
        run(() -> {
            if (isOutputFinished()) {
                process.hangUpNow();
            } else {
                goOn();
            }
        });
    }

    private boolean isOutputFinished() {
        return readers.stream().allMatch(EventReader::isFinished);
    }

    /** What it calls back is followed by what the callback has caused. Where there is no memory to go on, the terminal is hung up. */
    private void run(Runnable part) {
        boolean done = false;
        advancing.enter();
        try {
            part.run();
            done = true;
        } finally {
            try {
                if (!done) {
                    process.hangUpNow();
                }
            } finally {
                advancing.leave();
            }
        }
    }

    private void goOn() {
        if (state == State.PRODUCING && !asked) {
            asked = true;
            listener.losing();
        }
        if (state == State.PRODUCING && !listener.produces(queue.isDrained())) {
            queue.closeAndPush();
            state = State.FLUSHING;
        }
        boolean late = isLate();
        if (late && state != State.LAST) {
            queue.addUnread(process.ptmx().pts().unreadInput());
            takeLast();
        }
        if (late) {
            readers.stream().filter(EventReader::isPaused).forEach(EventReader::close);
        } else if (state == State.FLUSHING && isInputRead()) {
            state = State.SETTLING;
            settlingNanos = System.nanoTime();
            takenBeforeBytes = taken();
            takenBytes = takenBeforeBytes;
        }
        if (state == State.SETTLING) {
            readers.forEach(EventReader::drain);
            readers.forEach(EventReader::advance); // they ask for their slices first
            process.loop().slice(lookAtReaders);
        } else {
            process.loop().schedule(LOOK_NANOS, look);
        }
    }

    private boolean isLate() {
        long before = writtenBytes;
        writtenBytes = queue.writtenBytes();
        if (writtenBytes != before) {
            deadlineNanos = System.nanoTime() + limitNanos;
        }
        return System.nanoTime() - deadlineNanos >= 0;
    }

    /** Where it cannot be seen, and so not be waited for, too. */
    private boolean isInputRead() {
        return queue.isDrained() && process.ptmx().pts().pollUnreadInput() <= 0;
    }

    private void lookAtReaders() {
        run(this::settle);
    }

    private void settle() {
        long before = takenBytes;
        takenBytes = taken();
        boolean quiet = takenBytes == before && readers.stream().allMatch(EventReader::isDrained) && !process.ptmx().pts().isBeingWritten();
        quietLooks = quiet ? quietLooks + 1 : 0;
        looks = readers.stream().anyMatch(EventReader::isHeldUp) ? 0 : looks + 1; // they count once the listener reads
        if (quietLooks >= QUIET_LOOKS || looks >= MOST_LOOKS || isFlood()) {
            takeLast();
            process.loop().slice(look); // behind the readers' slices
        } else {
            process.loop().schedule(LOOK_NANOS, look);
        }
    }

    private boolean isFlood() {
        return takenBytes - takenBeforeBytes >= FLOOD_BYTES && System.nanoTime() - settlingNanos >= FLOOD_NANOS;
    }

    private void takeLast() {
        state = State.LAST;
        readers.forEach(EventReader::takeLast);
        readers.forEach(EventReader::advance);
    }

    private long taken() {
        return readers.stream().mapToLong(EventReader::takenBytes).sum();
    }
}
