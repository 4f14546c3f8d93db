package dev.panpty.cast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.WindowSize;
import dev.panpty.screen.Screen;
import dev.panpty.testing.Needs;
import dev.panpty.testing.Repository;
import dev.panpty.testing.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our recordings in asciinema-player, in Chromium. */
@Timeout(120)
@Needs({"node", "chromium"})
class PlayerTest {

    private static final Path NPM = Path.of(System.getProperty("panpty.npm", Optional.ofNullable(System.getenv("PANPTY_NPM")).orElse("target/npm")));
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    @BeforeAll
    static void needPackages() {
        for (String name : new String[] {"playwright-core", "asciinema-player"}) {
            Tools.skipUnless(Files.isDirectory(NPM.resolve("node_modules").resolve(name)), name + " in the folder panpty.npm");
        }
    }

    /** Output with colours, wide and combined characters, a new size, more output, an exit status. Returns what the screen shows. */
    private static Screen record(Path path, CastFormat format) throws Exception {
        Screen screen = new Screen();
        String script = "printf 'red \\033[31mred\\033[0m 漢字 e\\314\\201 \\360\\237\\230\\200\\n\\033[5;20Hin the middle\\r\\n'; read x; stty size; seq 20; exit 3";
        try (PtyProcess process = new PtyProcessBuilder("sh", "-c", script).tap(Recorder.to(path, format)).tap(screen).start()) {
            process.drain();
            screen.awaitText("in the middle", LIMIT);
            process.resize(new WindowSize(15, 60));
            process.getOutputStream().write("x\n".getBytes(StandardCharsets.US_ASCII));
            process.onEnd().get();
        }
        return screen;
    }

    private String shown(Path recording) throws IOException, InterruptedException {
        ProcessBuilder player = new ProcessBuilder("node", Repository.path("src/test/js/player.js").toString(),
                Tools.find("chromium").orElseThrow().toString(), recording.toString(), folder.resolve("picture.png").toString());
        player.environment().put("NODE_PATH", NPM.toAbsolutePath().resolve("node_modules").toString());
        player.environment().put("HOME", folder.toString());
        Process node = player.redirectError(folder.resolve("errors").toFile()).start();
        String lines = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, node.waitFor(), Files.readString(folder.resolve("errors")));
        assertTrue(Files.size(folder.resolve("picture.png")) > 0);
        return lines.stripTrailing();
    }

    @ParameterizedTest
    @EnumSource(names = {"ASCIICAST_V2", "ASCIICAST_V3"})
    void theEndOfARecordingIsTheScreen(CastFormat format) throws Exception {
        Path path = folder.resolve("recording");
        Screen screen = record(path, format);
        assertEquals(screen.snapshot().text(), shown(path));
    }
}
