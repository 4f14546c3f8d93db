package dev.panpty.screen;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What is seen of a {@link Display}: its present state, or, while {@link Mode#SYNCHRONIZED_OUTPUT} goes on, the one before, up to a limit of
 * time. A snapshot is made only when one is asked for and something may have changed. Used under the lock of its {@link Screen}.
 *
 * <pre>
 *   present --DECSET 2026--&gt; frozen --DECRST 2026, the limit, a new size--&gt; present
 * </pre>
 */
final class View {

    static final Duration SYNCHRONIZED_OUTPUT_LIMIT = Duration.ofSeconds(1);

    private final Display display;
    private final Supplier<State> state;
    private long limitNanos = nanos(SYNCHRONIZED_OUTPUT_LIMIT);

    /** Counts what may have changed the display. */
    private long version;
    private Snapshot latest;
    private long latestVersion = -1;

    /** What was seen when synchronized output began, and until when it is; null otherwise. */
    private Snapshot frozen;
    private long frozenUntil;

    /** @param state of the display at present */
    View(Display display, Supplier<State> state) {
        this.display = display;
        this.state = state;
    }

    /** Of any length: one that would be over in centuries may be added to a time. */
    static long nanos(Duration time) {
        return Math.clamp(TimeUnit.NANOSECONDS.convert(time), 0, Long.MAX_VALUE / 2);
    }

    void limit(Duration limit) {
        limitNanos = nanos(limit);
    }

    /** The display may have changed. */
    void change() {
        version++;
        if (frozen != null && !display.has(Mode.SYNCHRONIZED_OUTPUT)) {
            frozen = null;
        }
    }

    long version() {
        return version;
    }

    /** Before the output that is to be seen later. */
    void freeze() {
        if (limitNanos > 0 && !isFrozen()) {
            version++; // this chunk may have changed it already
            frozen = present();
            frozenUntil = System.nanoTime() + limitNanos;
        }
    }

    void thaw() {
        frozen = null;
    }

    boolean isFrozen() {
        return frozenNanos() > 0;
    }

    /** How long the display may still be frozen; 0 if it is not. */
    long frozenNanos() {
        return frozen != null && display.has(Mode.SYNCHRONIZED_OUTPUT) ? Math.max(frozenUntil - System.nanoTime(), 0) : 0;
    }

    Snapshot seen() {
        return isFrozen() ? frozen : present();
    }

    Snapshot present() {
        if (latestVersion != version) {
            latest = new Snapshot(state.get());
            latestVersion = version;
        }
        return latest;
    }
}
