package dev.panpty.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.ExitStatus;
import dev.panpty.expect.Expect;
import java.io.IOException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Dialogs by the output, in the environment and with the end of other tests. */
class DialogTest {

    @Test
    @Terminal(command = {"sh", "-c", "printf 'Name: '; read name; stty -echo; printf 'Password: '; read word; stty echo; echo; echo $name, ${#word}, $TERM; exit 3"})
    void aProgramAsks(Expect e) throws IOException {
        e.expect("Name: ");
        e.sendLine("Duke").expect("Password: ");
        e.sendSecret("xyzzy".toCharArray());
        assertEquals("5", e.expect(Pattern.compile("Duke, (\\d+), xterm-256color")).group(1).orElseThrow());
        assertEquals(new ExitStatus.Exited(3), e.end());
    }

    @Test
    @Terminal
    void aStarterStartsBothKinds(TerminalStarter starter) throws IOException {
        Expect cat = starter.expect("cat");
        TestTerminal echo = starter.start("echo", "seen");
        cat.send("line\r").expect("line");
        echo.awaitText("seen");
        assertTrue(cat.process().orElseThrow().isAlive());
    }

    @Test
    void aFailedDialogHasTheTerminalAsASuppressedException() {
        Throwable failure = RedTest.failure(RedCases.Dialog.class);
        assertTrue(failure.getMessage().contains("ready"), failure::getMessage);
        assertEquals(1, failure.getSuppressed().length);
        String shown = failure.getSuppressed()[0].getMessage();
        assertTrue(shown.startsWith("the terminal when the test failed\nprogram: sh -c ") && shown.contains("\u2502sorry ") && shown.contains("\nrecording: "), shown);
        assertFalse(shown.contains("typed last"), shown);
    }

    @Test
    void aProgramHasOneReader() {
        String message = RedTest.failure(RedCases.DialogAndScreen.class).getMessage();
        assertTrue(message.contains("a TestTerminal or an Expect"), message);
    }
}
