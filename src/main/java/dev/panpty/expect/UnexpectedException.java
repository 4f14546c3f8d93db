package dev.panpty.expect;

/**
 * Something came on which {@link Expect#failOn} has set the session to fail. The session has taken the output up to its end. Any thread may
 * read it.
 */
public final class UnexpectedException extends ExpectException {

    private static final long serialVersionUID = 1;

    private final transient Match match;

    UnexpectedException(Match match, Situation situation) {
        super(match.awaited() + " came; not found", situation);
        this.match = match;
    }

    /**
     * What came.
     *
     * @return the match; its index is that of the argument of {@link Expect#failOn}, counted over all its calls
     */
    public Match match() {
        return match;
    }
}
