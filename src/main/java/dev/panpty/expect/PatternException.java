package dev.panpty.expect;

/**
 * A regular expression is hopeless on this output: it still searched at the limit of time, as one that tries many ways to match does, or it
 * needed more stack than the thread has, as an alternative that is repeated thousands of times does. Any thread may read it.
 */
public final class PatternException extends ExpectException {

    private static final long serialVersionUID = 1;

    private final transient Awaited.Regex regex;

    PatternException(Awaited.Regex regex, String reason, Throwable cause, Situation situation) {
        super(regex + ": " + reason + "; not found", situation);
        this.regex = regex;
        initCause(cause);
    }

    /**
     * Which one.
     *
     * @return the regular expression
     */
    public Awaited.Regex regex() {
        return regex;
    }
}
