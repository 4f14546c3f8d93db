package dev.panpty.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Starts programs as another user than the one who runs the tests, see src/test/c/become.c. */
public final class OtherUser {

    /** The user nobody. */
    public static final int NOBODY = 65534;

    /** The program; a set-user-ID copy of it can become root again. */
    public static final Path BECOME = Path.of(System.getProperty("panpty.test.native"), "become");

    private OtherUser() {}

    /** Skips the test where the user nobody is not available, to the library neither. */
    public static void require() throws IOException, InterruptedException {
        command(NOBODY);
    }

    /** The command that starts another as this user; skips the test where that is not possible. */
    public static String[] command(int uid) throws IOException, InterruptedException {
        List<String> command = List.of(BECOME.toString(), Integer.toString(uid));
        Tools.skipUnlessRuns("the right to become another user", command, "true");
        return command.toArray(String[]::new);
    }
}
