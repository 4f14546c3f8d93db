package dev.panpty.junit;

import dev.panpty.screen.PlainText;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * The output of a program as text, for programs that print lines and do not draw a screen: without escape sequences, CR LF as line feed, the echo
 * of the input in it. The last 4 Mi characters are kept. For any thread.
 */
public final class TerminalOutput {

    private static final int MOST_CHARACTERS = 4 << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Duration limit;
    private final Function<String, AssertionError> failure;

    // All below is read and written under the lock.
    private final PlainText decoder = new PlainText();
    private final StringBuilder text = new StringBuilder();
    private int position;
    private long removed;
    private boolean ended;

    TerminalOutput(Duration limit, Function<String, AssertionError> failure) {
        this.limit = limit;
        this.failure = failure;
    }

    void add(ByteBuffer data) {
        lock.lock();
        try {
            append(decoder.decode(data));
            if (text.length() > 2 * MOST_CHARACTERS) {
                int excess = text.length() - MOST_CHARACTERS;
                text.delete(0, excess);
                removed += excess;
                position = Math.max(position - excess, 0);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void append(String more) {
        for (int i = 0; i < more.length(); i++) {
            char next = more.charAt(i);
            if (next == '\n' && !text.isEmpty() && text.charAt(text.length() - 1) == '\r') {
                text.setLength(text.length() - 1);
            }
            text.append(next);
        }
        position = Math.min(position, text.length());
    }

    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * All output until now.
     *
     * @return the text; its beginning is missing if there was more than is kept
     */
    public String text() {
        lock.lock();
        try {
            return text.substring(Math.max(text.length() - MOST_CHARACTERS, 0));
        } finally {
            lock.unlock();
        }
    }

    /**
     * The output behind what was awaited last.
     *
     * @return the text, perhaps empty
     */
    public String unread() {
        lock.lock();
        try {
            return text.substring(position);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a text in the output behind what was awaited last, and reads until its end.
     *
     * @param awaited what to wait for
     * @return what came before it
     * @throws AssertionError if it has not come within the limit of the {@link Terminal}, or the program has ended without it
     */
    public String await(String awaited) {
        return await(awaited, limit);
    }

    /**
     * Waits for a text in the output behind what was awaited last, and reads until its end.
     *
     * @param awaited what to wait for
     * @param within for how long
     * @return what came before it
     * @throws AssertionError if it has not come within the limit, or the program has ended without it
     */
    public String await(String awaited, Duration within) {
        Objects.requireNonNull(awaited, "awaited");
        long deadline = Waits.end(within);
        String missing;
        lock.lock();
        try {
            int from = position;
            for (;;) {
                int found = text.indexOf(awaited, from);
                if (found >= 0) {
                    String before = text.substring(position, found);
                    position = found + awaited.length();
                    return before;
                }
                if (ended) {
                    missing = ", and the program has ended";
                    break;
                }
                if (System.nanoTime() - deadline >= 0) {
                    missing = " within " + Waits.readable(within);
                    break;
                }
                int searched = text.length();
                int wasAt = position;
                long removedBefore = removed;
                changed.awaitNanos(deadline - System.nanoTime());
                // What was searched is not searched again, unless another thread has read or text was removed in front.
                from = position == wasAt && removed == removedBefore ? Math.max(searched - awaited.length(), position) : position;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            missing = ": interrupted while waiting";
        } finally {
            lock.unlock();
        }
        throw failure.apply("no " + Readable.quoted(awaited) + " in the output" + missing);
    }

    /** The text. */
    @Override
    public String toString() {
        return text();
    }
}
