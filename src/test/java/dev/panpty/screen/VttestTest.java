package dev.panpty.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.screen.Oracle.Case;
import dev.panpty.screen.Oracle.Output;
import dev.panpty.screen.Oracle.Step;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What vttest has drawn in those of its tests that concern what is built, recorded by {@link RecordVttest}. Nearly every picture says in words what
 * must be seen, and each has been looked at. It is that of xterm.js, except where xterm.js does not know what is tested. Not built are 132 columns,
 * lines of double width, the reverse screen, VT52 mode, margins on the left and right, rectangles and pages.
 */
class VttestTest {

    /** What xterm.js ignores, and vttest tests. */
    private static final List<Difference> IGNORED = List.of(Difference.SCROLL_DOWN_BACKGROUND, Difference.SECOND_NAMES, Difference.SINGLE_SHIFTS);

    static Stream<Recorded> sessions() {
        return RecordVttest.names().map(name -> new Recorded(RecordVttest.FOLDER, name));
    }

    /** Why xterm.js may show something else at a place: from what was printed since the one before. */
    static List<Difference> reasons(List<Case> places, int place) {
        List<Step> before = place == 0 ? List.of() : places.get(place - 1).steps();
        StringBuilder output = new StringBuilder();
        for (Step step : places.get(place).steps().subList(before.size(), places.get(place).steps().size())) {
            output.append(new String(((Output) step).bytes(), StandardCharsets.UTF_8));
        }
        return IGNORED.stream().filter(difference -> difference.mayBeIn(output.toString())).toList();
    }

    private static Snapshot snapshot(Case place) {
        return Dump.screen(place).snapshot();
    }

    @ParameterizedTest
    @MethodSource("sessions")
    void eachScreenIsTheExpectedOne(Recorded recorded) throws Exception {
        recorded.assertShown();
    }

    @ParameterizedTest
    @MethodSource("sessions")
    void theExpectedOneIsThatOfXtermJsOrHasAReason(Recorded recorded) throws Exception {
        recorded.assertAsOnXtermJs(VttestTest::reasons);
    }

    /** What no picture has. DECSCUSR 0 is the default of the terminal: a block, which blinks on a VT510, and not here. */
    @Test
    void cursorAndTitleAreAsVttestSays() throws Exception {
        for (Case place : new Recorded(RecordVttest.FOLDER, "vt220").places()) {
            Snapshot snapshot = snapshot(place);
            assertEquals(!lastSentence(snapshot).equals("The cursor should be invisible"), snapshot.cursor().isVisible(), snapshot::toString);
        }
        List<Snapshot> styles = new Recorded(RecordVttest.FOLDER, "vt520").places().stream().map(VttestTest::snapshot)
                .filter(snapshot -> lastSentence(snapshot).contains("cursor should be")).toList();
        assertEquals(List.of(true, false, false, true, false, true, false, false),
                styles.stream().map(snapshot -> snapshot.modes().contains(Mode.CURSOR_BLINK)).toList());
        assertEquals("a title", snapshot(new Recorded(RecordVttest.FOLDER, "xterm").places().getLast()).title());
    }

    /** That above the last prompt. */
    private static String lastSentence(Snapshot snapshot) {
        int row = snapshot.cursor().row();
        return row > 0 ? snapshot.line(row - 1) : "";
    }
}
