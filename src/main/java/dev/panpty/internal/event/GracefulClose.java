package dev.panpty.internal.event;

import dev.panpty.internal.process.TerminalProcess;
import java.util.List;

/**
 * A graceful close. Closing the ptmx discards input that the program has not read and output that was not delivered. So both are waited
 * for before the terminal is hung up.
 *
 * <pre>
 *   state      what is done                                                       --event--> next state
 *   IDLE                                                                          --{@link #announce}--> PRODUCING
 *   PRODUCING  the producer may still write: the queue accepts input              --no producer to wait for--> FLUSHING
 *   FLUSHING   the queue accepts no more input and is written; an unfinished      --the program has read all input--> SETTLING
 *              line is pushed, so that the program can read it
 *   SETTLING   output is read and delivered                                       --settled, or MOST_POLLS, or a flood--> LAST
 *   LAST       output is stopped, and what is left of it is delivered             --all of it is read--> hung up
 *
 *   no producer to wait for: none is registered; or a push producer that is not paused, nor was since announce, and nothing is pending
 *   settled: in QUIET_POLLS polls in a row nothing was read and no write(2) of the program is in flight
 *   MOST_POLLS: after so many polls; or after MOST_STALLED_POLLS at which a write(2) was in flight and nothing was read: the program waits
 *               for a processor, or its output is stopped; the counts restart while the listener has paused
 *   flood: FLOOD_NANOS after SETTLING has begun, FLOOD_BYTES or more were read, which is more than one write(2) is expected to have
 *
 *   any but LAST --time limit, counted from the last byte that the kernel took--> LAST; unread input is reported as unwritten
 *   LAST --time limit--> a paused reader drops the rest and counts it
 *   any --end of the output--> hung up
 * </pre>
 *
 * <p>Why SETTLING: a read that gives EAGAIN does not mean that no write(2) is in flight. A write of 30,000 bytes enters the terminal in
 * pieces, as there is room, and a worker of the kernel moves them. SETTLING lets such a write complete. A program that floods the terminal
 * never settles and is stopped. Once output is stopped no write(2) makes progress, so what is read up to EAGAIN is all that was accepted.
 *
 * <p>Polls are counted and time is not measured: a machine that delays the program delays the polls as well. The count restarts while the
 * listener has paused, since it may pause for each piece that it takes. A flood is recognized by its bytes, so that neither rule delays
 * the end without bound.
 *
 * <p>The kernel raises no event when input is read, so this polls every few milliseconds, only while the close is in progress. A poll that
 * fails counts as "no input is unread". On the loop's thread, unless a method says otherwise.
 */
final class GracefulClose {

    private static final long POLL_NANOS = 5_000_000;
    private static final int MOST_POLLS = 20;
    private static final int MOST_STALLED_POLLS = 60;
    private static final long FLOOD_NANOS = MOST_POLLS * POLL_NANOS;
    private static final long FLOOD_BYTES = 256 * 1024;
    private static final int QUIET_POLLS = 2;

    private enum State { IDLE, PRODUCING, FLUSHING, SETTLING, LAST }

    private final TerminalProcess process;
    private final Advancing advancing;
    private final List<EventReader> readers;
    private final WriteQueue queue;
    private final Listener listener;
    private final long limitNanos;
    private final Runnable poll = this::poll;
    private final Runnable pollReaders = this::pollReaders;
    private volatile boolean announced;
    private State state = State.IDLE;
    private boolean asked; // whether the producer was asked to write, which is done once
    private long writtenBytes;
    private long deadlineNanos;
    private int polls;
    private int stalledPolls;
    private long settlingNanos; // when SETTLING began
    private long takenBeforeBytes;
    private long takenBytes;
    private int quietPolls;

    GracefulClose(
            TerminalProcess process, Advancing advancing, List<EventReader> readers, WriteQueue queue, Listener listener, long limitNanos) {
        this.process = process;
        this.advancing = advancing;
        this.readers = readers;
        this.queue = queue;
        this.listener = listener;
        this.limitNanos = Math.min(limitNanos, Long.MAX_VALUE / 2);
    }

    /** Begins the close. Without a producer the queue accepts no more input when this returns. Any thread. */
    void announce() {
        announced = true; // first: a producer that unregisters from now on sees it
        queue.keepWriting();
        if (!listener.produces(false)) {
            queue.closeAndPush();
        }
    }

    /** The producer has unregistered: once announced, the queue accepts no more input. Any thread. */
    void producerLeft() {
        if (announced) {
            queue.closeAndPush();
        }
    }

    boolean isAnnounced() {
        return announced;
    }

    /** Begins to poll, if announced. The first poll is in a slice, so that the hang-up overtakes no callback. */
    public void advance() {
        if (announced && state == State.IDLE) {
            writtenBytes = queue.writtenBytes();
            deadlineNanos = System.nanoTime() + limitNanos;
            process.loop().slice(poll);
            state = State.PRODUCING;
        }
    }

    private void poll() {
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

    /** Runs a part that may call back, and then the steps that follow from it. If it runs out of memory, the terminal is hung up. */
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
            readers.forEach(EventReader::advance); // first: their slices come before the poll
            process.loop().slice(pollReaders);
        } else {
            process.loop().schedule(POLL_NANOS, poll);
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

    /** Whether the program has read all input; true also if the poll fails. */
    private boolean isInputRead() {
        return queue.isDrained() && process.ptmx().pts().pollUnreadInput() <= 0;
    }

    private void pollReaders() {
        run(this::settle);
    }

    private void settle() {
        long before = takenBytes;
        takenBytes = taken();
        boolean inFlight = process.ptmx().pts().isBeingWritten();
        boolean progress = takenBytes != before;
        boolean quiet = !progress && !inFlight && readers.stream().allMatch(EventReader::isDrained);
        quietPolls = quiet ? quietPolls + 1 : 0;
        if (readers.stream().anyMatch(EventReader::isHeldUp)) { // they count once the listener reads
            polls = 0;
            stalledPolls = 0;
        } else if (inFlight && !progress) {
            stalledPolls++;
        } else {
            polls++;
        }
        if (quietPolls >= QUIET_POLLS || polls >= MOST_POLLS || stalledPolls >= MOST_STALLED_POLLS || isFlood()) {
            takeLast();
            process.loop().slice(poll); // behind the readers' slices
        } else {
            process.loop().schedule(POLL_NANOS, poll);
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
