package dev.panpty.junit;

/** What a terminal shows, as a suppressed exception of a failure that does not show it. It has no stack trace. */
final class TerminalAtFailure extends Exception {

    private static final long serialVersionUID = 1;

    TerminalAtFailure(Report report) {
        super(report.of("the terminal when the test failed"), null, false, false);
    }
}
