package dev.panpty.faults;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What became of a run in which a call failed.
 *
 * @param good whether that is as it should be
 * @param text {@code undisturbed}, or where and as what the error came out; of a bad one, everything known
 */
record Outcome(boolean good, String text) {

    static final String UNDISTURBED = "undisturbed";

    /** What an answer begins with that is an exception of the scenario's. */
    static final String THROWN = "threw ";

    private static final Pattern STEP = Pattern.compile("threw (SpawnException \\w+): .*");
    private static final Pattern IO = Pattern.compile("threw [\\w.]*\\.(\\w+Exception): (the \\w+|\\S+).*");
    private static final Pattern REPORTED = Pattern.compile(".*onError [\\w.]*IOException: (the \\w+|\\S+).*");
    private static final Pattern UNKNOWN = Pattern.compile(".*Unknown\\[reason=([^:\\]]*).*");

    static Outcome bad(String text) {
        return new Outcome(false, text);
    }

    /** Judges an answer, given that of a run in which nothing fails. */
    static Outcome of(Fault fault, String answer, String undisturbed) {
        if (answer.equals(undisturbed)) {
            return new Outcome(true, UNDISTURBED);
        }
        if (fault.scenario() == Scenario.DROPPED && answer.contains("Signaled[signal=SIGHUP,")) {
            return new Outcome(true, "hung up"); // there is nobody to tell
        }
        if (fault.scenario() == Scenario.SESSION && answer.equals("survivors 1")) {
            return new Outcome(true, "survivor reported");
        }
        if (fault.errno().equals("ENOEXEC") && answer.startsWith("/bin/sh: ")) {
            return new Outcome(true, "run by the shell"); // as execvp(3) does, and then it is no script
        }
        if (!tells(answer, fault)) {
            return bad("says nothing of " + fault.errno() + ": " + answer + ", not " + undisturbed);
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
     * A typed error names the errno, by its number where it has no name for it. ESRCH is told in words, EBADF as the terminal's being closed,
     * and who uses a terminal that a reactor has closed at its end is told just that.
     */
    private static boolean tells(String answer, Fault fault) {
        return answer.contains(fault.errno()) || answer.contains(": errno ") || answer.contains("ProcessExitedException")
                || fault.errno().equals("EBADF") && answer.endsWith("its terminal is closed")
                || fault.label().startsWith("epoll_") && answer.endsWith(": closed");
    }
}
