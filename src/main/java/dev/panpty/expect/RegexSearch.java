package dev.panpty.expect;

import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;

/** The search for one regular expression in the decoded text. For one thread at a time. */
final class RegexSearch {

    /** What a look has given. */
    enum State {
        /** No match. */
        NONE,
        /** A match that further output could change or lengthen. */
        OPEN,
        /** A match that no further output can change. */
        DECIDED
    }

    private final int index;
    private final Awaited.Regex regex;
    private final int lookBack;
    private final TimedText text = new TimedText();
    private final Matcher matcher;
    private final Optional<RequiredText> required;
    private long scannedTo; // the number of the character up to which the required text was looked for
    private long requiredAt = -1; // the number of the character at which it was last
    private State state = State.NONE;

    /** The pattern searches too long, or too deep for the stack. */
    static final class Hopeless extends Exception {

        private static final long serialVersionUID = 1;

        private final transient Awaited.Regex regex;

        Hopeless(Awaited.Regex regex, String reason, Throwable cause) {
            super(reason, cause);
            this.regex = regex;
        }

        Awaited.Regex regex() {
            return regex;
        }
    }

    RegexSearch(int index, Awaited.Regex regex, int lookBack) {
        this.index = index;
        this.regex = regex;
        this.lookBack = lookBack;
        matcher = regex.pattern().matcher(text).useTransparentBounds(true).useAnchoringBounds(false);
        required = RequiredText.of(regex.pattern());
    }

    int index() {
        return index;
    }

    State state() {
        return state;
    }

    /** The match that the last look has found. */
    MatchResult match() {
        return matcher.toMatchResult();
    }

    /**
     * Searches the text as a whole.
     *
     * @param deadline in nanoseconds, when to give up
     */
    State look(DecodedText decoded, long deadline) throws Hopeless {
        if (required.isPresent() && !isThere(required.get(), decoded)) {
            state = State.NONE;
            return state;
        }
        return look(decoded, decoded.length(), deadline);
    }

    /** Whether a match that begins in what is searched can have the text in it. Each character is looked at once. */
    private boolean isThere(RequiredText sought, DecodedText decoded) {
        long first = decoded.forgotten();
        int from = (int) Math.max(scannedTo - sought.length() + 1 - first, decoded.searchFrom());
        int found = sought.lastIn(decoded.chars(), from, decoded.length());
        scannedTo = first + decoded.length();
        requiredAt = found < 0 ? requiredAt : first + found;
        return requiredAt >= first + decoded.searchFrom();
    }

    /**
     * Searches the text.
     *
     * @param length as if the text were only so long
     * @param deadline in nanoseconds, when to give up
     */
    private State look(DecodedText decoded, int length, long deadline) throws Hopeless {
        text.set(decoded.chars(), length);
        text.deadline(deadline);
        state = State.NONE;
        try {
            for (int from = decoded.searchFrom(); from <= length; from = matcher.start() + 1) {
                if (!matcher.region(from, length).find()) {
                    return state;
                }
                if (matcher.end() - matcher.start() <= lookBack) {
                    state = matcher.hitEnd() || matcher.requireEnd() ? State.OPEN : State.DECIDED;
                    return state;
                }
            }
            return state;
        } catch (TimedText.TimeOver over) {
            throw new Hopeless(regex, "it still searched at the limit of time", over);
        } catch (StackOverflowError tooDeep) {
            throw new Hopeless(regex, "it needs more stack than the thread has", tooDeep);
        }
    }

    /**
     * The least length of the text at which the match is decided, after a look that has decided it. Once decided a match stays so,
     * therefore the length is found by halving.
     */
    int decidedBy(DecodedText decoded, int length, long deadline) throws Hopeless {
        int open = matcher.end() - 1;
        int decided = length;
        while (decided - open > 1) {
            int middle = (open + decided) >>> 1;
            if (look(decoded, middle, deadline) == State.DECIDED) {
                decided = middle;
            } else {
                open = middle;
            }
        }
        look(decoded, decided, deadline);
        return decided;
    }
}
