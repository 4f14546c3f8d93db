package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.EachWay;
import dev.panpty.testing.Needs;
import dev.panpty.testing.Programs;
import dev.panpty.testing.Screen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;

/** Real programs behave as in a terminal: the test types, reads the screen, and quits. */
class TerminalProgramsTest {

    private static final String CONTROL_C = "\3";
    private static final String CONTROL_D = "\4";
    private static final String CONTROL_Z = "\32";
    private static final String CONTROL_BACKSLASH = "\34";
    private static final String ESCAPE = "\33";

    @TempDir
    Path folder;

    private static Screen run(PtyProcessBuilder builder) throws IOException {
        builder.environment().put("TERM", "xterm-256color");
        builder.environment().remove("LESS");
        builder.environment().remove("LESSOPEN");
        return new Screen(builder.start());
    }

    private static Screen bash() throws Exception {
        PtyProcessBuilder builder = new PtyProcessBuilder("bash", "--norc", "--noprofile", "-i");
        builder.environment().put("PS1", "<$?>");
        builder.environment().remove("PROMPT_COMMAND");
        Screen screen = run(builder);
        screen.await("<0>");
        return screen;
    }

    @EachWay
    @Needs("bash")
    void bashHasJobControl() throws Exception {
        try (Screen screen = bash()) {
            assertFalse(screen.text().contains("job control"), screen::text);
            screen.type("echo flags:$-:\n").awaitMatch("flags:[a-zA-Z]*m[a-zA-Z]*:\r\n");
            screen.await("<0>").type("exit 3\n");
            assertEquals(3, screen.awaitExit());
        }
    }

    @EachWay
    @Needs("bash")
    void controlCInterruptsTheForegroundProgramAndNotTheShell() throws Exception {
        try (Screen screen = bash()) {
            screen.type("sh -c 'echo run\"\"ning; exec sleep 1000'\n").await("running").type(CONTROL_C).await("<130>");
            screen.type("exit\n");
            assertEquals(130, screen.awaitExit());
        }
    }

    @EachWay
    @Needs("bash")
    void controlZStopsAndFgContinues() throws Exception {
        try (Screen screen = bash()) {
            screen.type("sh -c 'echo run\"\"ning; read a; echo got $a'\n").await("running");
            screen.type(CONTROL_Z).await("Stopped").await("<148>");
            screen.type("fg\n").await("sh -c").await("\n").type("this\n").await("got this").await("<0>");
            screen.type("exit\n");
            assertEquals(0, screen.awaitExit());
        }
    }

    @EachWay
    @Needs("bash")
    void controlBackslashQuits() throws Exception {
        try (Screen screen = bash()) {
            screen.type("ulimit -c 0\n").await("<0>");
            screen.type("sh -c 'echo run\"\"ning; exec sleep 1000'\n").await("running").type(CONTROL_BACKSLASH);
            screen.awaitMatch("Quit.*<131>");
            screen.type("exit 0\n");
            assertEquals(0, screen.awaitExit());
        }
    }

    @EachWay
    @Needs("bash")
    void controlDEndsTheShell() throws Exception {
        try (Screen screen = bash()) {
            screen.type(CONTROL_D).await("exit");
            assertEquals(0, screen.awaitExit());
        }
    }

    @EachWay
    @Needs("bash")
    void bashKnowsTheTerminalAndItsSize() throws Exception {
        PtyProcessBuilder builder = new PtyProcessBuilder("bash", "--norc", "-i").windowSize(new WindowSize(33, 111));
        try (Screen screen = run(builder)) {
            screen.type("tty; stty size; echo $LINES $COLUMNS\n").awaitMatch("/dev/pts/\\d+\r\n33 111\r\n33 111\r\n");
        }
    }

    @EachWay
    void sttyShowsEverything() throws Exception {
        String all = Programs.output(new PtyProcessBuilder("stty", "-a").windowSize(new WindowSize(33, 111)));
        assertTrue(all.contains("rows 33; columns 111;"), all);
    }

    @EachWay
    @Needs("vim")
    void vimEditsAFile() throws Exception {
        Path file = folder.resolve("notes.txt");
        try (Screen screen = run(new PtyProcessBuilder("vim", "-u", "NONE", "-i", "NONE", "-n", file.toString()))) {
            screen.await("notes.txt").type("ihello from vim" + ESCAPE).await("hello from vim");
            screen.type(":wq\r");
            assertEquals(0, screen.awaitExit(), screen::text);
            assertEquals("hello from vim\n", Files.readString(file));
        }
    }

    @EachWay
    @Needs("less")
    void lessPagesAFile() throws Exception {
        Path file = folder.resolve("long.txt");
        Files.writeString(file, IntStream.rangeClosed(1, 200).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining()));
        try (Screen screen = run(new PtyProcessBuilder("less", file.toString()))) {
            screen.await("line 23").type("G").await("line 200").await("(END)").type("g").await("line 1").type("q");
            assertEquals(0, screen.awaitExit());
            assertFalse(screen.text().contains("terminal is not fully functional"), screen::text);
        }
    }

    @EachWay
    @Needs("top")
    void topShowsProcessesUntilTheQuitKey() throws Exception {
        try (Screen screen = run(new PtyProcessBuilder("top"))) {
            screen.await("load average").await("PID").type("q");
            assertEquals(0, screen.awaitExit());
        }
    }

    private static Screen python() throws IOException {
        PtyProcessBuilder builder = new PtyProcessBuilder("python3", "-q");
        builder.environment().put("PYTHONSTARTUP", "");
        builder.environment().put("PYTHON_BASIC_REPL", "1");
        return run(builder);
    }

    @EachWay
    @Needs("python3")
    void pythonIsInterruptedByControlC() throws Exception {
        try (Screen screen = python()) {
            screen.await(">>> ").type("while True: print('run' 'ning')\n\n").await("running").type(CONTROL_C).await("KeyboardInterrupt");
            screen.await(">>> ").type("import os; os._exit(4)\n"); // after a KeyboardInterrupt exit(4) ends Python 3.14 by SIGINT
            assertEquals(4, screen.awaitExit());
        }
    }

    @EachWay
    @Needs("python3")
    void pythonTalksAtItsPrompt() throws Exception {
        try (Screen screen = python()) {
            screen.await(">>> ").type("import os; print('answer', 6*7, os.get_terminal_size().columns)\n").await("answer 42 80");
            screen.await(">>> ").type("input('name? ')\n").await("name? ").type("pan\n").await("'pan'");
            screen.await(">>> ").type(CONTROL_D);
            assertEquals(0, screen.awaitExit());
        }
    }

    @EachWay
    @Needs("tmux")
    void tmuxAttachesAndDetaches() throws Exception {
        String socket = folder.resolve("tmux.socket").toString();
        // keys that come at once are the prefix and its command, not pasted text
        Path settings = Files.writeString(folder.resolve("tmux.conf"), "set -g assume-paste-time 0\n");
        PtyProcessBuilder builder = new PtyProcessBuilder("tmux", "-S", socket, "-f", settings.toString(), "new-session", "sh -c 'echo in\"\"side; exec cat'");
        builder.environment().remove("TMUX");
        builder.environment().put("LC_ALL", "C.UTF-8");
        try (Screen screen = run(builder)) {
            screen.await("inside").type("echoed\r").await("echoed").await("echoed").type("\2d").await("detached");
            assertEquals(0, screen.awaitExit());
        } finally {
            new ProcessBuilder("tmux", "-S", socket, "kill-server").start().waitFor();
        }
    }
}
