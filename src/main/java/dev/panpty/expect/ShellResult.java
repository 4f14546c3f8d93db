package dev.panpty.expect;

import static java.util.Objects.requireNonNull;

import dev.panpty.ExitStatus;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * What a command of a {@link Shell} has given. A value, which any thread may use.
 *
 * @param outcome how it ended
 * @param output all that was written to the terminal while it ran, in the program's bytes: the CR that the terminal puts before each LF is
 *     taken off, no other, and nothing of the shell's prompts is in it
 * @param dropped bytes of output before it that were more than a shell keeps; as a rule 0
 * @param time from the typing of the command to its end
 */
public record ShellResult(Outcome outcome, String output, long dropped, Duration time) {

    /** How a command ended. */
    public sealed interface Outcome {}

    /**
     * It has run.
     *
     * @param status {@code $?} behind it
     */
    public record Completed(int status) implements Outcome {}

    /**
     * It was interrupted at its limit of time. The shell can be used on.
     *
     * @param status {@code $?} behind it, as a rule 130
     */
    public record TimedOut(int status) implements Outcome {}

    /** The shell wants more lines, as behind an open quote. It has run complete lines before that, and dropped the rest. */
    public record Incomplete() implements Outcome {}

    /**
     * The shell refuses it, and has run nothing.
     *
     * @param message what the shell said
     */
    public record SyntaxError(String message) implements Outcome {

        /** Checks for null. */
        public SyntaxError {
            requireNonNull(message, "message");
        }
    }

    /**
     * The shell has ended.
     *
     * @param status how
     */
    public record Ended(ExitStatus status) implements Outcome {

        /** Checks for null. */
        public Ended {
            requireNonNull(status, "status");
        }
    }

    /** Checks for null. */
    public ShellResult {
        requireNonNull(outcome, "outcome");
        requireNonNull(output, "output");
        requireNonNull(time, "time");
    }

    /**
     * The exit status of the command.
     *
     * @return {@code $?} behind it; empty if it did not run, or the shell has ended
     */
    public OptionalInt status() {
        return switch (outcome) {
            case Completed completed -> OptionalInt.of(completed.status());
            case TimedOut late -> OptionalInt.of(late.status());
            case Incomplete open -> OptionalInt.empty();
            case SyntaxError error -> OptionalInt.empty();
            case Ended ended -> OptionalInt.empty();
        };
    }
}
