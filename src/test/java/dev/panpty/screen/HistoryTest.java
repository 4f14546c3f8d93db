package dev.panpty.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.WindowSize;
import dev.panpty.screen.Style.Attribute;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The rows that have left the top of a screen, as values with their styles. */
class HistoryTest {

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Screen screen(int rows, int columns, String output) {
        Screen screen = new Screen(new WindowSize(rows, columns), 3);
        screen.feed(bytes(output));
        return screen;
    }

    private static List<String> text(Screen screen) {
        return screen.history().stream().map(Row::text).toList();
    }

    @Test
    void itHasWhatLeftTheTopOfTheMainBuffer() {
        Screen screen = screen(2, 10, "1\r\n2\r\n3\r\n4\r\n5\r\n6\u001b[?1049hA\r\nB\r\nC\u001b[?1049l");
        assertEquals(List.of("2", "3", "4"), text(screen));
        screen.feed(bytes("\u001b[3J"));
        assertEquals(List.of(), screen.history());
        assertThrows(IllegalArgumentException.class, () -> new Screen(WindowSize.DEFAULT, -1));
    }

    @Test
    void itsRowsHaveCellsStylesAndLinks() {
        Row row = screen(1, 8, "\u001b[1;31m漢\u001b[m\u001b]8;;https://a.b/\u001b\\e\u0301\u001b]8;;\u001b\\ \r\n").history().getFirst();
        assertEquals("漢e\u0301", row.text());
        assertEquals("漢e\u0301", row.toString());
        assertEquals(8, row.columns());
        assertEquals("漢", row.cell(0).text());
        assertTrue(row.cell(0).style().has(Attribute.BOLD));
        assertEquals(Color.indexed(1), row.cell(0).style().foreground());
        assertEquals(0, row.cell(1).width());
        assertEquals(new Cell("e\u0301", 1, Style.DEFAULT, Optional.of("https://a.b/")), row.cell(2));
        assertThrows(IndexOutOfBoundsException.class, () -> row.cell(8));
    }

    @Test
    void aLineThatWasWrappedIsSeveralRows() {
        Screen screen = screen(1, 5, "abcdefgh\r\nnext\r\n");
        assertEquals(List.of("abcde", "fgh", "next"), text(screen));
        assertEquals(List.of(false, true, false), screen.history().stream().map(Row::isContinuation).toList());
        screen.resize(new WindowSize(1, 10));
        assertEquals(List.of("abcdefgh", "next"), text(screen));
        Screen shown = screen(2, 5, "abcdefgh");
        assertTrue(shown.snapshot().row(1).isContinuation());
        assertFalse(shown.snapshot().row(0).isContinuation());
    }

    @Test
    void aRowOfASnapshotIsEqualToTheSameRowInTheHistory() {
        Screen screen = screen(2, 10, "\u001b[7mone\u001b[m\r\ntwo");
        Row one = screen.snapshot().row(0);
        Row two = screen.snapshot().row(1);
        screen.feed(bytes("\r\nthree\r\n"));
        assertEquals(List.of(one, two), screen.history());
        assertEquals(one.hashCode(), screen.history().getFirst().hashCode());
        assertNotEquals(one, two);
        assertNotEquals(one, screen(1, 10, "one").snapshot().row(0), "another style");
        assertNotEquals(two, screen(1, 11, "two").snapshot().row(0), "another width");
        assertThrows(IndexOutOfBoundsException.class, () -> screen.snapshot().row(2));
    }

    /** What the ring drops is used again, unless a list has it. */
    @Test
    void aListStaysAsItIs() {
        Screen screen = screen(2, 10, "1\r\n2\r\n3\r\n4\r\n5\r\n");
        List<Row> before = screen.history();
        List<String> expected = text(screen);
        screen.feed(bytes("\u001b[41mxxxxxxxxxx\r\n".repeat(20)));
        screen.resize(new WindowSize(3, 4));
        screen.feed(bytes("\u001b[3J\u001bcyyyy\r\n".repeat(20)));
        assertEquals(expected, before.stream().map(Row::text).toList());
        assertEquals(Style.DEFAULT, before.getFirst().cell(0).style());
        assertThrows(UnsupportedOperationException.class, () -> before.removeFirst());
        assertThrows(UnsupportedOperationException.class, () -> before.set(0, before.getLast()));
    }

    @Test
    void htmlAndSvgShowItAboveTheScreen() {
        Screen screen = screen(1, 5, "\u001b[31ma\u001b[m\r\n<b\r\nc");
        Snapshot snapshot = screen.snapshot();
        String pre = "<pre class=\"panpty\" style=\"color:#e5e5e5;background:#000000;direction:ltr;unicode-bidi:bidi-override\">";
        assertEquals(pre + "<span style=\"color:#cd0000\">a</span>\n&lt;b\nc\n</pre>\n", snapshot.toHtml(screen.history()));
        assertEquals(pre + "c\n</pre>\n", snapshot.toHtml(List.of()));
        String svg = snapshot.toSvg(screen.history());
        assertTrue(svg.contains("height=\"67\"") && svg.contains("fill=\"#cd0000\">a</text>") && svg.contains(">&lt;b</text>"), svg);
        assertTrue(svg.contains("<rect x=\"16\" y=\"42\" width=\"8\" height=\"17\" fill=\"#e5e5e5\" opacity"), "the cursor is in the third row: " + svg);
        assertEquals(snapshot.toSvg(), snapshot.toSvg(List.of()));
        String wider = snapshot.toSvg(screen(1, 9, "wide\r\n").history());
        assertTrue(wider.contains("width=\"88\""), wider);
    }
}
