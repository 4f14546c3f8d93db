package dev.panpty.junit.examples;

import static dev.panpty.screen.Style.Attribute.INVERSE;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.junit.Terminal;
import dev.panpty.junit.TestTerminal;
import dev.panpty.screen.Key;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A program of one's own, a menu, tested by its screen. */
@Terminal(command = {"sh", "-c", MenuTest.MENU}, rows = 5, columns = 20)
class MenuTest {

    static final String MENU = """
            at=1
            stty -icanon -echo
            while :; do
                printf '\\033[H\\033[J'
                for entry in 1 2 3; do
                    if [ $entry = $at ]; then printf '\\033[7m'; fi
                    printf ' Entry %s \\033[m\\n' $entry
                done
                case $(dd bs=8 count=1 2>/dev/null) in
                    *A) [ $at -eq 1 ] || at=$((at - 1)) ;;
                    *B) [ $at -eq 3 ] || at=$((at + 1)) ;;
                    '') exit $at ;;
                esac
            done
            """;

    @BeforeEach
    void isDrawn(TestTerminal menu) {
        menu.awaitText("Entry 3");
    }

    @Test
    void theFirstEntryIsMarked(TestTerminal menu) {
        assertTrue(menu.styleOf("Entry 1").has(INVERSE));
        assertFalse(menu.styleOf("Entry 2").has(INVERSE));
    }

    @Test
    void cursorKeysMoveTheMarkAndEnterChooses(TestTerminal menu) {
        menu.press(Key.DOWN).awaitSettled();
        menu.assertSnapshot("second");
        menu.press(Key.ENTER).awaitExit(2);
    }

    @Test
    void theMarkStaysInTheMenu(TestTerminal menu) {
        menu.press(Key.UP).awaitSettled();
        assertTrue(menu.styleOf("Entry 1").has(INVERSE));
        menu.press(Key.ENTER).awaitExit(1);
    }
}
