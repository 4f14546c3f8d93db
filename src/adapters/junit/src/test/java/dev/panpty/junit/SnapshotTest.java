package dev.panpty.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.AssertionFailedError;

@Terminal(command = {"sh", "-c", "printf '\\033[1mTitle\\033[m\\r\\n12:34 %s' \"$WHAT\"; read line; printf 'then %s' \"$line\"; read line"},
        environment = "WHAT=now", rows = 4, columns = 30, limitMillis = 3000)
class SnapshotTest {

    private static final String NOW = """
            4 rows of 30
            |Title
            |12:34 now
            cursor 1,9
            0,0-4 bold
            """;

    @TempDir
    private Path folder;
    private Path file;

    @BeforeEach
    void useAFolder(TestTerminal t) throws IOException {
        System.setProperty("panpty.snapshots.folder", folder.toString());
        file = folder.resolve("dev/panpty/junit/SnapshotTest/title.screen");
        Files.createDirectories(file.getParent());
        t.awaitText("now", Duration.ofSeconds(30));
    }

    @AfterEach
    void resetProperties() {
        System.clearProperty("panpty.snapshots.folder");
        System.clearProperty("panpty.snapshots");
    }

    @Test
    void updateWritesTheSettledScreen(TestTerminal t) throws IOException {
        System.setProperty("panpty.snapshots", "update");
        t.assertSnapshot("title");
        assertEquals(NOW, Files.readString(file));
        System.clearProperty("panpty.snapshots");
        t.assertSnapshot("title");
        try (var all = Files.list(file.getParent())) {
            assertEquals(1, all.count());
        }
    }

    @Test
    void aScreenThatComesToLookLikeTheFileIsRight(TestTerminal t) throws Exception {
        // The echo of "here" stands behind "now".
        Files.writeString(file, NOW.replace("now\n", "nowhere\n|then here\n").replace("cursor 1", "cursor 2"));
        Thread typing = Thread.ofPlatform().start(() -> {
            t.awaitSettled();
            t.type("here\r");
        });
        t.assertSnapshot("title");
        assertEquals("then here", t.screen().line(2));
        typing.join();
    }

    @Test
    void ignoredPartsMayDiffer(TestTerminal t) throws IOException {
        Files.writeString(file, NOW.replace("12:34", "*****"));
        t.assertSnapshot("title", new Region(1, 0, 1, 5));
    }

    @Test
    void aDifferenceIsShownByLines(TestTerminal t) throws IOException {
        Files.writeString(file, NOW.replace("now", "then").replace("bold", "italic"));
        AssertionFailedError failure = assertThrows(AssertionFailedError.class, () -> t.assertSnapshot("title"));
        assertTrue(failure.getMessage().startsWith("the screen is not as in " + file + " within 3 s (-Dpanpty.snapshots=update writes it)\n"
                + " ...\n |Title\n-|12:34 then\n+|12:34 now\n cursor 1,9\n-0,0-4 italic\n+0,0-4 bold\nthe screen as such a file: "), failure::getMessage);
        assertEquals(NOW, failure.getActual().getValue());
        String actual = failure.getMessage().replaceAll("(?s).*such a file: ([^\n]*)\n.*", "$1");
        assertEquals(NOW, Files.readString(Path.of(actual)));
    }

    @Test
    void aMissingFileIsNamedAndNotWritten(TestTerminal t) {
        AssertionError failure = assertThrows(AssertionError.class, () -> t.assertSnapshot("title"));
        assertTrue(failure.getMessage().startsWith("no file " + file + ": -Dpanpty.snapshots=update writes it\n"), failure::getMessage);
        assertTrue(Files.notExists(file));
    }

    @Test
    void aNameStaysInItsFolder(TestTerminal t) {
        assertInstanceOf(IllegalArgumentException.class, assertThrows(RuntimeException.class, () -> t.assertSnapshot("../other")));
    }
}
