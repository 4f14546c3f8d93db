package dev.panpty.faults;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The outcome of a run in which a call failed.
 *
 * @param good whether the outcome is correct
 * @param text {@code undisturbed}, or the place and the type of the error; for a bad outcome, everything known
 */
record Outcome(boolean good, String text) {

    static final String UNDISTURBED = "undisturbed";

    /** The prefix of an answer that is an exception of the scenario. */
    static final String THROWN = "threw ";

    private static final Pattern STEP = Pattern.compile("threw (SpawnException \\w+): .*");
    private static final Pattern IO = Pattern.compile("threw [\\w.]*\\.(\\w+Exception): (the \\w+|\\S+).*");
    private static final Pattern REPORTED = Pattern.compile(".*onError [\\w.]*IOException: (the \\w+|\\S+).*");
    private static final Pattern UNKNOWN = Pattern.compile(".*Unknown\\[reason=([^:\\]]*).*");

    static Outcome bad(String text) {
        return new Outcome(false, text);
    }

    /** Judges an answer by comparing it with that of a run without a fault. */
    static Outcome of(Fault fault, String answer, String undisturbed) {
        if (answer.equals(undisturbed)) {
            return new Outcome(true, UNDISTURBED);
        }
        if (fault.scenario() == Scenario.DROPPED && answer.contains("Signaled[signal=SIGHUP,")) {
            return new Outcome(true, "hung up"); // no caller can be notified
        }
        if (fault.scenario() == Scenario.SESSION && answer.equals("survivors 1")) {
            return new Outcome(true, "survivor reported");
        }
        if (fault.errno().equals("ENOEXEC") && answer.startsWith("/bin/sh: ")) {
            return new Outcome(true, "run by the shell"); // as execvp(3) does, and the shell reports that it is no script
        }
        if (!names(answer, fault)) {
            return bad("does not name " + fault.errno() + ": " + answer + ", not " + undisturbed);
        }
        Matcher step = STEP.matcher(answer);
        if (step.matches()) {
            return new Outcome(true, step.group(1));
        }
        Matcher io = IO.matcher(answer);
        if (io.matches()) {
            return new Outcome(true, io.group(1) + " " + io.group(2).replace(":", ""));
        }
        Matcher reported = REPORTED.matcher(answer);
        if (reported.matches()) {
            return new Outcome(true, "onError " + reported.group(1).replace(":", ""));
        }
        Matcher unknown = UNKNOWN.matcher(answer);
        return unknown.matches() ? new Outcome(true, "exit unknown, " + unknown.group(1)) : bad(answer + ", not " + undisturbed);
    }

    /**
     * Whether a typed error names the errno, by its number where it has no name. ESRCH appears in words, EBADF as a closed terminal. Use of a
     * terminal that a reactor closed at its end gives just that message.
     */
    private static boolean names(String answer, Fault fault) {
        return answer.contains(fault.errno()) || answer.contains(": errno ") || answer.contains("ProcessExitedException")
                || fault.errno().equals("EBADF") && answer.endsWith("its terminal is closed")
                || fault.label().startsWith("epoll_") && answer.endsWith(": closed");
    }
}
