package dev.panpty.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.expect.Shell;
import dev.panpty.expect.ShellResult;
import dev.panpty.testing.Needs;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A thousand commands in a row in one shell, while two programs keep the processors busy: with the profile {@code stress} only. */
class ShellStress {

    private static final int COMMANDS = 1000;
    private static final int STATUSES = 7;

    @ParameterizedTest
    @EnumSource
    @Timeout(300)
    @Needs({"bash", "zsh", "fish", "dash", "timeout"})
    void eachCommandHasItsOwnOutputAndStatus(Shell.Kind kind) throws Exception {
        Process load = new ProcessBuilder("timeout", "280", "sh", "-c", "while :; do :; done & while :; do :; done").start();
        try (Shell shell = Shell.start(kind)) {
            for (int i = 0; i < COMMANDS; i++) {
                int status = i % STATUSES;
                ShellResult result = shell.run("echo number " + i + "; sh -c 'exit " + status + "'");
                assertEquals(new ShellResult.Completed(status), result.outcome());
                assertEquals("number " + i + "\n", result.output());
            }
        } finally {
            load.descendants().forEach(ProcessHandle::destroy);
            load.destroy();
        }
    }
}
