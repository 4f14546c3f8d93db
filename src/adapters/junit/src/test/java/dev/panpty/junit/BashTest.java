package dev.panpty.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.screen.Key;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

@Needs("bash")
@Terminal(command = {"bash", "--norc", "--noprofile"}, rows = 12, columns = 60, environment = "PS1=ready> ")
class BashTest {

    private TestTerminal before;

    @BeforeEach
    void prompts(TestTerminal t) {
        before = t;
        t.awaitText("ready> ");
    }

    @AfterEach
    void isTheSame(TestTerminal t) {
        assertSame(before, t);
    }

    @Test
    void runsCommands(TestTerminal t) {
        t.type("echo $((6 * 7)) in $TERM\r");
        t.awaitText("42 in xterm-256color");
        assertEquals("7", t.type("echo width=$((3 + 4))\r").awaitMatch(Pattern.compile("^width=(\\d+)", Pattern.MULTILINE)).group(1));
        t.type("exit 3\r").awaitExit(3);
    }

    @Test
    void whatWasClearedIsAbsent(TestTerminal t) {
        t.type("echo some text\r").awaitText("\nsome text");
        t.type("clear\r");
        t.awaitAbsent("some text");
        t.awaitAbsent(Pattern.compile("s.me"));
    }

    @Test
    void interruptAndEndOfFileAreKeys(TestTerminal t) {
        t.type("(echo it sta''rted; exec sleep 86400)\r").awaitText("\nit started");
        t.type("\u0003").awaitText("^C\nready> ");
        t.type("echo still here\r").awaitText("\nstill here\nready> ");
        t.press(Key.character('d').ctrl()).awaitExit();
    }

    @Test
    void outputIsText(TestTerminal t) {
        t.type("printf '\\033[31mred\\033[m\\nline\\n'\r");
        t.output().await("red\nline\n");
        assertTrue(t.output().await("ready> ").isEmpty());
        assertEquals("", t.output().unread());
        assertTrue(t.output().text().contains("red\nline\nready> "), t.output()::text);
    }

    @RepeatedTest(2)
    void repetitionsStayThoseOfJUnit(RepetitionInfo info, TestTerminal t) {
        t.type("echo repetition $((" + info.getCurrentRepetition() + " * 3))\r");
        t.awaitText("repetition " + info.getCurrentRepetition() * 3);
    }

    @Nested
    class Inside {

        @Test
        void takesTheTerminalOfTheClassAround(TestTerminal t) {
            t.type("stty size\r").awaitText("\n12 60");
        }

        @Test
        @Terminal(command = {"bash", "--norc", "--noprofile"}, rows = 7, columns = 70, environment = "PS1=ready> ")
        void theMethodsOwnCounts(TestTerminal t) {
            t.type("stty size\r").awaitText("\n7 70");
        }
    }
}
