package dev.panpty.expect;

import static java.util.Objects.requireNonNull;

import dev.panpty.ExitStatus;
import java.util.Optional;

/**
 * What {@link Expect#await} has met. All are values, which any thread may use.
 *
 * <p>{@link #before} is the output between the previous match and this one, without escape sequences unless {@link ExpectOptions#raw} is
 * set, and without the echo that {@link Expect#sendLine} drops.
 */
public sealed interface Match permits Found, Match.Silent, Match.Ended {

    /**
     * Which of the arguments of the wait it is.
     *
     * @return 0 for the first
     */
    int index();

    /**
     * What was waited for.
     *
     * @return the argument
     */
    Awaited awaited();

    /**
     * The output before it.
     *
     * @return the text, of {@link ExpectOptions#keepBytes} at most
     */
    String before();

    /**
     * Where it begins.
     *
     * @return bytes of output since the session began, escape sequences and echo included
     */
    long offset();

    /**
     * How much of the output {@link #before} lacks at its front, since there was more than {@link ExpectOptions#keepBytes}.
     *
     * @return bytes, as a rule 0
     */
    long dropped();

    /**
     * No output came for the time of a {@link Awaited.Quiet}.
     *
     * @param index see {@link Match#index}
     * @param awaited see {@link Match#awaited}
     * @param before all unread output
     * @param offset the end of the output so far
     * @param dropped see {@link Match#dropped}
     */
    record Silent(int index, Awaited awaited, String before, long offset, long dropped) implements Match {

        /** Checks for null. */
        public Silent {
            requireNonNull(awaited, "awaited");
            requireNonNull(before, "before");
        }
    }

    /**
     * The output has ended.
     *
     * @param index see {@link Match#index}
     * @param awaited see {@link Match#awaited}
     * @param before all unread output
     * @param offset the end of the output
     * @param dropped see {@link Match#dropped}
     * @param status how the program ended; empty over streams
     */
    record Ended(int index, Awaited awaited, String before, long offset, long dropped, Optional<ExitStatus> status) implements Match {

        /** Checks for null. */
        public Ended {
            requireNonNull(awaited, "awaited");
            requireNonNull(before, "before");
            requireNonNull(status, "status");
        }
    }
}
