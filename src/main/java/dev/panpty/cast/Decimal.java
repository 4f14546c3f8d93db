package dev.panpty.cast;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/** Seconds as decimal text, with the digits of ASCII and a point in any locale. */
final class Decimal {

    private static final int MICROS_PER_SECOND = 1_000_000;
    private static final int NANOS_PER_SECOND = 1_000_000_000;
    private static final int MICRO_DIGITS = 6;
    private static final int MOST_DIGITS = 40;
    private static final int MOST_SECOND_DIGITS = 12;

    /** 100 years: no recording is longer, or shows a longer time. */
    static final Duration MOST_TIME = Duration.ofDays(36_525); // in nanoseconds it fits a long

    private Decimal() {}

    /** Whole microseconds: differences of what this gives do not drift. */
    static long micros(Duration time) {
        return time.getSeconds() * MICROS_PER_SECOND + time.getNano() / 1000;
    }

    /** Seconds with six decimals. */
    static String seconds(long micros) {
        String fraction = Long.toString(micros % MICROS_PER_SECOND);
        return micros / MICROS_PER_SECOND + "." + "0".repeat(MICRO_DIGITS - fraction.length()) + fraction;
    }

    /**
     * The sum.
     *
     * @throws NumberFormatException if it is more than 100 years, which no recording has and sums of nanoseconds could not hold
     */
    static Duration later(Duration time, Duration delay) {
        Duration later = time.plus(delay);
        if (later.compareTo(MOST_TIME) > 0) {
            throw new NumberFormatException("later than 100 years");
        }
        return later;
    }

    /**
     * The nanoseconds of a JSON number of seconds, rounded down.
     *
     * @throws NumberFormatException if it is not one, is negative or is more than 30,000 years
     */
    static Duration parse(String text) {
        if (text.length() > MOST_DIGITS) {
            throw new NumberFormatException("more than " + MOST_DIGITS + " characters");
        }
        BigDecimal value = new BigDecimal(text);
        if (value.signum() < 0 || value.precision() - value.scale() > MOST_SECOND_DIGITS) {
            throw new NumberFormatException("not a time");
        }
        if (value.scale() > MOST_DIGITS) {
            return Duration.ZERO;
        }
        BigDecimal[] parts = value.divideAndRemainder(BigDecimal.ONE);
        int nanos = parts[1].multiply(BigDecimal.valueOf(NANOS_PER_SECOND)).setScale(0, RoundingMode.DOWN).intValueExact();
        return Duration.ofSeconds(parts[0].longValueExact(), nanos);
    }
}
