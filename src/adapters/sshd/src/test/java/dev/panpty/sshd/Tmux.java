package dev.panpty.sshd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A tmux server of its own with one pane, without a status line. */
final class Tmux implements AutoCloseable {

    private final List<String> tmux;

    private Tmux(Path folder) throws IOException {
        Path settings = Files.writeString(folder.resolve("tmux.conf"), "set-option -g status off\nset-option -g remain-on-exit on\n");
        tmux = List.of("tmux", "-S", folder.resolve("tmux").toString(), "-f", settings.toString());
    }

    static Tmux start(Path folder, int rows, int columns, List<String> command) throws Exception {
        Tmux started = new Tmux(folder);
        List<String> begin = new ArrayList<>(started.tmux);
        begin.addAll(List.of("new-session", "-d", "-x", Integer.toString(columns), "-y", Integer.toString(rows)));
        begin.addAll(command);
        Command.run(begin, Path.of("/dev/null"), Map.of("TERM", "xterm-256color")).succeeded();
        return started;
    }

    private Command.Run run(String... more) throws Exception {
        List<String> all = new ArrayList<>(tmux);
        all.addAll(List.of(more));
        return Command.run(all);
    }

    void resize(int rows, int columns) throws Exception {
        run("resize-window", "-x", Integer.toString(columns), "-y", Integer.toString(rows)).succeeded();
    }

    /** Presses a key, by its name in tmux. */
    void press(String key) throws Exception {
        run("send-keys", key).succeeded();
    }

    void type(String text) throws Exception {
        run("send-keys", "-l", text).succeeded();
    }

    /** Waits for a text on the pane. */
    void await(String text) throws Exception {
        Await.until(text + " in the pane", () -> {
            String pane = run("capture-pane", "-p", "-S", "-").text();
            if (!pane.contains(text) && pane.contains("Pane is dead")) {
                throw new AssertionError("ended, without \"" + text + "\" in:\n" + pane.stripTrailing());
            }
            return pane.contains(text);
        });
    }

    @Override
    public void close() {
        try {
            run("kill-server");
        } catch (Exception failed) {
            throw new AssertionError("the tmux server is left", failed);
        }
    }
}
