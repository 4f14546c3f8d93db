package dev.panpty.internal.loop;

import java.util.List;

/**
 * A graceful hang-up. Closing the ptmx discards input that the program has not read and output that nobody has, so both are waited for.
 *
 * <pre>
 *   idle --begin--> flushing: the queue accepts no more and is written --empty-->
 *   unread: the program reads its input; an unfinished line is pushed first --read-->
 *   delivering: what it wrote is read and delivered --nothing there--> hung up
 *   any --time limit--> hung up, the rest reported as unwritten
 *   any --the terminal's end--> over
 * </pre>
 *
 * <p>The kernel tells nobody that input was read, so it is looked at every few milliseconds, while this lasts only; a look that fails
 * is no look. On the loop's thread.
 */
final class Losing {

    private static final long LOOK_NANOS = 5_000_000;

    private final EventProcess process;
    private final List<EventReader> readers;
    private final WriteQueue queue;
    private final long limitNanos;
    private final Runnable look = this::look;
    private final Runnable lookAtReaders = this::lookAtReaders;
    private volatile boolean announced;
    private boolean begun;
    private long deadlineNanos;

    Losing(EventProcess process, List<EventReader> readers, WriteQueue queue, long limitNanos) {
        this.process = process;
        this.readers = readers;
        this.queue = queue;
        this.limitNanos = limitNanos;
    }

    /** Nothing more is accepted; on the caller's thread, so that it holds when the call returns. */
    void announce() {
        announced = true;
        queue.closeAndPush();
    }

    boolean isBegun() {
        return announced;
    }

    /** Idempotent. */
    void begin() {
        if (!begun) {
            deadlineNanos = System.nanoTime() + Math.min(limitNanos, Long.MAX_VALUE / 2);
            process.loop().slice(look); // never from inside a callback, which the hang-up must not overtake
            begun = true;
        }
    }

    private void look() {
        if (process.terminal().isClosed()) {
            return;
        }
        boolean goesOn = false;
        try {
            if (System.nanoTime() - deadlineNanos >= 0) {
                queue.addUnread(process.ptmx().unreadInput());
            } else {
                lookOn();
                goesOn = true;
            }
        } finally {
            if (!goesOn) { // for want of time, or of memory for more
                process.hangUpNow();
            }
        }
    }

    private void lookOn() {
        if (queue.isDrained() && !process.ptmx().mayHaveUnreadInput()) {
            readers.forEach(EventReader::drain);
            process.loop().slice(lookAtReaders);
        } else {
            process.loop().schedule(LOOK_NANOS, look);
        }
    }

    private void lookAtReaders() {
        boolean goesOn = false;
        try {
            if (!readers.stream().allMatch(EventReader::isDrained)) {
                process.loop().schedule(LOOK_NANOS, look);
                goesOn = true;
            }
        } finally {
            if (!goesOn) {
                process.hangUpNow();
            }
        }
    }
}
