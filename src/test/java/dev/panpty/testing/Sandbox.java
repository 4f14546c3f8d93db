package dev.panpty.testing;

import java.io.IOException;
import java.nio.file.Path;

/** A sandbox as container runtimes make it, in which the kernel refuses some system calls, see src/test/c/refuse.c. */
public final class Sandbox {

    private static final Path REFUSE = Path.of(System.getProperty("panpty.test.native"), "refuse");

    private Sandbox() {}

    /** The command that a JVM is started by; skips the test where there is no seccomp(2). */
    public static String[] refusing(String errno, String... calls) throws IOException, InterruptedException {
        String names = String.join(",", calls);
        Process possible = new ProcessBuilder(REFUSE.toString(), errno, names, "true").redirectErrorStream(true).start();
        String said = new String(possible.getInputStream().readAllBytes());
        Tools.skipUnless(possible.waitFor() == 0, "the right to filter system calls (" + said.strip() + ")");
        return new String[] {REFUSE.toString(), errno, names};
    }
}
