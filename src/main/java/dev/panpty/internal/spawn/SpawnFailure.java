package dev.panpty.internal.spawn;

import dev.panpty.internal.gen.Linux;
import dev.panpty.internal.sys.FileNameEncoding;

/**
 * Why a start has failed. No program has run, and nothing is left of the attempt.
 *
 * @param step one of the constants here or of child-setup.txt
 * @param errno positive, 0 if no system call failed
 * @param culprit the path, name or reason that the failure is about
 */
public record SpawnFailure(int step, int errno, String culprit) {

    // The steps of native-headers/child-setup.txt.
    public static final int DIRECTORY = Linux.PANPTY_STEP_DIRECTORY();
    public static final int EXEC = Linux.PANPTY_STEP_EXEC();
    public static final int LIMITS = Linux.PANPTY_STEP_LIMITS();
    public static final int NICENESS = Linux.PANPTY_STEP_NICENESS();
    public static final int GROUPS = Linux.PANPTY_STEP_GROUPS();
    public static final int GROUP = Linux.PANPTY_STEP_GROUP();
    public static final int USER = Linux.PANPTY_STEP_USER();
    public static final int CREDENTIALS = Linux.PANPTY_STEP_CREDENTIALS();

    // Further steps, taken in the parent or proved by a check afterwards.
    public static final int LAST_CHILD_STEP = EXEC;
    public static final int REACTOR = LAST_CHILD_STEP + 1;
    public static final int OPEN_TERMINAL = LAST_CHILD_STEP + 2;
    public static final int PTS = LAST_CHILD_STEP + 3;
    public static final int INTERPRETER = LAST_CHILD_STEP + 4;
    public static final int SPAWN = LAST_CHILD_STEP + 5;
    public static final int PIDFD = LAST_CHILD_STEP + 6;
    public static final int STRATEGY = LAST_CHILD_STEP + 7;

    static SpawnFailure ofInterpreter(int errno, String interpreter, byte[] script, String why) {
        return new SpawnFailure(INTERPRETER, errno, interpreter + " (the interpreter of " + FileNameEncoding.decode(script) + why + ")");
    }
}
