package dev.panpty.internal.loop;

/**
 * Decides between one-shot waits and edges for a {@link Registration}. Edges are cheaper after {@value #WAITS} waits in a row, each ended
 * by an event, until {@value #EVENTS_IN_VAIN} events in a row find no waiter. Guarded by its registration's lock.
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

    /** A one-shot wait has ended by an event; only a wait for input alone counts. */
    void fired(boolean inputOnly) {
        streak = inputOnly ? streak + 1 : 0;
    }

    boolean isStreak() {
        return streak >= WAITS;
    }

    /** An event while LISTENING; true if the last {@value #EVENTS_IN_VAIN} found no waiter. */
    boolean isInVain() {
        streak = waited ? 0 : streak + 1;
        waited = false;
        return streak >= EVENTS_IN_VAIN;
    }

    /** LISTENING begins or ends. */
    void restart() {
        streak = 0;
    }
}
