package dev.panpty.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.WindowSize;
import dev.panpty.screen.Screen;
import dev.panpty.screen.Snapshot;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScreenTextTest {

    private static Snapshot screen(String output) {
        Screen screen = new Screen(new WindowSize(4, 20));
        screen.feed(output.getBytes(StandardCharsets.UTF_8));
        return screen.snapshot();
    }

    @Test
    void hasTextThenCursorThenStylesThenLinks() {
        Snapshot shown = screen("plain \u001b[1;31mbold\u001b[m\r\n\r\n\u001b[48;2;1;2;3;4:3;58:5:9m\u4e2d\u001b[m\u001b]8;;http://x/\u0007y\u001b]8;;\u0007\u001b[?25l");
        assertEquals("""
                4 rows of 20
                |plain bold
                |
                |\u4e2dy
                cursor 2,3 hidden
                0,6-9 bold fg=red
                2,0-1 bg=#010203 underline=curly underline-color=bright-red
                2,2 link http://x/
                """, ScreenText.of(shown, List.of()));
    }

    @Test
    void ignoredPartsHaveNoTextAndNoStyle() {
        assertEquals("""
                4 rows of 20
                |time ********
                cursor 0,10
                """, ScreenText.of(screen("time \u001b[31m12:34"), List.of(new Region(0, 5, 1, 8))));
    }

    @Test
    void aRegionIsCutAtTheEdges() {
        Snapshot shown = screen("one\r\ntwo\r\nthree");
        assertEquals("two\nthree", Region.lines(1, 3).text(shown));
        assertEquals("ree", new Region(2, 2, 9, 9).text(shown));
        assertEquals("", Region.line(9).text(shown));
    }

    @Test
    void blanksAtTheEndOfATextCount() {
        Snapshot shown = screen("first\r\n$ ");
        assertTrue(TextSearch.contains(shown, "$ "));
        assertTrue(TextSearch.contains(shown, "first\n$ "));
        assertFalse(TextSearch.contains(shown, "first \n$ "));
        assertTrue(Region.line(1).contains(shown, "$ "));
        assertFalse(Region.line(0).contains(shown, "$ "));
    }

    @Test
    void aDiffHasTheLinesThatDifferAndTheirNeighbours() {
        assertEquals(" ...\n c\n-d\n+D\n e\n ...\n g\n+h", LineDiff.of("a\nb\nc\nd\ne\nf\ng", "a\nb\nc\nD\ne\nf\ng\nh"));
        assertEquals(" ...\n b\n-c\n d\n-e\n+x", LineDiff.of("a\nb\nc\nd\ne", "a\nb\nd\nx"));
    }

    @Test
    void controlsAreWrittenOut() {
        assertEquals("\\e[1mx\\r\\n\ny\\t\\x00\u00e9", Readable.text("\u001b[1mx\r\ny\t\0\u00e9".getBytes(StandardCharsets.UTF_8)));
    }
}
