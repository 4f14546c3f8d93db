package dev.panpty.expect;

import static java.util.Objects.requireNonNull;

import dev.panpty.ExitStatus;
import java.util.Optional;

/** Why {@link Expect#interact} has returned. A value, which any thread may use. */
public sealed interface Departure {

    /**
     * The key was typed that ends it. The program did not get it.
     *
     * @param escape the byte
     */
    record Escaped(byte escape) implements Departure {}

    /** The keys have ended: this JVM's terminal was hung up. */
    record KeysEnded() implements Departure {}

    /**
     * The program's output has ended.
     *
     * @param status how the program ended; empty over streams
     */
    record Ended(Optional<ExitStatus> status) implements Departure {

        /** Checks for null. */
        public Ended {
            requireNonNull(status, "status");
        }
    }
}
