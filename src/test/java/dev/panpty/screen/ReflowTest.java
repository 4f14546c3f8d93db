package dev.panpty.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.WindowSize;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a new size does to the lines. */
class ReflowTest {

    private static final int ROUNDS = 300;

    private static Screen screen(int rows, int columns, String output) {
        Screen screen = new Screen(new WindowSize(rows, columns));
        screen.feed(output.getBytes(StandardCharsets.UTF_8));
        return screen;
    }

    private static String text(String between, Screen screen) {
        return screen.history().stream().map(Row::text).collect(Collectors.joining(between));
    }

    private static String show(Screen screen) {
        return text("|", screen) + "||" + screen.snapshot().text().replace("\n", "|") + " "
                + screen.snapshot().cursor().row() + "," + screen.snapshot().cursor().column();
    }

    @Test
    void aLineIsCutAtTheNewWidthAndTheCursorStaysAtItsCharacter() {
        Screen screen = screen(6, 30, "0123456789abcdefghij");
        screen.resize(new WindowSize(6, 10));
        screen.feed("Z".getBytes(StandardCharsets.UTF_8));
        assertEquals("||0123456789|abcdefghij|Z 2,1", show(screen));
    }

    @Test
    void wrappedLinesAreJoinedAndOthersAreNot() {
        Screen screen = screen(6, 5, "abcdefgh\r\nxy");
        screen.resize(new WindowSize(6, 20));
        assertEquals("||abcdefgh|xy 1,2", show(screen));
        screen.resize(new WindowSize(6, 3));
        assertEquals("||abc|def|gh|xy 3,2", show(screen));
    }

    @Test
    void aWideCharacterThatDoesNotFitLeavesNoBlankWhenJoined() {
        Screen screen = screen(6, 5, "abcd漢字ef");
        assertEquals("||abcd|漢字e|f 2,1", show(screen));
        screen.resize(new WindowSize(6, 20));
        assertEquals("||abcd漢字ef 0,10", show(screen));
        screen.resize(new WindowSize(6, 7));
        assertEquals("||abcd漢|字ef 1,4", show(screen));
    }

    @Test
    void blankLinesBelowGoFirstAndThenTheTopMovesIntoTheHistory() {
        Screen screen = screen(6, 10, "1\r\n2\r\n3");
        screen.resize(new WindowSize(3, 10));
        assertEquals("||1|2|3 2,1", show(screen));
        screen.resize(new WindowSize(2, 10));
        assertEquals("1||2|3 1,1", show(screen));
        screen.resize(new WindowSize(5, 10));
        assertEquals("||1|2|3 2,1", show(screen));
    }

    @Test
    void linesBelowTheCursorAreKept() {
        Screen screen = screen(6, 10, "1\r\n2\r\n3\r\n4\r\n5\r\n6\u001b[2;1H");
        screen.resize(new WindowSize(3, 10));
        assertEquals("1|2|3||4|5|6 0,0", show(screen));
    }

    @Test
    void rowsWithoutTextKeepTheirBackgroundAndMakeRoomFirst() {
        Screen screen = screen(4, 5, "\u001b[44m\u001b[2Jab\u001b[m");
        screen.resize(new WindowSize(6, 5));
        assertEquals("4444  ", backgrounds(screen));
        screen.resize(new WindowSize(6, 8));
        assertEquals("4444  ", backgrounds(screen));
        screen.resize(new WindowSize(3, 1));
        assertEquals("||a|b 1,1", show(screen));
        assertEquals("444", backgrounds(screen));
    }

    /** Of the first cell of each row, a blank for the default. */
    private static String backgrounds(Screen screen) {
        StringBuilder text = new StringBuilder();
        Snapshot snapshot = screen.snapshot();
        for (int row = 0; row < snapshot.rows(); row++) {
            text.append(snapshot.cell(row, 0).style().background() instanceof Color.Indexed indexed ? indexed.index() : " ");
        }
        return text.toString();
    }

    @Test
    void theAlternateBufferKeepsItsCellsAndTheMainOneIsLaidOutBelowIt() {
        Screen screen = screen(4, 10, "0123456789ab\u001b[?1049h\u001b[Hleft\u001b[1;9Hr");
        screen.resize(new WindowSize(3, 6));
        assertEquals("left", screen.snapshot().line(0));
        screen.feed("\u001b[?1049l".getBytes(StandardCharsets.UTF_8));
        assertEquals("||012345|6789ab 1,5", show(screen));
    }

    @Test
    void theHistoryIsLaidOutTooAndKeepsItsLimit() {
        Screen screen = new Screen(new WindowSize(2, 10), 4);
        screen.feed("0123456789\r\nabc\r\nd\r\ne".getBytes(StandardCharsets.UTF_8));
        assertEquals("0123456789|abc||d|e 1,1", show(screen));
        screen.resize(new WindowSize(2, 4));
        assertEquals("0123|4567|89|abc||d|e 1,1", show(screen));
        screen.resize(new WindowSize(2, 2));
        assertEquals("89|ab|c||d|e 1,1".replaceFirst("^", "67|"), show(screen));
    }

    /** Lines of text, then sizes at random: the text is that of the beginning, whatever its rows. */
    @Test
    void noTextIsLost() {
        Random random = new Random(7);
        for (int round = 0; round < ROUNDS; round++) {
            Screen screen = new Screen(new WindowSize(1 + random.nextInt(10), 2 + random.nextInt(30)), 100_000);
            List<String> lines = new ArrayList<>();
            int count = 1 + random.nextInt(20);
            for (int i = 0; i < count; i++) {
                StringBuilder line = new StringBuilder();
                int length = random.nextInt(50);
                for (int at = 0; at < length; at++) {
                    line.append(random.nextInt(5) == 0 ? "漢" : random.nextInt(9) == 0 ? "e\u0301" : "x");
                }
                lines.add(line.toString());
            }
            screen.feed(String.join("\r\n", lines).getBytes(StandardCharsets.UTF_8));
            for (int step = 0; step < 8; step++) {
                screen.resize(new WindowSize(1 + random.nextInt(12), 2 + random.nextInt(40)));
                assertEquals(String.join("", lines), text(screen), "round " + round);
                Snapshot snapshot = screen.snapshot();
                Cursor cursor = snapshot.cursor();
                assertTrue(cursor.row() < snapshot.rows() && cursor.column() <= snapshot.columns(), snapshot::toString);
            }
            screen.feed("END".getBytes(StandardCharsets.UTF_8));
            assertEquals(String.join("", lines) + "END", text(screen), "round " + round);
        }
    }

    private static String text(Screen screen) {
        return text("", screen) + String.join("", screen.snapshot().lines());
    }
}
