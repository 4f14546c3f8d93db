package dev.panpty.internal.process;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Detects a prompt for a password, and distinguishes the next prompt from the one that was answered.
 *
 * <p>A program that asks for a password sets ICANON and clears ECHO; a terminal in that mode is called silent here. For a second prompt the
 * program may set and clear ECHO within microseconds, or leave it clear, so the mode alone does not show a new prompt. Output alone does
 * not show it either: a program may write its newline before it restores ECHO. A prompt must not be reported too early: the program
 * discards what is typed before it has cleared ECHO (TCSAFLUSH).
 *
 * <pre>
 *   NONE --poll: silent, no line unread--> ASKED
 *   NONE --poll: silent, a line unread---> ANSWERED, by that line
 *   ASKED --line end typed, silent-------> ANSWERED
 *   ANSWERED --poll: silent, no line unread, and TEXT_AFTER_IT, or not NOTHING and at rest--> ASKED
 *   ANSWERED --line end typed, silent, no line unread, TEXT_AFTER_IT------------------------> ANSWERED, by this line
 *   ASKED, ANSWERED, SIGNALLED --signal character typed, silent--> SIGNALLED: the program may exit, ask again or ignore the signal
 *   SIGNALLED --poll: silent, at rest, no line unread--> ASKED
 *   SIGNALLED --poll: silent, at rest, a line unread---> ANSWERED, by that line
 *   any --poll, line end or signal character typed, while not silent--> NONE
 *
 *   line unread: a typed line that the program has not read
 *   output since the program has read the answer: NOTHING --any byte--> SOMETHING --a line end--> LINE_END --text--> TEXT_AFTER_IT
 *   at rest: no output in the last {@value #REST_POLLS} polls
 * </pre>
 *
 * <p>Output that was written before the answer was typed does not count. Waiters poll some milliseconds apart. At rest counts polls and
 * does not measure time: a machine that delays the program delays the polls as well.
 *
 * <p>Guarded by the terminal's writing lock. While {@link #observesOutput} the terminal is read under that lock too, so each read is wholly
 * before or wholly after the answer.
 */
final class PasswordPrompt {

    private static final int REST_POLLS = 20;
    private static final long LEAST_NANOS_BETWEEN_POLLS = TimeUnit.MILLISECONDS.toNanos(9);

    private enum State { NONE, ASKED, ANSWERED, SIGNALLED }

    /** The output since the answer. */
    private enum Output { NOTHING, SOMETHING, LINE_END, TEXT_AFTER_IT }

    private State state = State.NONE;
    private Output output = Output.NOTHING;
    /** Bytes of output that were written before the answer and are not yet read. */
    private long oldBytes;
    private boolean changed; // whether output was read since the last poll
    private int pollsAtRest;
    private long polledAtNanos;

    /** Whether typed bytes can change the state. */
    boolean observesInput() {
        return state != State.NONE;
    }

    /** Whether output can change the state. */
    boolean observesOutput() {
        return state != State.NONE && !(state == State.ANSWERED && output == Output.TEXT_AFTER_IT);
    }

    /**
     * Called by a waiter: whether a prompt is open, that is, ASKED.
     *
     * @param silent the mode, read after all output that was {@linkplain #sawOutput seen}
     * @param lineUnread whether there is a typed line that the program has not read
     */
    boolean poll(boolean silent, BooleanSupplier lineUnread) {
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
            forgetOutput(); // it was written before the program read the answer
            return false;
        }
        return output == Output.TEXT_AFTER_IT || isAtRest() && output != Output.NOTHING;
    }

    private boolean isAtRest() {
        long now = System.nanoTime();
        if (changed) {
            changed = false;
            pollsAtRest = 0;
        } else if (now - polledAtNanos >= LEAST_NANOS_BETWEEN_POLLS) {
            pollsAtRest++;
        } else {
            return false; // two waiters poll in turn: their polls would count twice
        }
        polledAtNanos = now;
        return pollsAtRest >= REST_POLLS;
    }

    /** Typed bytes find the terminal in this mode; true if they can change the state. */
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

    /** A line end was typed. @param unreadOutput how many bytes of output were unread before */
    void answered(int unreadOutput) {
        state = State.ANSWERED;
        oldBytes = unreadOutput;
        forgetOutput();
    }

    /** A signal character was typed, after {@link #meets}. @param unreadOutput how many bytes of output were unread before */
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

    /** A read that began before the prompt was seen has read so many bytes: their values are not known; old bytes come first. */
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
