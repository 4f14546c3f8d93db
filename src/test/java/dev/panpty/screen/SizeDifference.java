package dev.panpty.screen;

import dev.panpty.screen.Oracle.Case;
import dev.panpty.screen.Oracle.Output;
import dev.panpty.screen.Oracle.Size;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Where the picture directly after a new size is not that of xterm.js 6.0.0: a predicate, the smallest case, the reason. No standard says what a
 * new size does; {@link Screen#resize} does. A case ends with the size.
 */
enum SizeDifference {

    /** xterm.js cuts the line of the cursor off, unless its option reflowCursorLine is set; that does not carry the cursor. */
    CURSOR_LINE("25*a", new Size(6, 10), Before::laysOutCursorLine),

    /** xterm.js drops rows below the cursor, whatever they hold, and moves the cursor for lines that it joins below it. */
    TEXT_BELOW_CURSOR("a\\r\\nb\\r\\nc\\e[H", new Size(2, 20), Before::hasTextBelowCursor),

    /** xterm.js moves the cursor of a pending wrap onto the last character, which the next one then overwrites. */
    PENDING_WRAP("20*a", new Size(4, 20), Before::hasCursorAtTheEdge),

    /** xterm.js drops styled blanks behind the text of a line that it lays out again. */
    STYLED_BLANKS("\\e[41m30*a\\e[K\\r\\n", new Size(6, 24), Before::hasStyledBlanks),

    /** xterm.js mixes up the marks of cells that it copies. */
    MARKS("10*a\\u030110*ab\\u0301\\r\\n", new Size(6, 8), Before::hasMarks),

    /** A row that scrolled away from the one above it, in margins or by SD, IL, DL or RI, continues no line; xterm.js joins it with what is there now. */
    SCROLLED("\\e[2;3r\\e[2;1H50*a\\e[r\\e[6;1H", new Size(6, 30), Before::hasScrolled),

    /** A blank in front of a wide character was erased by the program: it is one. xterm.js takes it for one that it made itself. */
    ERASED_BLANK("19*a\\u6f22\\e[A\\e[K\\e[3;1H", new Size(6, 30), Before::hasErasedBlank),

    /** xterm.js keeps half of a wide character at the new edge of the alternate buffer. */
    HALF_CHARACTER("\\e[?1049ha\\u6f22\\e[H", new Size(6, 2), Before::cutsWideCharacter),

    /** xterm.js keeps what it cut off the alternate buffer, and shows it again when the width grows. */
    CUT_CELLS(new Case(6, 20, 0, new Output("\u001b[?1049h" + "a".repeat(20)), new Size(6, 10), new Size(6, 15)), Before::showsCutCells);

    static final int HISTORY = 100;

    private final Case smallest;
    private final Predicate<Before> predicate;

    SizeDifference(String output, Size size, Predicate<Before> predicate) {
        this(new Case(6, 20, HISTORY, new Output(Escapes.readRepeated(output)), size), predicate);
    }

    SizeDifference(Case smallest, Predicate<Before> predicate) {
        this.smallest = smallest;
        this.predicate = predicate;
    }

    Case smallest() {
        return smallest;
    }

    /** Those that may be why this case differs. */
    static List<SizeDifference> in(Case example) {
        Before before = new Before(example);
        return Arrays.stream(values()).filter(difference -> difference.predicate.test(before)).toList();
    }

    /** The screen before the size. */
    private static final class Before {

        private static final Pattern SCROLLING = Pattern.compile("\u001b\\[[\\d;]*[rSTLM]|\u001bM|\u008d");

        private final Case example;
        private final Size size;
        private final boolean isAlternate;
        private final int columns;

        /** Those of the history first. */
        private final List<Cells> rows = new ArrayList<>();
        private final int cursorRow;
        private final int cursorColumn;

        Before(Case example) {
            this.example = example;
            size = (Size) example.steps().getLast();
            Screen screen = Dump.screen(new Case(example.rows(), example.columns(), example.history(),
                    example.steps().subList(0, example.steps().size() - 1)));
            Snapshot snapshot = screen.snapshot();
            isAlternate = snapshot.modes().contains(Mode.ALTERNATE_SCREEN);
            columns = snapshot.columns();
            if (!isAlternate) {
                screen.history().forEach(row -> rows.add(row.cells()));
            }
            cursorRow = rows.size() + snapshot.cursor().row();
            cursorColumn = snapshot.cursor().column();
            rows.addAll(List.of(snapshot.state().rows()));
        }

        private boolean isLaidOut(int row) {
            return !isAlternate && size.columns() != columns && (rows.get(row).wrapped
                    || row + 1 < rows.size() && rows.get(row + 1).wrapped || rows.get(row).textLength() > size.columns());
        }

        boolean laysOutCursorLine() {
            return isLaidOut(cursorRow);
        }

        boolean hasTextBelowCursor() {
            boolean mayDrop = size.columns() != columns || size.rows() < rows.size();
            return !isAlternate && mayDrop && rows.stream().skip(cursorRow + 1).anyMatch(row -> row.textLength() > 0);
        }

        boolean hasCursorAtTheEdge() {
            return cursorColumn >= Math.min(size.columns(), columns);
        }

        private boolean laysOut(Predicate<Cells> predicate) {
            for (int row = 0; row < rows.size(); row++) {
                if (isLaidOut(row) && predicate.test(rows.get(row))) {
                    return true;
                }
            }
            return false;
        }

        boolean hasStyledBlanks() {
            return laysOut(row -> row.usedLength() > row.textLength());
        }

        boolean hasMarks() {
            return laysOut(row -> row.line().codePoints().anyMatch(point -> WidthTable.width(point) == 0));
        }

        boolean hasScrolled() {
            StringBuilder output = new StringBuilder();
            for (Oracle.Step step : example.steps()) {
                output.append(step instanceof Output some ? new String(some.bytes(), StandardCharsets.UTF_8) : "");
            }
            return !isAlternate && SCROLLING.matcher(output).find();
        }

        boolean hasErasedBlank() {
            for (int row = 1; row < rows.size(); row++) {
                if (rows.get(row).wrapped && rows.get(row).width(0) == 2 && rows.get(row - 1).text[columns - 1] == Cells.BLANK) {
                    return true;
                }
            }
            return false;
        }

        boolean cutsWideCharacter() {
            return isAlternate && size.columns() < columns && rows.stream().anyMatch(row -> row.width(size.columns() - 1) == 2);
        }

        boolean showsCutCells() {
            return isAlternate && size.columns() > columns && (example.columns() > columns
                    || example.steps().stream().anyMatch(step -> step instanceof Size earlier && step != size && earlier.columns() > columns));
        }
    }
}
