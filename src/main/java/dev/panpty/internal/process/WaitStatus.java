package dev.panpty.internal.process;

import java.util.Optional;

/**
 * How a child ended.
 *
 * @param rawStatus as wait(2) gives it; 0 where it is unknown
 * @param unknown why the status could not be had, or empty
 * @param atNanos when that was seen, on the {@link System#nanoTime} clock
 */
public record WaitStatus(int rawStatus, Optional<String> unknown, long atNanos) {

    public static WaitStatus of(int rawStatus) {
        return new WaitStatus(rawStatus, Optional.empty(), System.nanoTime());
    }

    static WaitStatus unknown(String reason) {
        return new WaitStatus(0, Optional.of(reason), System.nanoTime());
    }
}
