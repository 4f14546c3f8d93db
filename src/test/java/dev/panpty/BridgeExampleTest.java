package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.examples.Bridge;
import dev.panpty.testing.Await;
import dev.panpty.testing.Needs;
import dev.panpty.testing.Screen;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example that bridges the JVM's own terminal to a program. */
class BridgeExampleTest {

    @TempDir
    Path folder;

    private static List<String> bridge(String... program) {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED", "-classpath", System.getProperty("java.class.path"), Bridge.class.getName()));
        command.addAll(List.of(program));
        return command;
    }

    private static String quoted(List<String> command) {
        return command.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    }

    private String tmux(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("tmux", "-S", folder.resolve("socket").toString(), "-f", "/dev/null"));
        command.addAll(List.of(arguments));
        Process tmux = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(tmux.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, tmux.waitFor(), said);
        return said;
    }

    private void awaitScreen(String text) throws Exception {
        Await.until(text + " is on the screen", () -> tmux("capture-pane", "-p").contains(text));
    }

    @Test
    @Needs({"tmux", "vim"})
    void inTmuxVimIsUsedAndResizedAndTheTerminalIsAsItWas() throws Exception {
        Path file = folder.resolve("edited");
        Path before = folder.resolve("before");
        Path after = folder.resolve("after");
        Path script = Files.writeString(folder.resolve("script"), "stty -g >" + before + "\n"
                + quoted(bridge("vim", "-u", "NONE", file.toString())) + "\necho code $?\nstty -g >" + after + "\nexec cat\n");
        tmux("new-session", "-d", "-x", "90", "-y", "20", "sh " + script);
        try {
            awaitScreen("[New");
            tmux("send-keys", "ihello, bridge", "Escape", ":echo 'size' &lines &columns", "Enter");
            awaitScreen("size 20 90");
            tmux("resize-window", "-x", "70", "-y", "15");
            Await.until("vim has the new size", () -> {
                tmux("send-keys", ":echo 'size' &lines &columns", "Enter");
                return tmux("capture-pane", "-p").contains("size 15 70");
            });
            tmux("send-keys", ":wq", "Enter");
            awaitScreen("code 0");
            Await.until("stty has been asked again", () -> Files.exists(after) && Files.size(after) > 0);
            assertEquals("hello, bridge\n", Files.readString(file));
            assertEquals(Files.readString(before), Files.readString(after));
        } finally {
            tmux("kill-server");
        }
    }

    @Test
    void theExitCodeIsTheProgramsAndTheSizeIsOurs() throws Exception {
        PtyProcessBuilder builder = new PtyProcessBuilder(bridge("sh", "-c", "stty size; exit 42")).windowSize(new WindowSize(33, 101));
        try (Screen screen = new Screen(builder.start())) {
            screen.await("33 101\r\n");
            assertEquals(42, screen.awaitExit());
        }
    }

    @Test
    void everyKeyGoesToTheProgram() throws Exception {
        try (Screen screen = new Screen(new PtyProcessBuilder(bridge("sh", "-c", "stty raw -echo; echo ready; head -c 4 | od -An -tx1")).start())) {
            screen.await("ready");
            screen.type("\3\4\32x").await(" 03 04 1a 78");
            assertEquals(0, screen.awaitExit());
        }
    }

    @Test
    void aResizeReachesTheProgram() throws Exception {
        PtyProcessBuilder builder = new PtyProcessBuilder(
                bridge("sh", "-c", "trap 'stty size; exit' WINCH; echo ready; while :; do sleep 0.02; done"));
        try (Screen screen = new Screen(builder.start())) {
            screen.await("ready");
            screen.process().resize(new WindowSize(11, 22));
            screen.await("11 22");
            assertEquals(0, screen.awaitExit());
        }
    }

    @Test
    void aBridgeThatIsTerminatedRestoresTheTerminal() throws Exception {
        String script = "before=$(stty -g); " + quoted(bridge("sh", "-c", "echo ready; exec sleep 1000")) + " & wait $!; "
                + "test \"$before\" = \"$(stty -g)\" && echo same";
        try (Screen screen = new Screen(PtyProcess.start("sh", "-c", "trap '' TERM TTOU; (trap - TERM; " + script + ")"))) {
            screen.await("ready");
            screen.process().descendants().filter(one -> one.info().command().orElse("").endsWith("/java"))
                    .forEach(ProcessHandle::destroy);
            screen.await("same");
        }
    }

    @Test
    void aProgramThatCannotBeStartedLeavesTheTerminalAsItWas() throws Exception {
        String script = "before=$(stty -g); " + quoted(bridge("/nowhere")) + " 2>&1; test \"$before\" = \"$(stty -g)\" && echo same";
        try (Screen screen = new Screen(PtyProcess.start("sh", "-c", script))) {
            screen.await("ENOENT");
            screen.await("same");
            assertTrue(screen.awaitExit() == 0);
        }
    }
}
