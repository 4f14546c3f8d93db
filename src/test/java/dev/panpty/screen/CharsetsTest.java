package dev.panpty.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.WindowSize;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Character sets of ECMA-35: designations, locking and single shifts. */
class CharsetsTest {

    private static Screen screen(String output) {
        Screen screen = new Screen(new WindowSize(3, 20));
        screen.feed(output.getBytes(StandardCharsets.UTF_8));
        return screen;
    }

    private static String shown(String output) {
        return screen(output).snapshot().text();
    }

    @Test
    void aSingleShiftIsForTheNextCharacterAlone() {
        assertEquals("─q", shown("\u001b*0\u001bNqq"));
        assertEquals("─q", shown("\u001b+0\u001bOqq"));
        assertEquals("─q", shown("\u001b*0\u008eqq"), "of 8 bits");
        assertEquals("─q", shown("\u001b+0\u008fqq"));
        assertEquals("qq", shown("\u001bNqq"), "G2 is ASCII at first");
        assertEquals("─ä", shown("\u001b(K\u001b*0\u001bNq{"), "back to the set in GL");
    }

    @Test
    void aSingleShiftWaitsForACharacter() {
        assertEquals(" ─q", shown("\u001b*0\u001bN\u001b[1;2H\u001b[1mqq"));
        assertEquals("漢q", shown("\u001b*0\u001bN漢q"), "one outside of GL ends it too");
        assertEquals("q", shown("\u001b*0\u001bN\u001b[!pq"));
        assertEquals("q", shown("\u001b*0\u001bN\u001bcq"));
        assertEquals("─q", shown("\u001b*0\u001bN\u001b7q\r\u001b8qq"), "DECSC saves it");
        assertEquals("q", shown("\u001b*0\u001b7\u001bN\u001b8q"));
        assertEquals("─────", shown("\u001b*0\u001bNq\u001b[4b"));
    }

    @Test
    void lockingShiftsLastUntilTheNext() {
        assertEquals("──q", shown("\u001b*0\u001bnqq\u000fq"));
        assertEquals("──q", shown("\u001b+0\u001boqq\u000fq"));
        assertEquals("──q", shown("\u001b)0\u000eqq\u000fq"));
        assertEquals("─", shown("\u001bn\u001b*0q"), "designated afterwards");
    }

    @Test
    void aSetHasSeveralNames() {
        assertEquals("q\u2500", shown("\u001b(0\u001b(1q\u001b(2q"), "the alternate character ROM of a VT100");
        assertEquals("\u00e9\u00e9\u00e9\u00e9", shown("\u001b(R{\u001b(f{\u001b(Q{\u001b(9{"), "French, French Canadian");
        assertEquals("\u00e6\u00e6\u00e6", shown("\u001b(E{\u001b(6{\u001b(`{"), "Norwegian/Danish");
    }

    @Test
    void setsOf96CharactersAreTheirOwn() {
        assertEquals("i\u00e9i", shown("\u001b.Ai\u001bNii"));
        assertEquals("\u00e9", shown("\u001b/A\u001bOi"));
        assertEquals("\u00e9\u00a0\u00fe", shown("\u001b-A\u000ei ~"));
        assertEquals("\u00a3", shown("\u001b*A\u001bN#"), "A of 94 is the one of the United Kingdom");
        assertEquals("q", shown("\u001b.0\u001bNq"), "0 is known as one of 94 alone");
    }

    @Test
    void aSetThatIsNotKnownStaysUndesignated() {
        assertEquals("─", shown("\u001b*0\u001b*!\u001b*%5\u001bNq"));
    }

    @Test
    void ansiRestoresThem() {
        for (String output : new String[] {"\u001b*0\u001bN", "\u001b+0\u001bO", "\u001b.A\u001bN", "\u001b-A\u000e", "\u001b*0\u001bN\u001b7ab",
            "\u001b*0\u001bN\u001b7a\u001b[?1049hb", "aaaaaaaaaaaaaaaaaaaa\u001b7\u001b[2;2Hb", "a\u001b[1;20Hb\u001b[?1049hc"}) {
            Snapshot expected = screen(output).snapshot();
            Screen restored = screen(expected.toAnsi());
            assertTrue(SameState.of(expected, restored.snapshot()), () -> Escapes.show(expected.toAnsi().getBytes(StandardCharsets.UTF_8)));
            restored.feed("qi\u001b[?1049lq\u001b8q".getBytes(StandardCharsets.UTF_8));
            assertEquals(screen(output + "qi\u001b[?1049lq\u001b8q").snapshot(), restored.snapshot());
        }
    }
}
