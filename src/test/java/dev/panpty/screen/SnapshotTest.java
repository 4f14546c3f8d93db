package dev.panpty.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.WindowSize;
import dev.panpty.screen.Style.Attribute;
import dev.panpty.screen.Style.Underline;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

/** What a snapshot says of a screen, and its other forms. */
class SnapshotTest {

    private static final int CASES = 500;

    private static Screen screen(String output) {
        return screen(6, 20, output);
    }

    private static Screen screen(int rows, int columns, String output) {
        Screen screen = new Screen(new WindowSize(rows, columns));
        screen.feed(output.getBytes(StandardCharsets.UTF_8));
        return screen;
    }

    @Test
    void cellsHaveTheirTextWidthStyleAndLink() {
        Snapshot snapshot = screen("\u001b[1;31;48:2::1:2:3;4:3;58:5:9m漢\u001b[0m\u001b]8;;https://a.b/\u001b\\e\u0301\u001b]8;;\u001b\\").snapshot();
        assertEquals(new Style(Color.indexed(1), Color.direct(1, 2, 3), Underline.CURLY, Color.indexed(9), Set.of(Attribute.BOLD)),
                snapshot.cell(0, 0).style());
        assertEquals("漢", snapshot.cell(0, 0).text());
        assertEquals(2, snapshot.cell(0, 0).width());
        assertEquals("", snapshot.cell(0, 1).text());
        assertEquals(0, snapshot.cell(0, 1).width());
        assertEquals(new Cell("e\u0301", 1, Style.DEFAULT, Optional.of("https://a.b/")), snapshot.cell(0, 2));
        assertEquals(new Cell(" ", 1, Style.DEFAULT, Optional.empty()), snapshot.cell(0, 3));
        assertTrue(snapshot.cell(0, 0).style().has(Attribute.BOLD));
        assertThrows(IndexOutOfBoundsException.class, () -> snapshot.cell(0, 20));
        assertThrows(IndexOutOfBoundsException.class, () -> snapshot.line(6));
    }

    @Test
    void snapshotsOfTheSamePictureAreEqualAndOthersAreNot() {
        Snapshot snapshot = screen("ab\r\ncd").snapshot();
        assertEquals(snapshot, screen("\u001b[2;1Hcd\u001b[1;1Hab\u001b[2;3H").snapshot());
        assertEquals(snapshot.hashCode(), screen("\u001b[2;1Hcd\u001b[1;1Hab\u001b[2;3H").snapshot().hashCode());
        assertEquals(snapshot, screen("ab \r\ncd").snapshot(), "a blank looks like a space");
        for (String other : List.of("ab\r\nce", "ab\r\ncd\b", "\u001b[1mab\u001b[m\r\ncd", "ab\r\ncd\u001b[?25l", "ab\r\ncd\u001b]2;t\u0007", "ab\r\ncd\u0301")) {
            assertNotEquals(snapshot, screen(other).snapshot(), other);
        }
        assertNotEquals(snapshot, screen(6, 21, "ab\r\ncd").snapshot());
    }

    @Test
    void rowsThatHaveNotChangedAreShared() {
        Screen screen = screen("a\r\nb\r\nc");
        Snapshot before = screen.snapshot();
        assertSame(before, screen.snapshot(), "nothing has changed");
        screen.feed("!".getBytes(StandardCharsets.UTF_8));
        Snapshot after = screen.snapshot();
        for (int row = 0; row < before.rows(); row++) {
            assertEquals(row != 2, before.state().rows()[row] == after.state().rows()[row], "row " + row);
        }
        assertEquals("c", before.line(2));
        assertEquals("c!", after.line(2));
        screen.feed("\u001b[6;1H\n".getBytes(StandardCharsets.UTF_8));
        assertSame(after.state().rows()[1], screen.snapshot().state().rows()[0], "a row that moves is shared too");
    }

    @Test
    void aFrameShowsWideCharactersInTheirColumnsAndTheState() {
        String frame = screen(2, 6, "漢a\r\nbc\u001b]2;name\u0007").snapshot().toString();
        assertEquals("""
                ┌──────┐
                │漢a   │
                │bc    │
                └──────┘
                2 rows of 6, cursor 1,2, title name, [AUTOWRAP, CURSOR_VISIBLE]""", frame);
    }

    @Test
    void textIsFoundInALineThatIsWrapped() {
        Snapshot snapshot = screen("aaaaaaaaaaaaaaaaahello world\r\nnext").snapshot();
        assertTrue(snapshot.contains("hello world"));
        assertTrue(snapshot.contains("world\nnext") || snapshot.text().contains("lo world\nnext"));
        assertFalse(snapshot.contains("worldnext"));
        assertEquals("aaaaaaaaaaaaaaaaahel\nlo world\nnext", snapshot.text());
        Snapshot blank = screen("aaaaaaaaaaaaaaaaaa  b").snapshot();
        assertTrue(blank.contains("aa  b"), blank::toString);
        assertTrue(screen("aaaaaaaaaaaaaaaaaaa漢b").snapshot().contains("aaa漢b"), "no blank for the column that was too narrow");
    }

