package dev.panpty.internal.loop;

/**
 * Whether one-shot waits follow each other so fast that edges are cheaper: after {@value #WAITS} in a row, each answered by an event, until
 * {@value #EVENTS_IN_VAIN} events in a row found no waiter. Guarded by its registration's lock.
 */
final class AdaptiveInterest {

    static final int WAITS = 8;
    static final int EVENTS_IN_VAIN = 2;

    /** ONCE: pairs of wait and event in a row. LISTENING: events in a row without a waiter. */
    private int streak;
    private boolean waited;

    /** A caller waits for the next event. */
    void waiting() {
        waited = true;
    }

    /** A one-shot wait is answered; whether it was for input alone, which alone counts. */
    void fired(boolean inputOnly) {
        streak = inputOnly ? streak + 1 : 0;
    }

    boolean isStreak() {
        return streak >= WAITS;
    }

    /** An event while listening: whether the last ones found no waiter. */
    boolean isInVain() {
        streak = waited ? 0 : streak + 1;
        waited = false;
        return streak >= EVENTS_IN_VAIN;
    }

    /** Listening begins, or ends. */
    void restart() {
        streak = 0;
    }
}
