package dev.panpty.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A sandbox like that of container runtimes, in which the kernel refuses some system calls, see src/test/c/refuse.c. */
public final class Sandbox {

    private static final Path REFUSE = Path.of(System.getProperty("panpty.test.native"), "refuse");

    private Sandbox() {}

    /** The command before java; skips the test where seccomp(2) is not available. */
    public static String[] refusing(String errno, String... calls) throws IOException, InterruptedException {
        String names = String.join(",", calls);
        List<String> command = List.of(REFUSE.toString(), errno, names);
        Tools.skipUnlessRuns("the right to filter system calls", command, "true");
        return command.toArray(String[]::new);
    }
}
