package dev.panpty.cast;

import java.time.Duration;
import java.util.Optional;

/** Shortens the times between events to a limit. */
final class IdleLimit {

    private final Optional<Duration> limit;
    private Duration last = Duration.ZERO;
    private Duration cut = Duration.ZERO;

    IdleLimit(Optional<Duration> limit) {
        this.limit = limit;
    }

    /** The time of the next event. */
    Duration next(Duration time) {
        if (limit.isPresent() && time.minus(last).compareTo(limit.get()) > 0) {
            cut = cut.plus(time.minus(last).minus(limit.get()));
        }
        last = time;
        return time.minus(cut);
    }
}
