package dev.panpty.expect;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What {@link Expect#await} waits for. Values are immutable and may be used by any thread, in any number of waits.
 *
 * <p>A {@link Text} counts as soon as its last byte has come. A {@link Regex} counts at once if no further output can change or lengthen
 * its match ({@link java.util.regex.Matcher#hitEnd}, {@link java.util.regex.Matcher#requireEnd}); else when no output has come for
 * {@link ExpectOptions#settle}, or at the end of the output. Several are compared by the byte of the output at which each is decided:
 *
 * <ul>
 * <li>of several texts the one with the earliest end is found, then the one with the earliest start, then the first that was named;</li>
 * <li>with a regex among them, the one that is decided by the earliest byte, then the first that was named. So
 *     {@code await(regex("a\\w*"), text("bc"))} finds {@code bc} in {@code abc}: the regex could go on, and the text could not.</li>
 * </ul>
 */
public sealed interface Awaited {

    /**
     * A literal text, compared as bytes in the charset of the session. A wait for one that the charset lacks throws
     * {@link IllegalArgumentException}.
     *
     * @param text one character or more
     */
    record Text(String text) implements Awaited {

        /** Checks the text. */
        public Text {
            if (requireNonNull(text, "text").isEmpty()) {
                throw new IllegalArgumentException("text must not be empty");
            }
        }

        @Override
        public String toString() {
            return Readable.quoted(text);
        }
    }

    /**
     * A regular expression. Lookbehind and {@code \b} see one character before the unread output. {@code ^} matches at the begin of the
     * whole output only, unless {@link java.util.regex.Pattern#MULTILINE} is set. No match is longer than
     * {@link ExpectOptions#lookBackChars}.
     *
     * @param pattern as compiled
     */
    record Regex(java.util.regex.Pattern pattern) implements Awaited {

        /** Checks the pattern. */
        public Regex {
            requireNonNull(pattern, "pattern");
        }

        /** Equal patterns have the same text and flags. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Regex regex && regex.pattern.pattern().equals(pattern.pattern())
                    && regex.pattern.flags() == pattern.flags();
        }

        @Override
        public int hashCode() {
            return pattern.pattern().hashCode();
        }

        @Override
        public String toString() {
            return "regex " + Readable.quoted(pattern.pattern());
        }
    }

    /**
     * No output for a time, which begins with the wait and again with each output.
     *
     * @param time more than 0
     */
    record Quiet(Duration time) implements Awaited {

        /** Checks the time. */
        public Quiet {
            if (!requireNonNull(time, "time").isPositive()) {
                throw new IllegalArgumentException("time must be more than 0, was " + time);
            }
        }

        @Override
        public String toString() {
            return "no output for " + Readable.time(time);
        }
    }

    /** The end of the output: the program has exited and no process holds the terminal, or the stream has ended. */
    record End() implements Awaited {

        @Override
        public String toString() {
            return "the end of the output";
        }
    }

    /**
     * A literal text.
     *
     * @param text one character or more
     * @return the text
     */
    static Text text(String text) {
        return new Text(text);
    }

    /**
     * A regular expression without flags.
     *
     * @param regex see {@link java.util.regex.Pattern}
     * @return the regex
     * @throws java.util.regex.PatternSyntaxException if its syntax is wrong
     */
    static Regex regex(String regex) {
        return new Regex(java.util.regex.Pattern.compile(requireNonNull(regex, "regex")));
    }

    /**
     * A regular expression.
     *
     * @param pattern as compiled
     * @return the regex
     */
    static Regex regex(java.util.regex.Pattern pattern) {
        return new Regex(pattern);
    }

    /**
     * No output for a time.
     *
     * @param time more than 0
     * @return the silence
     */
    static Quiet quiet(Duration time) {
        return new Quiet(time);
    }

    /**
     * The end of the output.
     *
     * @return the end
     */
    static End end() {
        return new End();
    }
}
