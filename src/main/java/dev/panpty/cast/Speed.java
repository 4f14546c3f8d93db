package dev.panpty.cast;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/** How fast a recording is played. An immutable value, for any thread. */
public final class Speed {

    /** As recorded. */
    public static final Speed NORMAL = new Speed(1, Optional.empty());

    /** Without waiting. */
    public static final Speed UNLIMITED = new Speed(Double.POSITIVE_INFINITY, Optional.empty());

    private final double factor;
    private final Optional<Duration> idleLimit;

    private Speed(double factor, Optional<Duration> idleLimit) {
        this.factor = factor;
        this.idleLimit = idleLimit;
    }

    /**
     * Faster or slower than recorded.
     *
     * @param factor 2 is twice as fast
     * @return the speed
     * @throws IllegalArgumentException unless it is positive and finite
     */
    public static Speed times(double factor) {
        if (!(factor > 0) || Double.isInfinite(factor)) {
            throw new IllegalArgumentException("factor must be positive and finite, was " + factor);
        }
        return new Speed(factor, Optional.empty());
    }

    /**
     * The same with a limit to the time between two events, before the factor applies. Without one, the recording's own limit applies.
     *
     * @param limit 0 or more
     * @return the speed with it
     * @throws IllegalArgumentException if it is negative
     */
    public Speed idleLimit(Duration limit) {
        requireNonNull(limit, "limit");
        if (limit.isNegative()) {
            throw new IllegalArgumentException("limit must not be negative, was " + limit);
        }
        return new Speed(factor, Optional.of(limit));
    }

    Optional<Duration> idleLimit() {
        return idleLimit;
    }

    /** The time that so many recorded nanoseconds take. */
    long nanos(long recorded) {
        return (long) Math.min(recorded / factor, Long.MAX_VALUE / 2);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Speed speed && speed.factor == factor && speed.idleLimit.equals(idleLimit);
    }

    @Override
    public int hashCode() {
        return Double.hashCode(factor) * 31 + idleLimit.hashCode();
    }

    @Override
    public String toString() {
        return factor + " times" + idleLimit.map(limit -> ", idle at most " + limit).orElse("");
    }
}
