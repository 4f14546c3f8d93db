package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Repository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The table of {@code src/pty4j.md}: both its columns are code that compiles, and the right one runs. */
@Timeout(60)
class Pty4jPageTest {

    private static final String PAGE = "src/pty4j.md";
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** The calls in one column of the table, from its top. */
    private static List<String> column(int number) throws IOException {
        Stream<String> rows = Repository.text(PAGE).lines().filter(line -> line.startsWith("| `"));
        return rows.map(row -> row.split("\\|")[number]).flatMap(cell -> CODE.matcher(cell).results().map(code -> code.group(1))).toList();
    }

    /** The statements between two comments of a file. */
    private static List<String> statements(String file) throws IOException {
        String source = Repository.text(file);
        String block = source.substring(source.indexOf("        // the column\n"), source.indexOf("        // its end\n"));
        return block.lines().skip(1).map(line -> line.strip().replaceFirst(";$", "")).toList();
    }

    @Test
    void theLeftColumnIsWhatTheBenchmarksCompile() throws Exception {
        assertEquals(statements("src/jmh/java/dev/panpty/bench/Pty4jSide.java"), column(1));
    }

    @Test
    void theRightColumnIsWhatRunsHere() throws Exception {
        assertEquals(statements("src/test/java/dev/panpty/Pty4jPageTest.java"), column(2));
        assertTrue(Repository.text("README.md").contains("(" + PAGE + ")"));
    }

    @Test
    void theRightColumnRuns() throws Exception {
        String[] command = {"true"};
        PtyProcessBuilder builder = new PtyProcessBuilder("cat");
        try (PtyProcess process = builder.start()) {
            calls(builder, process, WindowSize.DEFAULT, command, Map.copyOf(builder.environment()));
            assertEquals(Signal.HUP.number() + 128, process.exitValue());
        }
        assertEquals(List.of(command), builder.command());
        assertEquals(Optional.of(Path.of("/tmp")), builder.directory());
        assertEquals(Optional.of(new WindowSize(40, 120)), builder.windowSize());
        assertEquals(StandardError.OWN_TERMINAL, builder.stderr());
        assertFalse(builder.controllingTerminal());
    }

    /** The right column, in its order: the program exits by the signal, and what follows finds it exited. */
    private static void calls(
            PtyProcessBuilder builder, PtyProcess process, WindowSize windowSize, String[] command, Map<String, String> environment)
            throws Exception {
        // the column
        new PtyProcessBuilder(command);
        new PtyProcessBuilder("ls", "-l");
        builder.command(command);
        builder.environment(environment);
        builder.directory(Path.of("/tmp"));
        builder.windowSize(new WindowSize(40, 120));
        builder.stderr(StandardError.TERMINAL);
        builder.controllingTerminal(false).stderr(StandardError.OWN_TERMINAL);
        builder.start();
        PtyProcess.start(command);
        process.resize(new WindowSize(40, 120));
        process.windowSize();
        windowSize.columns();
        windowSize.rows();
        process.isAlive();
        process.getOutputStream().write('\r');
        builder.controllingTerminal();
        process.getInputStream();
        process.getOutputStream();
        process.getErrorStream();
        process.pid();
        process.ptsName();
        process.signal(Signal.HUP);
        process.waitFor();
        process.exitStatus();
        process.destroy();
        process.destroyForcibly();
        // its end
    }
}
