package dev.panpty.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.ExitStatus;
import dev.panpty.expect.Expect;
import dev.panpty.screen.Style;
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
    @Terminal(command = {"sh", "-c", "stty -echo; printf 'one\\033[1mtwo\\033[m> '; read a; printf 'got %s\\n' $a; read b"})
    void theScreenAndTheDialogSeeTheSameOutput(TestTerminal t) throws IOException {
        t.awaitText("onetwo>");
        assertTrue(t.styleOf("two").has(Style.Attribute.BOLD));
        assertEquals("onetwo", t.expect().expect("> ").before()); // begun now, and it has what came before
        t.type("typed\r").awaitText("got typed");
        assertEquals("typed", t.expect().expect(Pattern.compile("got (\\w+)\\R")).group(1).orElseThrow());
        assertEquals("onetwo> got ", t.output().await("typed"));
        t.expect().sendLine("end");
        t.awaitExit(0);
        t.expect().end();
    }

    @Test
    @Terminal(command = {"sh", "-c", "printf 'name: '; read name; printf 'again: '; read other; echo \"$name $other\""})
    void bothAreParametersForOneProgram(Expect e, TestTerminal t) throws IOException {
        assertSame(e, t.expect());
        e.expect("name: ");
        t.type("Duke\r").awaitText("again:");
        e.expect("again: ");
        e.sendLine("Java");
        assertEquals("", e.expect("Duke Java").before(), "the echo is dropped");
        t.awaitText("Duke Java");
    }

    @Test
    @Terminal(command = {"sh", "-c", "i=0; while [ $i -lt 120000 ]; do printf '%s--------------------------------------------------\\n' $i; i=$((i+1)); done"},
            limitMillis = 30_000)
    void outputThatNoDialogReadsBlocksNothing(TestTerminal t) throws IOException {
        t.awaitExit(0);
        t.expect().expect("119999-");
    }

    @Test
    void aFailureShowsWhatTheDialogHasTypedLastUnlessItIsASecret() {
        Throwable failure = RedTest.failure(RedCases.DialogThatTypes.class);
        assertTrue(failure.getMessage().contains("typed last: (at a prompt for a password)"), failure::getMessage);
        assertFalse(failure.getMessage().contains("xyzzy"), failure::getMessage);
    }
}
