package dev.panpty.expect;

import dev.panpty.ExitStatus;
import dev.panpty.TerminalTap;
import dev.panpty.WindowSize;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The taps of a session. They are called one after the other under a lock: input before it is typed, so that it comes before its echo, and
 * output after it was read. A tap that throws is removed.
 */
final class SessionTaps {

    private static final System.Logger LOG = System.getLogger("dev.panpty");

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition resumed = lock.newCondition();
    // Guarded by the lock.
    private final List<Entry> entries = new ArrayList<>(0);
    private boolean ended;
    private long eventNanos = System.nanoTime();

    private record Entry(TerminalTap tap, SessionTerminal terminal) {}

    /** One call of a tap. */
    private interface TapCall {
        void on(TerminalTap tap);
    }

    void add(TerminalTap tap, SessionTerminal terminal) {
        lock.lock();
        try {
            tap.started(terminal);
            entries.add(new Entry(tap, terminal));
        } finally {
            lock.unlock();
        }
    }

    void output(ByteBuffer data) {
        call(tap -> tap.output(data.slice().asReadOnlyBuffer()));
    }

    void input(byte[] data, boolean secret) {
        call(tap -> tap.input(ByteBuffer.wrap(data).asReadOnlyBuffer(), secret));
    }

    void resized(WindowSize size) {
        call(tap -> tap.resized(size));
    }

    void ended(ExitStatus status) {
        lock.lock();
        try {
            if (!ended) {
                ended = true;
                call(tap -> tap.ended(status));
            }
        } finally {
            lock.unlock();
        }
    }

    long eventNanos() {
        lock.lock();
        try {
            return eventNanos;
        } finally {
            lock.unlock();
        }
    }

    private void call(TapCall call) {
        lock.lock();
        try {
            eventNanos = System.nanoTime();
            for (Entry each : List.copyOf(entries)) {
                try {
                    call.on(each.tap());
                } catch (RuntimeException | Error thrown) {
                    entries.remove(each);
                    resumed.signalAll();
                    LOG.log(System.Logger.Level.ERROR, "a tap has thrown, and is removed", thrown);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** A tap has ended its pause. */
    void resumed() {
        lock.lock();
        try {
            resumed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits while a tap pauses the output.
     *
     * @return what is left of the time; 0 or less if it is over
     */
    long awaitUnpaused(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long remaining = nanos;
            while (entries.stream().anyMatch(each -> each.terminal().isPaused())) {
                if (remaining <= 0) {
                    return -1;
                }
                remaining = resumed.awaitNanos(remaining);
            }
            return Math.max(remaining, 0);
        } finally {
            lock.unlock();
        }
    }
}
