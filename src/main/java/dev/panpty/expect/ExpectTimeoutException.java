package dev.panpty.expect;

/** What was awaited has not come within the limit of time. Any thread may read it. */
public final class ExpectTimeoutException extends ExpectException {

    private static final long serialVersionUID = 1;

    ExpectTimeoutException(String what, Situation situation) {
        super(what, situation);
    }
}
