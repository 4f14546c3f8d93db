package dev.panpty.expect;

import static dev.panpty.expect.Awaited.quiet;
import static dev.panpty.expect.Awaited.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.ExitStatus;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.screen.Screen;
import dev.panpty.testing.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Dialogs with real programs. */
@Timeout(60)
class ProgramsTest {

    @TempDir
    Path folder;

    private PtyProcessBuilder builder(String... command) {
        PtyProcessBuilder builder = new PtyProcessBuilder(command).directory(folder);
        builder.environment().put("HOME", folder.toString());
        return builder;
    }

    private Expect start(String... command) throws Exception {
        return Expect.start(builder(command), ExpectOptions.defaults());
    }

    @Test
    @Needs("ssh-keygen")
    void sshKeygenAsksForAPassphraseTwice() throws Exception {
        try (Expect session = start("ssh-keygen", "-t", "ed25519", "-f", "key")) {
            session.expect("(empty for no passphrase): ");
            session.sendSecret("a phrase".toCharArray());
            session.expect("Enter same passphrase again: ");
            session.sendSecret("a phrase".toCharArray());
            session.expect("Your identification has been saved");
            assertEquals(new ExitStatus.Exited(0), session.end());
            assertTrue(Files.exists(folder.resolve("key.pub")));
        }
    }

    @Test
    @Needs("gdb")
    void gdbStopsAtABreakpoint() throws Exception {
        try (Expect session = start("gdb", "-q", "-nx", "-iex", "set debuginfod enabled off", "-iex", "set pagination off", "/bin/true")) {
            session.expect("(gdb) ");
            session.sendLine("print 6 * 7");
            assertEquals("42", session.expect(Pattern.compile("\\$1 = (\\d+)\r?\n")).group(1).orElseThrow());
            session.expect("(gdb) ");
            session.sendLine("starti");
            session.expect("Program stopped");
            session.expect("(gdb) ");
            session.sendLine("quit");
            session.expect("(y or n) ");
            session.sendLine("y");
            session.end();
        }
    }

    @Test
    @Needs("python3")
    void pythonCalculates() throws Exception {
        try (Expect session = start("python3", "-q")) {
            session.expect(">>> ");
            session.sendLine("6 * 7");
            session.expect("42\r\n");
            session.expect(">>> ");
            session.sendLine("for i in range(3): print('n', i)");
            session.expect("... ");
            session.sendLine("");
            assertEquals(3, session.expect(">>> ").before().lines().filter(line -> line.matches("n \\d")).count());
            session.sendLine("exit(5)");
            assertEquals(new ExitStatus.Exited(5), session.end());
        }
    }

    @Test
    @Needs("sqlite3")
    void sqliteSelects() throws Exception {
        try (Expect session = start("sqlite3", "-list", "test.db")) {
            session.expect("sqlite> ");
            session.sendLine("create table t(a, b); insert into t values (1, 'one'), (2, 'two');");
            session.expect("sqlite> ");
            session.sendLine("select b from t");
            session.expect("...> ");
            session.sendLine("where a = 2;");
            session.expect("two\r\n");
            session.expect("sqlite> ");
            session.sendLine(".quit");
            session.end();
        }
    }

    @Test
    @Needs("bash")
    void bashWithBracketedPasteHasAPlainPrompt() throws Exception {
        try (Expect session = start("env", "PS1=\\[\\e[32m\\]$ \\[\\e[m\\]", "bash", "--norc", "-i")) {
            assertEquals("", session.expect("$ ").before());
            session.sendLine("echo $((6 * 7))");
            session.expect("42\r\n");
            session.expect("$ ");
            session.sendLine("exit 3");
            assertEquals(new ExitStatus.Exited(3), session.end());
        }
    }

    @Test
    @Needs("zsh")
    void zshHasAPrompt() throws Exception {
        try (Expect session = start("zsh", "-f", "-i")) {
            session.expect(ProcessHandle.current().info().user().orElse("").equals("root") ? "# " : "% ");
            session.await(quiet(Duration.ofMillis(100)));
            session.sendLine("echo $((6 * 7))");
            session.expect("42\r\n");
            session.sendLine("exit 3");
            assertEquals(new ExitStatus.Exited(3), session.end());
        }
    }

    @Test
    @Needs("fish")
    void fishHasAPrompt() throws Exception {
        PtyProcessBuilder fish = builder("fish", "--no-config", "-i", "-C", "function fish_prompt; echo 'go> '; end").tap(new Screen().answering());
        try (Expect session = Expect.start(fish, ExpectOptions.defaults())) {
            assertFalse(session.expect("go> ").before().contains("could not read response")); // fish 4 queries the terminal
            session.sendLine("echo (math 6 x 7)");
            session.expect("42\r\n");
            session.expect("go> ");
            session.sendLine("exit 3");
            assertEquals(new ExitStatus.Exited(3), session.end());
        }
    }

    @Test
    @Needs("less")
    void aPagerIsLeft() throws Exception {
        Files.writeString(folder.resolve("text"), "line\n".repeat(100) + "END OF IT\n");
        try (Expect session = start("less", "text")) {
            session.await(text("text"), text(":"));
            session.send("G");
            session.expect("END OF IT");
            session.send("q");
            assertFalse(session.end() instanceof ExitStatus.Unknown);
        }
    }
}
