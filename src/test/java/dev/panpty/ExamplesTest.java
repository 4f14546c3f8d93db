package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.examples.Casting;
import dev.panpty.examples.Events;
import dev.panpty.examples.Flows;
import dev.panpty.examples.Hello;
import dev.panpty.examples.Installer;
import dev.panpty.examples.Run;
import dev.panpty.examples.Screens;
import dev.panpty.examples.Tapping;
import dev.panpty.testing.Locales;
import dev.panpty.testing.Repository;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs and commands of the README: they are as printed there, and they work. */
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
        String shown = "```java\n" + program.substring(program.indexOf("import ")) + "```\n";
        assertTrue(Repository.text("README.md").contains(shown), "README.md does not contain\n" + shown);
    }

    @Test
    void theReadmeShowsTheDialogOfTheInstallerAsItIs() throws Exception {
        String program = Repository.text("src/examples/java/dev/panpty/examples/Installer.java");
        int begin = program.indexOf('\n', program.indexOf("@start")) + 1;
        String shown = "```java\n" + program.substring(begin, program.indexOf("        // @end")).replaceAll("(?m)^ {8}", "") + "```\n";
        assertTrue(Repository.text("README.md").contains(shown), "README.md does not contain\n" + shown);
    }

    @Test
    void theReadmeShowsAnywhereAsTheBenchmarksCompileItWithPty4j() throws Exception {
        String program = Repository.text("src/jmh/java/dev/panpty/bench/Anywhere.java");
        String shown = "```java\n" + program.substring(program.indexOf("public final class")) + "```\n";
        assertTrue(Repository.text("README.md").contains(shown), "README.md does not contain\n" + shown);
    }

    /** What the README uses of pty4j, which these tests do not depend on: its builder of the same name. */
    private static void writePty4j(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("com/pty4j"));
        Files.writeString(folder.resolve("com/pty4j/PtyProcessBuilder.java"), """
                package com.pty4j;
                public class PtyProcessBuilder {
                    public PtyProcessBuilder(String[] command) {}
                    public Process start() throws java.io.IOException {
                        throw new java.io.IOException("not pty4j");
                    }
                }
                """);
    }

    @Test
    void programsInTheReadmeCompileAsPrinted(@TempDir Path folder) throws Exception {
        List<String> programs = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Repository.text("README.md")).results()
                .map(block -> block.group(1)).filter(block -> block.contains("public final class")).toList(); // others are parts of files
        assertFalse(programs.isEmpty());
        writePty4j(folder);
        for (String program : programs) {
            String name = program.replaceAll("(?s).*?public final class (\\w+).*", "$1");
            Path source = Files.writeString(folder.resolve(name + ".java"), program);
            StringWriter said = new StringWriter();
            PrintWriter output = new PrintWriter(said);
            int exitCode = ToolProvider.findFirst("javac").orElseThrow().run(output, output, "--release", "22",
                    "-classpath", Repository.path("target/classes").toString(), "-sourcepath", folder.toString(), "-d", folder.toString(), source.toString());
            assertEquals(0, exitCode, () -> said + program);
        }
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
    void tappingShowsBothDirections() throws Exception {
        List<String> lines = run("", java(Tapping.class)).lines().toList();
        assertTrue(lines.contains("> go") && lines.contains("< go") && lines.indexOf("> go") < lines.indexOf("< go"), lines::toString);
        assertTrue(String.join("", lines).contains("30 90"), lines::toString);
    }

    @Test
    void castingRecordsPlaysAndPaints(@TempDir Path folder) throws Exception {
        Path cast = folder.resolve("count.cast");
        Path svg = folder.resolve("count.svg");
        String output = run("", java(Casting.class, cast.toString(), svg.toString()));
        assertEquals("\33[31m1\33[0m\r\n\33[32m2\33[0m\r\n\33[33m3\33[0m\r\n", output);
        assertTrue(Files.readString(cast).endsWith(", \"x\", \"4\"]\n"), Files.readString(cast));
        String picture = Files.readString(svg);
        assertTrue(picture.startsWith("<svg ") && picture.contains(">1<") && picture.contains(">2<"), picture);
        assertFalse(picture.contains(">3<"), picture);
    }

    @Test
    void screensShowsALineAndAStyle() throws Exception {
        assertLines(run("", java(Screens.class)), "hello", "Style\\[foreground=Indexed\\[index=1\\].*");
    }

    @Test
    void theInstallerIsAnswered() throws Exception {
        assertLines(run("", java(Installer.class)), "Overwrite bin\\? \\[y/N\\] bin: y", "Overwrite lib\\? \\[y/N\\] lib: y",
                "Exited\\[code=0\\]");
    }

    @Test
    void theReadmeIsShort() throws Exception {
        assertTrue(Repository.text("README.md").lines().count() < 250);
    }

    @Test
    void helloGreets() throws Exception {
        assertLines(run("", java(Hello.class)), "Duke", "Hello, Duke, on /dev/pts/\\d+", "exit code 0");
    }

    @Test
    void theManifestOfAnExecutableJarEnablesNativeAccess(@TempDir Path folder) throws Exception {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        manifest.getMainAttributes().putValue("Main-Class", Hello.class.getName());
        manifest.getMainAttributes().putValue("Class-Path", Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toUri().toString()).collect(Collectors.joining(" ")));
        manifest.getMainAttributes().putValue("Enable-Native-Access", "ALL-UNNAMED");
        Path jar = folder.resolve("hello.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        String output = run("", List.of(System.getProperty("java.home") + "/bin/java", "-jar", jar.toString()));
        assertLines(output, "Duke", "Hello, Duke, on /dev/pts/\\d+", "exit code 0");
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
        assertEquals("sh exited with code 3\n", run("", java(Run.class, "sh -c 'exit 3'")));
        assertEquals("sh was ended by SIGKILL\n", run("", java(Run.class, "sh -c 'kill -KILL $$'")));
    }

    @Test
    void runStartsTheProgramItselfAndSplitsItsWordsAsAShellDoes() throws Exception {
        assertLines(run("", java(Run.class, "printf '%s|' a  'b c' \"d \\\"e\\\" $f\" g\\ h i'j'\"k\" '' \\*")),
                "a\\|b c\\|d \"e\" \\$f\\|g h\\|ijk\\|\\|\\*\\|printf exited with code 0");
    }

    @Test
    void runNamesAProgramThatIsNotThereAndALineThatIsNoCommand() throws Exception {
        assertLines(failed(java(Run.class, "no-such-program 1")), "cannot .*: no-such-program: ENOENT, .*");
        assertLines(failed(java(Run.class, "echo 'a")), "a quote is not closed.*: echo 'a");
    }

    @Test
    void runTypesWhatIsNotAsciiAsGiven() throws Exception {
        Locales.needAsciiClassPath();
        List<String> command = new ArrayList<>(List.of("env", "LC_ALL=C"));
        command.addAll(java(Run.class, "head -n 1"));
        String line = "h\u00e9 \u20ac \ud83d\ude00";
        assertLines(run(line + "\n", command), line, line, "head exited with code 0");
    }

    @Test
    void runHandsItsInputOver() throws Exception {
        assertLines(run("typed\n", java(Run.class, "sh -c 'read line; echo got $line'")),
                "typed", "got typed", "sh exited with code 0");
    }

    @Test
    void runOnATerminalGivesItsSizeAndEveryKey() throws Exception {
        List<String> run = java(Run.class, "sh -c 'stty size; read -r line; echo got $line'");
        PtyProcessBuilder builder = new PtyProcessBuilder(run).windowSize(new WindowSize(33, 101));
        try (PtyProcess process = builder.start()) {
            assertTrue(readLine(process).equals("33 101"));
            process.getOutputStream().write("typed\n".getBytes(StandardCharsets.US_ASCII));
            assertLines(new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII),
                    "typed", "got typed", "sh exited with code 0");
        }
    }

    @Test
    void runOnATerminalPassesANewSize() throws Exception {
        String script = "sh -c 'trap \"stty size; exit\" WINCH; echo ready; while :; do sleep 0.02; done'";
        try (PtyProcess process = new PtyProcessBuilder(java(Run.class, script)).start()) {
            assertEquals("ready", readLine(process));
            process.resize(new WindowSize(44, 102));
            assertEquals("44 102", readLine(process));
        }
    }

    @Test
    void runLeavesTheTerminalAsItWas() throws Exception {
        String run = java(Run.class, "true").stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        String script = "before=$(stty -g); " + run + "; test \"$before\" = \"$(stty -g)\" && echo same";
        try (PtyProcess process = PtyProcess.start("sh", "-c", script)) {
            assertLines(new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII),
                    "true exited with code 0", "same");
        }
    }

    @Test
    void theHelpersOfJshellWork(@TempDir Path folder) throws Exception {
        String input = """
                sh("tty; exit 3")
                var out = sh("printf '\\\\033[31mred\\\\033[0m\\\\nblue\\\\n'")
                out.lines()
                var p = start("env", "PS1=> ", "sh")
                expect(p, "> ")
                var r = record("FOLDER/demo.cast", p)
                send(p, "echo $((6 * 7)); printf '\\\\033[31mred\\\\033[0m'\\n")
                expect(p, "\\r\\n42\\r\\n").startsWith("echo $((6")
                keys(p, "echo key<Enter>exit 5<Enter>")
                p.waitFor()
                screen(p)
                r.close()
                replay("FOLDER/demo.cast")
                p.close()
                /exit
                """.replace("FOLDER", folder.toString());
        String output = run(input, jshell());
        assertTrue(output.contains("sh(\"ls -l\") "), output);
        assertTrue(output.matches("(?s).*/dev/pts/\\d+\r\n.*\\$\\d+ ==> Exited\\[code=3], 1 lines.*"), output);
        assertTrue(output.contains(" ==> [red, blue]\n"), output);
        assertTrue(output.contains("p ==> PtyProcess[pid=") && output.contains(" ==> true\n") && output.contains(" ==> 5\n"), output);
        assertTrue(output.contains("\033[0;31mred\033[0"), output); // the screen
        assertTrue(output.contains("\033[31mred\033[0m"), output); // the recording
        assertTrue(!output.contains("WARNING") && !output.contains("rror"), output);
    }

    /** The program changes its screen all the time, and is closed with output that was not read. */
    @Test
    void theHelpersOfJshellNeedNoPauseAndRefuseUnknownKeys() throws Exception {
        String input = """
                var program = "trap 'echo caught; stop=1' INT; while [ ! $stop ]; do i=$((i + 1)); echo line $i; done; read x; exec yes"
                var p = start("sh", "-c", program)
                screen(p)
                keys(p, "q<Escape>")
                keys(p, "<C->")
                keys(p, "<C-c>")
                expect(p, "caught").isEmpty()
                keys(p, "Duke<Enter>")
                expect(p, "y\\r\\ny")
                p.close()
                screen(p)
                /exit
                """;
        String output = run(input, jshell());
        assertTrue(output.contains("\033[0mline ") && output.contains(" ==> false\n"), output);
        assertTrue(output.contains("no key <Escape>: Esc,") && output.contains("no key <C->: Esc,"), output);
        assertTrue(output.contains("\033[0my\033[0m ") && !output.contains("output cut") && !output.contains("qDuke"), output);
    }

    /** jshell reads its input in the locale, so the text is escaped; what a program writes is UTF-8. */
    @Test
    void theHelpersOfJshellPassUtf8WithoutALocale() throws Exception {
        Locales.needAsciiClassPath();
        String input = """
                sh("printf '%s|' h\\u00e9 \\u4e2d")
                var p = start("sh", "-c", "stty -echo; printf 'r\\u00e9ady'; read line; printf '<%s>' $line; read x")
                expect(p, "ady")
                send(p, "\\u4e2d\\n")
                expect(p, ">").equals("<\\u4e2d")
                p.close()
                /exit
                """;
        List<String> command = new ArrayList<>(List.of("env", "LC_ALL=C"));
        command.addAll(jshell());
        String output = run(input, command);
        assertTrue(output.contains("h\u00e9|\u4e2d|") && output.contains(" ==> true\n"), output);
    }

    private static String readLine(PtyProcess process) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next; (next = process.getInputStream().read()) != '\n' && next >= 0; ) {
            line.append((char) next);
        }
        return line.toString().strip();
    }

    /** Checks that the output has these lines and no others; each is a regular expression. */
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

    /** The command by which the pom starts jshell. */
    private static List<String> jshell() {
        return List.of(System.getProperty("java.home") + "/bin/jshell", "--class-path",
                Repository.path("target/classes").toString(), "-R--enable-native-access=ALL-UNNAMED", "--startup", "DEFAULT",
                "--startup", Repository.path("src/main/jshell/pty.jsh").toString());
    }

    /** Runs the command with this input; returns its output, with standard error. */
    private static String run(String input, List<String> command) throws IOException, InterruptedException {
        return run(input, command, 0);
    }

    /** The output of a command that fails. */
    private static String failed(List<String> command) throws IOException, InterruptedException {
        return run("", command, 1);
    }

    private static String run(String input, List<String> command, int exitCode) throws IOException, InterruptedException {
        List<String> limited = new ArrayList<>(List.of("timeout", "50"));
        limited.addAll(command);
        Process process = new ProcessBuilder(limited).redirectErrorStream(true).start();
        try (OutputStream stream = process.getOutputStream()) {
            stream.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(exitCode, process.waitFor(), output);
        return output;
    }
}
