package dev.panpty.internal.process;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Tells the next prompt for a password from the one that was answered. A program that asks has lines on and the echo off, but when it asks
 * twice it may switch the echo on and off again within microseconds, or not at all, and what is typed before it has done so is discarded
 * (TCSAFLUSH). So the mode alone does not tell, and neither does output: a program may write its newline before it restores the echo.
 *
 * <pre>
 *   none --look: silent, no typed line unread--> asked
 *   none --look: silent, a typed line unread---> answered: by that line
 *   asked --a line end is typed, silent--------> answered
 *   answered --look: silent, no typed line unread, and since the program has read the answer
 *              the output has held a line end and then text, or has held anything and now rests--> asked
 *   answered, a next prompt in the output --a line end is typed, silent, no typed line unread----> answered, anew
 *   any but none --a key makes a signal, silent--> signalled: the program may end, ask again, or not heed it
 *   signalled --look: silent, and the output rests--> asked, or answered where a typed line is unread
 *   any --look, or such a key, or a line end is typed: not silent--> none
 * </pre>
 *
 * <p>Output that was there before the answer was typed does not count. Looks come from who waits, some milliseconds apart, and at rest is
 * what has not changed for {@value #REST_LOOKS} of them: counted, not timed, since on a busy machine the looks are late as the program is.
 *
 * <p>Guarded by the terminal's writing lock, under which the terminal is also read while {@link #observesOutput}: so each read is wholly
 * before or after the answer.
 */
final class PasswordPrompt {

    private static final int REST_LOOKS = 20;
    private static final long LEAST_NANOS_BETWEEN_LOOKS = TimeUnit.MILLISECONDS.toNanos(9);

    private enum State { NONE, ASKED, ANSWERED, SIGNALLED }

    /** What has been output since the answer, each with all before it. */
    private enum Output { NOTHING, SOMETHING, LINE_END, TEXT_AFTER_IT }

    private State state = State.NONE;
    private Output output = Output.NOTHING;
    /** Bytes of output that are older than the answer, and still to be read. */
    private long oldBytes;
    private boolean changed; // since the last check whether it rests
    private int looksAtRest;
    private long lookedAtNanos;

    /** Whether what is typed matters. */
    boolean observesInput() {
        return state != State.NONE;
    }

    /** Whether what is output matters. */
    boolean observesOutput() {
        return state != State.NONE && !(state == State.ANSWERED && output == Output.TEXT_AFTER_IT);
    }

    /**
     * A look of who waits: whether a password is asked for.
     *
     * @param silent the mode, looked at after all output that was {@linkplain #sawOutput seen}
     * @param lineUnread whether a typed line is there that the program has not read
     */
    boolean look(boolean silent, BooleanSupplier lineUnread) {
        if (!silent) {
            state = State.NONE;
        } else if (state == State.NONE || state == State.SIGNALLED && isAtRest()) {
            state = State.ASKED;
            if (lineUnread.getAsBoolean()) {
                answered(0);
            }
        } else if (state == State.ANSWERED && isNext(lineUnread)) {
            state = State.ASKED;
        }
        return state == State.ASKED;
    }

    private boolean isNext(BooleanSupplier lineUnread) {
        if (lineUnread.getAsBoolean()) {
            forgetOutput(); // it is older than the reading of the answer
            return false;
        }
        return output == Output.TEXT_AFTER_IT || isAtRest() && output != Output.NOTHING;
    }

    private boolean isAtRest() {
        long now = System.nanoTime();
        if (changed) {
            changed = false;
            looksAtRest = 0;
        } else if (now - lookedAtNanos >= LEAST_NANOS_BETWEEN_LOOKS) {
            looksAtRest++;
        } else {
            return false; // two wait, and look in turn
        }
        lookedAtNanos = now;
        return looksAtRest >= REST_LOOKS;
    }

    /** What is typed now finds the terminal in this mode; whether it matters. */
    boolean meets(boolean silent) {
        if (!silent) {
            state = State.NONE;
        }
        return state != State.NONE;
    }

    /** Whether a line end that is typed now would be an answer, after {@link #meets}. */
    boolean awaitsAnswer(BooleanSupplier lineUnread) {
        return state == State.ASKED || state == State.ANSWERED && output == Output.TEXT_AFTER_IT && !lineUnread.getAsBoolean();
    }

    /** A line end was typed. @param unreadOutput how many bytes of output there were before */
    void answered(int unreadOutput) {
        state = State.ANSWERED;
        oldBytes = unreadOutput;
        forgetOutput();
    }

    /** A key makes a signal, after {@link #meets}. @param unreadOutput how many bytes of output there were before */
    void signalled(int unreadOutput) {
        answered(unreadOutput);
        state = State.SIGNALLED;
    }

    private void forgetOutput() {
        output = Output.NOTHING;
        changed = true;
    }

    /** Output was read. */
    void sawOutput(ByteBuffer source, int offset, int count) {
        int old = (int) Math.min(oldBytes, count);
        oldBytes -= old;
        if (old == count) {
            return;
        }
        someOutput();
        for (int i = offset + old; i < offset + count && state == State.ANSWERED && output != Output.TEXT_AFTER_IT; i++) {
            byte value = source.get(i);
            if (value == '\n' || value == '\r') {
                output = Output.LINE_END;
            } else if (output == Output.LINE_END && isText(value)) {
                output = Output.TEXT_AFTER_IT;
            }
        }
    }

    /** Output was read by a read that had begun before the prompt was seen: what it was is not known, old bytes first. */
    void missedOutput(int count) {
        int old = (int) Math.min(oldBytes, count);
        oldBytes -= old;
        changed = true;
        if (old < count) {
            someOutput();
        }
    }

    private void someOutput() {
        changed = true;
        if (output == Output.NOTHING) {
            output = Output.SOMETHING;
        }
    }

    private static boolean isText(byte value) {
        return value < 0 || value > ' ' && value != 0x7f;
    }
}
