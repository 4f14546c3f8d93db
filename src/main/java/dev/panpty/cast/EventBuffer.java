package dev.panpty.cast;

import dev.panpty.Tapped;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The events that a recorder has got and its thread has not written. It never blocks the tap: when it has its limit, it pauses the
 * terminal's output, until half of it is written.
 *
 * <pre>
 *   OPEN --full--> OPEN, paused --half is written--> OPEN
 *   OPEN --end--> ENDING: takes no more; the rest is written
 *   OPEN, ENDING --drop--> DROPPED: takes no more, and pauses nothing
 * </pre>
 */
final class EventBuffer {

    static final int LIMIT_BYTES = 1 << 20;

    private static final int BATCH_BYTES = LIMIT_BYTES / 4;
    private static final int EVENT_BYTES = 128; // of an event without data, in memory

    private enum State { OPEN, ENDING, DROPPED }

    private final Tapped terminal;
    private final ReentrantLock lock = new ReentrantLock(); // below the locks of the terminal
    private final Condition changed = lock.newCondition();
    private final Deque<CastEvent> events = new ArrayDeque<>(); // guarded by the lock, as what follows
    private long bytes; // with those of the batch that is being written
    private long batchBytes;
    private boolean paused;
    private State state = State.OPEN;
    private Duration endTime = Duration.ZERO;

    EventBuffer(Tapped terminal) {
        this.terminal = terminal;
    }

    /** Any thread; without effect after the end. */
    void add(CastEvent event) {
        lock.lock();
        try {
            if (state == State.OPEN) {
                events.add(event);
                bytes += size(event);
                if (bytes >= LIMIT_BYTES && !paused) {
                    paused = true;
                    terminal.pauseProducing();
                }
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private static long size(CastEvent event) {
        return EVENT_BYTES + switch (event) {
            case CastEvent.Output output -> output.data().remaining();
            case CastEvent.Input input -> input.data().remaining();
            case CastEvent.Marker marker -> 2L * marker.label().length();
            case CastEvent.Resize _, CastEvent.Exit _, CastEvent.Other _ -> 0;
        };
    }

    /** No event follows but this one, if any. Idempotent. */
    void end(Optional<CastEvent> last, Duration time) {
        lock.lock();
        try {
            if (state == State.OPEN) {
                last.ifPresent(events::add);
                endTime = time;
                state = State.ENDING;
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    Duration endTime() {
        lock.lock();
        try {
            return endTime;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The batch before is written: waits for the next one, at most so long. For one thread.
     *
     * @param batch is emptied, and gets the events; none after the time
     * @return false at the end
     */
    boolean next(List<CastEvent> batch, Duration limit) throws InterruptedException {
        batch.clear();
        lock.lock();
        try {
            bytes -= batchBytes;
            batchBytes = 0;
            resume();
            for (long left = limit.toNanos(); events.isEmpty() && state == State.OPEN && left > 0; ) {
                left = changed.awaitNanos(left);
            }
            while (!events.isEmpty() && batchBytes < BATCH_BYTES) {
                CastEvent event = events.remove();
                batchBytes += size(event);
                batch.add(event);
            }
            return !batch.isEmpty() || state == State.OPEN;
        } finally {
            lock.unlock();
        }
    }

    private void resume() {
        if (paused && (bytes < LIMIT_BYTES / 2 || state == State.DROPPED)) {
            paused = false;
            terminal.resumeProducing();
        }
    }

    /** Nothing more can be written. */
    void drop() {
        lock.lock();
        try {
            state = State.DROPPED;
            events.clear();
            resume();
        } finally {
            lock.unlock();
        }
    }
}
