package dev.panpty.internal.loop;

import java.util.Optional;

/**
 * How a child ended.
 *
 * @param rawStatus as wait(2) gives it; 0 where it is unknown
 * @param unknown why the status could not be had, or empty
 * @param atNanos when that was seen, on the {@link System#nanoTime} clock
 */
public record Outcome(int rawStatus, Optional<String> unknown, long atNanos) {

    static Outcome of(int rawStatus) {
        return new Outcome(rawStatus, Optional.empty(), System.nanoTime());
    }

    static Outcome unknown(String reason) {
        return new Outcome(0, Optional.of(reason), System.nanoTime());
    }
}
