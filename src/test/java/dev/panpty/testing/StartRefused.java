package dev.panpty.testing;

import static dev.panpty.testing.FullHost.check;

import dev.panpty.PtyProcessBuilder;
import dev.panpty.SpawnException;

/** A JVM in which every start fails and leaves nothing behind. Arguments: the step, the errno and words of the message. */
public final class StartRefused implements ForkedJvm.Body {

    private static final int FAULTS_OF_CHILDREN = 8; // the index of cminflt in the fields from the state on, proc_pid_stat(5)
    private static final int TIMES = 5;

    @Override
    public void run(String[] arguments) throws Throwable {
        String before = Children.ofThis()[FAULTS_OF_CHILDREN]; // those before the exec of java
        refused(arguments); // creates what lives as long as the JVM
        Leaks.noneAtAll(() -> {
            for (int i = 0; i < TIMES; i++) {
                refused(arguments);
            }
        });
        String faults = Children.ofThis()[FAULTS_OF_CHILDREN];
        boolean inTheChild = arguments[0].equals("DESCRIPTORS");
        check(inTheChild || faults.equals(before), "a child was created: " + before + " page faults became " + faults);
    }

    private static void refused(String[] arguments) throws SpawnException {
        SpawnException failed = FullHost.failure(new PtyProcessBuilder("true"));
        check(failed.step().name().equals(arguments[0]), failed);
        check(failed.errnoName().equals(arguments[1]), failed);
        for (int i = 2; i < arguments.length; i++) {
            check(failed.getMessage().contains(arguments[i]), failed);
        }
    }
}
