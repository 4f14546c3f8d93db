package dev.panpty.screen;

import java.util.Arrays;
import java.util.Objects;

/** Whether snapshots not only look alike but are in the same state: what {@link Snapshot#toAnsi} restores. */
final class SameState {

    private SameState() {}

    static boolean of(Snapshot first, Snapshot second) {
        return of(first.state(), second.state());
    }

    private static boolean of(State first, State second) {
        return first.looksLike(second) && first.top() == second.top() && first.bottom() == second.bottom() && first.pen() == second.pen()
                && first.underline() == second.underline() && Objects.equals(first.link(), second.link())
                && first.charsets().equals(second.charsets()) && first.shift() == second.shift() && first.shiftOnce() == second.shiftOnce()
                && first.cursorStyle() == second.cursorStyle() && Arrays.equals(first.tabs(), second.tabs())
                && first.saved().equals(second.saved()) && Objects.equals(first.mainSaved(), second.mainSaved())
                && haveSameMain(first.mainRows(), second.mainRows());
    }

    private static boolean haveSameMain(Cells[] first, Cells[] second) {
        if (first == null || second == null) {
            return first == second;
        }
        for (int i = 0; i < first.length; i++) {
            if (!first[i].looksLike(second[i])) {
                return false;
            }
        }
        return true;
    }
}
