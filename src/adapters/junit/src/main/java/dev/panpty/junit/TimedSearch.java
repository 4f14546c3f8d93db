package dev.panpty.junit;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Searches for a regular expression during one wait, by its thread. A {@link Matcher} has no limit of time and cannot be interrupted, so its
 * characters come from here, and {@link Characters#charAt} throws when the time is over.
 */
final class TimedSearch {

    /** A search that begins when the wait ends, as the last one does, may take so long. */
    private static final long LAST_NANOS = Traffic.millis(100);
    private static final int CHARACTERS_BETWEEN_LOOKS = 1024;

    private final Pattern pattern;
    private final Duration limit;
    private final long end;
    private MatchResult found;

    /** A search that did not come to its end; the message says why, as the end of that of the wait. */
    static final class Cut extends RuntimeException {

        private static final long serialVersionUID = 1;

        Cut(String why, Throwable cause) {
            super(why, cause, false, false);
        }
    }

    TimedSearch(Pattern pattern, Duration limit) {
        this.pattern = pattern;
        this.limit = limit;
        end = Waits.end(limit);
    }

    /**
     * Whether it is in the text.
     *
     * @throws Cut if the limit of the wait is over, the thread is interrupted or its stack too small for the expression
     */
    boolean finds(String text) {
        long last = System.nanoTime() + LAST_NANOS;
        Matcher matcher = pattern.matcher(new Characters(text, last - end > 0 ? last : end));
        try {
            found = matcher.find() ? matcher.toMatchResult() : null;
        } catch (StackOverflowError tooDeep) {
            throw new Cut(": the search needs a larger stack", tooDeep);
        }
        return found != null;
    }

    /** What the last search has found, if anything. */
    Optional<MatchResult> found() {
        return Optional.ofNullable(found);
    }

    private final class Characters implements CharSequence {

        private final String text;
        private final long end;
        private int unlooked = CHARACTERS_BETWEEN_LOOKS;

        Characters(String text, long end) {
            this.text = text;
            this.end = end;
        }

        @Override
        public char charAt(int index) {
            if (--unlooked == 0) {
                unlooked = CHARACTERS_BETWEEN_LOOKS;
                if (Thread.currentThread().isInterrupted()) {
                    throw new Cut(": interrupted while waiting", new InterruptedException());
                }
                if (System.nanoTime() - end > 0) {
                    throw new Cut(" within " + Waits.readable(limit) + ": the search did not come to its end", null);
                }
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int from, int to) {
            return text.substring(from, to);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
