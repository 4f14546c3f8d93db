package dev.panpty.junit;

import org.opentest4j.AssertionFailedError;

/** A failure of which the message shows the terminal already. */
final class TerminalFailure extends AssertionFailedError {

    private static final long serialVersionUID = 1;

    private final transient Report report;
    private final String what;

    TerminalFailure(Report report, String what) {
        super(report.of(what));
        this.report = report;
        this.what = what;
    }

    TerminalFailure(Report report, String what, Throwable cause) {
        super(report.of(what), cause);
        this.report = report;
        this.what = what;
    }

    /** For tools that compare the two texts. */
    TerminalFailure(Report report, String what, String expected, String actual) {
        super(report.of(what), expected, actual);
        this.report = report;
        this.what = what;
    }

    /** The first part of the message. */
    String what() {
        return what;
    }

    boolean shows(Report other) {
        return report == other;
    }
}
