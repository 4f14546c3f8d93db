package dev.panpty.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Another user than the one who runs the tests, see src/test/c/become.c: who may become one can start programs as one. */
public final class OtherUser {

    /** The user nobody. */
    public static final int NOBODY = 65534;

    /** The program; copied and made set-user-ID it is a way back to root. */
    public static final Path BECOME = Path.of(System.getProperty("panpty.test.native"), "become");

    private OtherUser() {}

    /** Skips the test where nobody cannot be become, and so not by the library either. */
    public static void require() throws IOException, InterruptedException {
        command(NOBODY);
    }

    /** The command that another one is started by; skips the test where that cannot be done. */
    public static String[] command(int uid) throws IOException, InterruptedException {
        List<String> command = List.of(BECOME.toString(), Integer.toString(uid));
        Tools.skipUnlessRuns("the right to become another user", command, "true");
        return command.toArray(String[]::new);
    }
}
