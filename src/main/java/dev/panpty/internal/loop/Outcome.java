package dev.panpty.internal.loop;

import java.util.Optional;

/**
 * How a child ended.
 *
 * @param rawStatus as wait(2) gives it; 0 where it is unknown
 * @param unknown why the status could not be had, or empty
 */
public record Outcome(int rawStatus, Optional<String> unknown) {

    static Outcome of(int rawStatus) {
        return new Outcome(rawStatus, Optional.empty());
    }

    static Outcome unknown(String reason) {
        return new Outcome(0, Optional.of(reason));
    }
}
