package dev.panpty.screen;

import dev.panpty.WindowSize;
import dev.panpty.screen.Oracle.Case;
import dev.panpty.screen.Oracle.Size;
import dev.panpty.screen.Recorded.Picture;
import dev.panpty.testing.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes the recordings of {@link RealProgramsTest}, and what xterm.js shows of them: a program to be run by hand where all are installed, with
 * their names as arguments; with {@code -Dpanpty.keepRecordings=true} only the pictures are written. A step of a session is a key, a size or text to
 * be typed; after each the screen settles and a marker is set.
 */
final class RecordPrograms {

    static final String FOLDER = "programs";

    private final Path home = Files.createTempDirectory("programs");
    private final Path text = Files.writeString(home.resolve("text.txt"),
            "first line\nan é, 漢字 and e\u0301\n\ttab\n" + "a long line ".repeat(20) + "\n" + "more\n".repeat(60));

    private RecordPrograms() throws IOException {}

    public static void main(String[] names) throws Exception {
        RecordPrograms programs = new RecordPrograms();
        Map<String, Session> sessions = programs.sessions();
        for (String name : names) {
            Recorded recorded = new Recorded(FOLDER, name);
            if (!Boolean.getBoolean("panpty.keepRecordings")) {
                programs.record(recorded, sessions.get(name));
            }
            recorded.write(pictures(recorded));
        }
        System.exit(0);
    }

    private record Session(List<String> command, List<Object> steps) {

        Session(List<String> command, Object... steps) {
            this(command, List.of(steps));
        }
    }

    private Map<String, Session> sessions() {
        WindowSize small = new WindowSize(20, 60);
        WindowSize large = new WindowSize(30, 100);
        Map<String, Session> sessions = new TreeMap<>();
        sessions.put("vim", new Session(List.of("vim", "-u", "NONE", "-N", text.toString()), ":set number ruler hlsearch\r", "/line\r", "onew é漢字 text",
                Key.ESCAPE, ":split\r", small, large, Key.PAGE_DOWN, "dd", "u", ":qa!\r"));
        sessions.put("htop", new Session(List.of("htop", "-d", "100"), Key.DOWN, small, large, Key.function(5), "q"));
        sessions.put("mc", new Session(List.of("mc", "-d", home.toString(), "/etc"), Key.DOWN, Key.TAB, Key.PAGE_DOWN, small, Key.function(9), Key.ESCAPE, large,
                Key.function(10)));
        sessions.put("less", new Session(List.of("less", text.toString()), " ", "/long\r", small, "g", large, "G", "q"));
        sessions.put("nano", new Session(List.of("nano", "-I", text.toString()), "typed", Key.DOWN, Key.END, Key.ENTER, "漢字", small, large, Key.character('k').ctrl(),
                Key.character('x').ctrl(), "n"));
        sessions.put("tmux", new Session(List.of("tmux", "-f", "/dev/null", "-L", "panpty-" + ProcessHandle.current().pid(), "new-session", "sh"),
                "echo left\r", Key.character('b').ctrl(), "%", "ls -l /\r", small, Key.character('b').ctrl(), "\"", "echo 漢字\r", large,
                "exit\r", "exit\r", "exit\r"));
        sessions.put("emacs", new Session(List.of("emacs", "-nw", "-Q", text.toString()), "hello 漢字 ", Key.character('x').ctrl(), "2", small,
                Key.PAGE_DOWN, large, Key.character('x').ctrl(), Key.character('c').ctrl(), "n", "yes\r"));
        // In the main buffer, and not drawn again: so of one width.
        sessions.put("dialog", new Session(List.of("dialog", "--title", "Choose", "--menu", "One of these", "15", "50", "4", "a", "first", "b", "second",
                "c", "third 漢字"), Key.DOWN, Key.DOWN, new WindowSize(28, 80), Key.TAB, new WindowSize(25, 80), Key.ESCAPE));
        sessions.put("fish", new Session(List.of("fish", "--no-config"), "echo he", "llo | cat\r", "for i in 1 2\r", "echo $i\r", "end\r", "ls /e\t", "\r", small,
                Key.UP, Key.character('c').ctrl(), large, "exit\r"));
        sessions.put("zsh", new Session(List.of("zsh", "-f"), "PS1='%~ %# '\r", "echo hello\r", "ls /us\t", "\r", small, Key.UP, Key.UP, Key.character('c').ctrl(), large,
                "exit\r"));
        sessions.put("python3", new Session(List.of("python3", "-q"), "def f(x):\r", "return x * 2\r", "\r", "f(21)\r", "import os, sys\r", small, "1/0\r", Key.UP,
                Key.HOME, Key.character('c').ctrl(), large, "exit()\r"));
        sessions.put("gitlog", new Session(List.of("git", "-C", Repository.path("").toString(), "-c", "core.pager=less -R", "log", "--stat", "--graph", "--decorate",
                "--color=always", "-n", "12", "03d9462"), " ", " ", small, "g", large, "q"));
        sessions.put("progress", new Session(List.of("sh", "-c", "read x; i=0; while [ $i -le 40 ]; do printf '\\r\\033[32m%3d%%\\033[0m [%-40s]' $((i * 100 / 40)) "
                + "\"$(printf '%*s' $i '' | tr ' ' '#')\"; i=$((i+1)); done; echo; printf 'wide 漢字\\033[K\\n'; read x"), "\r", small, large, "\r"));
        return sessions;
    }

    private void record(Recorded recorded, Session session) throws Exception {
        try (RecordedSession program = new RecordedSession(recorded, session.command(), home, Map.of("SHELL", "/bin/sh", "PS1", "$ ",
                "PYTHON_BASIC_REPL", "1", "LESS", "", "COLORTERM", "truecolor"))) {
            program.settled();
            program.mark("begin");
            for (Object step : session.steps()) {
                program.take(step);
                if (!program.isAlive()) {
                    break;
                }
                program.settled();
                program.mark(step.toString().strip());
            }
            program.end();
        }
    }

    /** Those of xterm.js, except for places directly after a size where a {@link SizeDifference} is the reason. */
    private static List<Picture> pictures(Recorded recorded) throws IOException {
        List<Picture> pictures = new ArrayList<>();
        try (Oracle oracle = Oracle.start()) {
            for (Case place : recorded.places()) {
                String theirs = oracle.show(place);
                String ours = Dump.of(Dump.screen(place));
                boolean isListed = !ours.equals(theirs) && place.steps().getLast() instanceof Size && !SizeDifference.in(place).isEmpty();
                pictures.add(isListed ? new Picture(SizeDifference.in(place).toString(), ours) : new Picture("", theirs));
            }
        }
        return pictures;
    }
}
