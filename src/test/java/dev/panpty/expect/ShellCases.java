package dev.panpty.expect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.TerminalAttributes.LocalFlag;
import dev.panpty.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Commands of one live shell, in order, each with the result that it must have. */
final class ShellCases implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Shell shell;
    private int count;

    ShellCases(Shell.Kind kind) throws IOException {
        shell = Shell.start(kind, settings -> settings.environment().put("LC_ALL", "C.UTF-8"));
    }

    Shell shell() {
        return shell;
    }

    int count() {
        return count;
    }

    private ShellResult run(String command) throws IOException {
        count++;
        return shell.run(command, LIMIT);
    }

    /** It runs, with status 0 and this output. */
    void gives(String command, String output) throws IOException {
        gives(command, 0, output);
    }

    void gives(String command, int status, String output) throws IOException {
        ShellResult result = run(command);
        assertEquals(new ShellResult.Completed(status), result.outcome(), () -> command + ": " + result);
        assertEquals(output, result.output(), () -> command);
    }

    /** It runs, with this status and an output that has the text. */
    void says(String command, int status, String part) throws IOException {
        ShellResult result = run(command);
        assertEquals(new ShellResult.Completed(status), result.outcome(), () -> command + ": " + result);
        assertTrue(result.output().contains(part), () -> command + ": " + result);
    }

    void open(String command, String output) throws IOException {
        ShellResult result = run(command);
        assertEquals(new ShellResult.Incomplete(), result.outcome(), () -> command + ": " + result);
        assertEquals(output, result.output(), () -> command);
    }

    void wrong(String command, String part) throws IOException {
        ShellResult result = run(command);
        ShellResult.SyntaxError error = assertInstanceOf(ShellResult.SyntaxError.class, result.outcome(), () -> command + ": " + result);
        assertTrue(error.message().contains(part), () -> command + ": " + error);
        assertFalse(error.message().contains("panpty"), () -> "names a file of the shell's own: " + error);
        assertEquals("", result.output(), () -> command);
    }

    /** It is interrupted at its limit. */
    void interrupted(String command) throws IOException {
        count++;
        ShellResult result = shell.run(command, Duration.ofMillis(300));
        assertInstanceOf(ShellResult.TimedOut.class, result.outcome(), () -> command + ": " + result);
    }

    /** It reads what is typed while it runs, line by line or key by key. */
    void reads(String command, boolean byKeys, String input, String output) throws Exception {
        count++;
        CompletableFuture<ShellResult> result = CompletableFuture.supplyAsync(() -> {
            try {
                return shell.run(command, LIMIT);
            } catch (IOException failure) {
                throw new CompletionException(failure);
            }
        });
        Await.until("it reads: " + command, () -> result.isDone() || isReading(byKeys));
        shell.send(input);
        try {
            assertEquals(new ShellResult.Completed(0), result.get().outcome(), () -> command + ": " + result.join());
            assertTrue(result.get().output().contains(output), () -> command + ": " + result.join());
        } catch (ExecutionException failure) {
            throw new AssertionError(command, failure);
        }
    }

    /** The command makes a file before it reads. */
    private boolean isReading(boolean byKeys) throws IOException {
        return Files.exists(Path.of("/tmp/panpty-reads-" + shell.process().pid()))
                && shell.process().attributes().has(LocalFlag.ICANON) != byKeys;
    }

    /** The last command: the shell ends. */
    void ends(String command, Object status, String output) throws IOException {
        ShellResult result = run(command);
        ShellResult.Ended ended = assertInstanceOf(ShellResult.Ended.class, result.outcome(), () -> command + ": " + result);
        assertEquals(status, ended.status());
        assertEquals(output, result.output(), () -> command);
    }

    @Override
    public void close() {
        shell.close();
    }
}
