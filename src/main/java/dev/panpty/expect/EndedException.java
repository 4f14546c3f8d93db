package dev.panpty.expect;

/** The output has ended, and what was awaited has not come. {@link Awaited#end} awaits the end itself. Any thread may read it. */
public final class EndedException extends ExpectException {

    private static final long serialVersionUID = 1;

    EndedException(Situation situation) {
        super("the output has ended, not found", situation);
    }
}
