package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.examples.Events;
import dev.panpty.examples.Flows;
import dev.panpty.examples.Hello;
import dev.panpty.examples.Run;
import dev.panpty.testing.Repository;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The programs and commands that the README shows: they are what it shows, and they work. */
class ExamplesTest {

    private static final String HELLO = "src/examples/java/dev/panpty/examples/Hello.java";

    @Test
    void theReadmeShowsHelloAsItIs() throws Exception {
        String program = Repository.text(HELLO);
        String shown = "```java\n" + program.substring(program.indexOf("import ")) + "```\n";
        assertTrue(Repository.text("README.md").contains(shown), "README.md does not contain\n" + shown);
    }

    @Test
    void theReadmeShowsEventsAsItIs() throws Exception {
        String program = Repository.text("src/examples/java/dev/panpty/examples/Events.java");
        String shown = "```java\n" + program.substring(program.indexOf("public final class")) + "```\n";
        assertTrue(Repository.text("README.md").contains(shown), "README.md does not contain\n" + shown);
    }

    @Test
    void eventsShouts() throws Exception {
        assertLines(run("", java(Events.class)), "duke", "DUKE", "ended: Exited\\[code=0\\]");
    }

    @Test
    void flowsShout() throws Exception {
        assertLines(run("", java(Flows.class)), "duke", "DUKE", "complete");
    }

    @Test
    void theReadmeIsShort() throws Exception {
        assertTrue(Repository.text("README.md").lines().count() < 150);
    }

    @Test
    void helloGreets() throws Exception {
        assertLines(run("", java(Hello.class)), "Duke", "Hello, Duke, on /dev/pts/\\d+", "exit code 0");
    }

    @Test
    void runWithoutACommandShowsThatItIsOnATerminal() throws Exception {
        String output = run("", java(Run.class, ""));
        assertTrue(output.startsWith("On /dev/pts/"), output);
        assertTrue(output.contains(", 24 80 rows and columns, TERM="), output);
        assertTrue(output.endsWith("sh exited with code 0\n"), output);
    }

    @Test
    void runSaysHowTheCommandEndedAndEndsWell() throws Exception {
        assertEquals("sh exited with code 3\n", run("", java(Run.class, "exit 3")));
        assertEquals("sh was ended by SIGKILL\n", run("", java(Run.class, "kill -KILL $$")));
    }

    @Test
    void runHandsItsInputOver() throws Exception {
        assertLines(run("typed\n", java(Run.class, "read line; echo got $line")), "typed", "got typed", "sh exited with code 0");
    }

    @Test
    void runOnATerminalGivesItsSizeAndEveryKey() throws Exception {
        List<String> run = java(Run.class, "stty size; read -r line; echo got $line");
        PtyProcessBuilder builder = new PtyProcessBuilder(run).windowSize(new WindowSize(33, 101));
        try (PtyProcess process = builder.start()) {
            assertTrue(readLine(process).equals("33 101"));
            process.getOutputStream().write("typed\n".getBytes(StandardCharsets.US_ASCII));
            assertLines(new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII),
                    "typed", "got typed", "sh exited with code 0");
        }
    }

    @Test
    void runLeavesTheTerminalAsItWas() throws Exception {
        String run = java(Run.class, "true").stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        String script = "before=$(stty -g); " + run + "; test \"$before\" = \"$(stty -g)\" && echo same";
        try (PtyProcess process = PtyProcess.start("sh", "-c", script)) {
            assertLines(new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII),
                    "sh exited with code 0", "same");
        }
    }

    @Test
    void theHelpersOfJshellWork() throws Exception {
        String input = """
                sh("tty; exit 3")
                var p = start("env", "PS1=> ", "sh")
                showUntil(p, "> ")
                send(p, "echo $((6 * 7))\\n")
                showUntil(p, "\\r\\n42\\r\\n")
                send(p, "exit 5\\n")
                p.waitFor()
                show(p)
                p.close()
                /exit
                """;
        String output = run(input, jshell());
        assertTrue(output.contains("sh(\"ls -l\") "), output);
        assertTrue(output.matches("(?s).*/dev/pts/\\d+\r\n.*\\$\\d+ ==> Exited\\[code=3\\].*"), output);
        assertTrue(output.contains("p ==> PtyProcess[pid="), output);
        assertTrue(output.contains("echo $((6 * 7))\r\n42\r\n"), output);
        assertTrue(output.contains(" ==> 5\n"), output);
        assertTrue(!output.contains("WARNING") && !output.contains("rror"), output);
    }

    private static String readLine(PtyProcess process) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next; (next = process.getInputStream().read()) != '\n' && next >= 0; ) {
            line.append((char) next);
        }
        return line.toString().strip();
    }

    /** The output has these lines and no others; each is a regular expression. */
    private static void assertLines(String output, String... patterns) {
        List<String> lines = output.lines().toList();
        boolean same = lines.size() == patterns.length;
        for (int i = 0; same && i < patterns.length; i++) {
            same = lines.get(i).strip().matches(patterns[i]);
        }
        assertTrue(same, () -> "expected " + Arrays.toString(patterns) + " and not\n" + output);
    }

    private static List<String> java(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-classpath",
                System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** As the pom starts it. */
    private static List<String> jshell() {
        return List.of(System.getProperty("java.home") + "/bin/jshell", "--class-path",
                Repository.path("target/classes").toString(), "-R--enable-native-access=ALL-UNNAMED", "--startup", "DEFAULT",
                "--startup", Repository.path("src/main/jshell/pty.jsh").toString());
    }

    /** Runs the command with this input; what it writes, errors included. */
    private static String run(String input, List<String> command) throws IOException, InterruptedException {
        List<String> limited = new ArrayList<>(List.of("timeout", "50"));
        limited.addAll(command);
        Process process = new ProcessBuilder(limited).redirectErrorStream(true).start();
        try (OutputStream stream = process.getOutputStream()) {
            stream.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }
}
