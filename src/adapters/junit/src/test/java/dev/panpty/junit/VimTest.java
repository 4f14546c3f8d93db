package dev.panpty.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.screen.Color;
import dev.panpty.screen.Key;
import dev.panpty.screen.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Needs("vim")
@Terminal(command = {"vim", "-u", "NONE", "-i", "NONE", "-N", "-n"})
class VimTest {

    @Test
    void opensAndWrites(TestTerminal t) {
        t.awaitText("VIM - Vi IMproved");
        t.type("ihello").press(Key.ESCAPE);
        t.awaitText(Region.line(0), "hello");
        assertTrue(t.screen().modes().contains(Mode.ALTERNATE_SCREEN));
        t.await("the cursor on the o", screen -> screen.cursor().row() == 0 && screen.cursor().column() == 4);
        t.resize(10, 40).awaitText(Region.line(8), "~");
        t.awaitAbsent("Vi IMproved");
        t.assertSnapshot("hello");
        t.type(":q!\r").awaitExit(0);
    }

    @Test
    void keysAreTypedByTheModesOfTheProgram(TestTerminal t) {
        t.awaitText("VIM - Vi IMproved");
        t.type("i").paste("one\ntwo");
        t.press(Key.UP, Key.HOME).type("0");
        t.awaitText("0one\ntwo");
        t.press(Key.ESCAPE).type(":q!\r").awaitExit(0);
    }

    @Test
    void coloursArePlainValues(TestTerminal t) {
        t.awaitText("VIM - Vi IMproved");
        t.type(":syntax off | hi Search cterm=bold ctermfg=1 ctermbg=220 | set hls\r");
        t.type("ifind the needle").press(Key.ESCAPE).type("/needle\r");
        t.await("the needle in red", screen -> screen.contains("needle") && screen.cell(0, 9).style().foreground().equals(Color.indexed(1)));
        assertEquals(Color.indexed(220), t.styleOf("needle").background());
        assertEquals(Color.DEFAULT, t.styleOf("find the").background());
        t.type(":q!\r").awaitExit(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"caf\u00e9", "\u4e2d\u6587"})
    void parametersStayThoseOfJUnit(String text, TestTerminal t) {
        t.awaitText("VIM - Vi IMproved");
        t.type("i" + text + "|").awaitText(text + "|");
        t.press(Key.ESCAPE).type(":q!\r").awaitExit(0);
    }
}
