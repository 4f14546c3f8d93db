package dev.panpty.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.screen.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Several programs in a test. */
@Terminal(rows = 5, columns = 40)
class StarterTest {

    // @start region="test"
    @Test
    void twoProgramsTalk(TerminalStarter starter) throws IOException {
        Files.writeString(starter.home().resolve("letter"), "hello\n");
        TestTerminal reader = starter.start("sh", "-c", "mkfifo ~/mail; cat ~/mail; echo read");
        TestTerminal writer = starter.start("sh", "-c", "until test -p ~/mail; do sleep 0.01; done; cat ~/letter > ~/mail");
        writer.awaitExit(0);
        reader.awaitText("hello");
        reader.awaitExit(0);
    }
    // @end

    @Test
    void aBuilderMayBeChanged(TerminalStarter starter) throws IOException {
        TestTerminal t = starter.start(starter.builder("sh", "-c", "pwd; stty size").directory(starter.home()));
        t.awaitExit(0);
        assertEquals(starter.home().toString().substring(0, Math.min(starter.home().toString().length(), 40)), t.screen().line(0));
        assertEquals("5 40", t.screen().line(t.screen().cursor().row() - 1));
        assertEquals(t.home(), starter.home());
    }

    @Test
    @Terminal(command = {"sh", "-c", "read x; echo got $x"}, rows = 5, columns = 40, limitMillis = Long.MAX_VALUE)
    void limitsMayBeOfAnyLength(TestTerminal t) {
        Duration ages = Duration.ofSeconds(Long.MAX_VALUE);
        t.type("it").press(Key.ENTER);
        t.awaitText("got it", ages);
        t.output().await("got it", ages);
        t.awaitExit(0);
    }
}
