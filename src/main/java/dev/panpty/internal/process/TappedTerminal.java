package dev.panpty.internal.process;

import dev.panpty.internal.sys.Ptmx;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The calls of the tap of a terminal, if it has one. With the terminal's writing lock.
 *
 * <pre>
 *   NEW --started--> STARTED --ended--> ENDED
 *   NEW --ended, the start has failed--> ENDED: the tap is not called
 *   resized: calls the tap in STARTED only
 * </pre>
 */
final class TappedTerminal {

    private enum State { NEW, STARTED, ENDED }

    private final Optional<? extends Tap> tap;
    private State state = State.NEW;

    TappedTerminal(Optional<? extends Tap> tap) {
        this.tap = tap;
    }

    /** Any thread, without the lock. */
    boolean isTapped() {
        return tap.isPresent();
    }

    void started() {
        state = State.STARTED;
        tap.orElseThrow().started();
    }

    /** The child is reaped, unless its start has failed. */
    void ended(Optional<WaitStatus> status) {
        boolean due = state == State.STARTED;
        state = State.ENDED;
        if (due) {
            tap.orElseThrow().ended(status.orElse(WaitStatus.unknown("its start has failed")));
        }
    }

    void resized(Ptmx.Size size) {
        if (state == State.STARTED) {
            tap.orElseThrow().resized(size);
        }
    }

    void input(ByteBuffer source, int offset, int count, boolean secret) {
        if (tap.isPresent() && count > 0) {
            tap.get().input(source.asReadOnlyBuffer().limit(offset + count).position(offset), secret);
        }
    }

    void output(ByteBuffer target, int offset, int count) {
        if (tap.isPresent() && count > 0) {
            tap.get().output(target.asReadOnlyBuffer().limit(offset + count).position(offset));
        }
    }

    /** {@link Tap#refuseInside}. */
    void refuseInside() {
        if (tap.isPresent()) {
            tap.get().refuseInside();
        }
    }
}