    @Test
    void ansiRestoresBothBuffersModesMarginsTabsAndPenOnAFreshTerminal() {
        for (int seed = 0; seed < CASES; seed++) {
            String output = String.join("", new RandomOutput(new Random(seed), 6, 20, Set.of(Difference.values()), false).next());
            Screen first = screen(output);
            Screen second = screen(first.snapshot().toAnsi());
            String context = "seed " + seed + " " + Escapes.show(output.getBytes(StandardCharsets.UTF_8)) + "\nANSI "
                    + Escapes.show(first.snapshot().toAnsi().getBytes(StandardCharsets.UTF_8));
            assertEquals(withoutHistory(first), withoutHistory(second), context);
            assertEquals(first.snapshot(), second.snapshot(), context);
            assertTrue(SameState.of(first.snapshot(), second.snapshot()), () -> context + "\n" + first.snapshot().state() + "\n"
                    + second.snapshot().state());
        }
    }

    @Test
    void inOriginModeTheCursorComesBackFromTheAlternateBufferIntoTheMargins() {
        Screen first = screen("\u001b[2;4r\u001b[?6h\u001b[?47h\u001b[6;3Hx\u001b[?47l");
        assertEquals(3, first.snapshot().state().row());
        assertEquals(first.snapshot(), screen(first.snapshot().toAnsi()).snapshot());
    }

    private static String withoutHistory(Screen screen) {
        return Dump.of(screen).replaceAll("\n\\^.*", "");
    }

    private static final String HOSTILE = "<script>alert(1)</script>&\"'\u001b]2;</title><script>\u0007\u001b[2;1H"
            + "\u001b]8;;javascript:alert(1)\u001b\\a\u001b]8;;https://x/\"onclick=\"y\u001b\\b\u001b]8;;\u001b\\\uffff\ufffe\u202e";

    @Test
    void htmlHasNoMarkupOfTheProgramAndNoScriptLink() throws Exception {
        String html = screen(6, 40, HOSTILE).snapshot().toHtml();
        assertFalse(html.contains("<script") || html.contains("javascript:") || html.contains("\"onclick"), html);
        assertTrue(html.contains("&lt;script&gt;") && html.contains("href=\"https://x/&quot;onclick=&quot;y\""), html);
        parse(html);
    }

    @Test
    void svgHasNoMarkupOfTheProgramAndIsWellFormed() throws Exception {
        String svg = screen(6, 40, HOSTILE + "\u001b[7;4;9mx\u001b[38;5;196my").snapshot().toSvg();
        assertFalse(svg.contains("<script") || svg.contains("javascript:") || svg.contains("href"), svg);
        parse(svg);
    }

    @Test
    void htmlAndSvgOfAnyOutputAreWellFormed() throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < 100; i++) {
            byte[] bytes = new byte[300];
            random.nextBytes(bytes);
            Screen screen = new Screen(new WindowSize(6, 20));
            screen.feed(bytes);
            parse(screen.snapshot().toHtml());
            parse(screen.snapshot().toSvg());
        }
    }

    private static void parse(String xml) throws Exception {
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    }

    @Test
    void htmlShowsColoursAndLines() {
        assertEquals("<pre class=\"panpty\" style=\"color:#e5e5e5;background:#000000;direction:ltr;unicode-bidi:bidi-override\">"
                + "a<span style=\"color:#cd0000;font-weight:bold;text-decoration-line:underline\">b</span>\n\n</pre>\n",
                screen(2, 5, "a\u001b[1;4;31mb").snapshot().toHtml());
    }

    @Test
    void aPromptIsFoundWithItsBlank() {
        Screen screen = new Screen(new WindowSize(3, 10));
        screen.feed("ready\r\n$ ".getBytes(StandardCharsets.US_ASCII));
        assertTrue(screen.snapshot().contains("$ "));
        assertTrue(screen.snapshot().contains("ready   "));
        assertFalse(screen.snapshot().contains("> "));
        screen.feed("ls12345678".getBytes(StandardCharsets.US_ASCII));
        assertFalse(screen.snapshot().contains("5678 "));
    }

    @Test
    void theFrameHasTheColours() {
        Screen screen = new Screen(new WindowSize(2, 8));
        screen.feed("a\033[1;31mred\033[0m \u6f22".getBytes(StandardCharsets.UTF_8));
        assertEquals("""
                \u250c\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2510
                \u2502\033[0ma\033[0;1;31mred\033[0m \u6f22\033[0m \u2502
                \u2502\033[0m        \u2502
                \u2514\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2518
                """, screen.snapshot().toFrame());
    }
}
