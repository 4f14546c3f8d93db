package dev.panpty.junit;

import dev.panpty.screen.Cell;
import dev.panpty.screen.Snapshot;
import dev.panpty.screen.Style;
import java.util.LinkedHashSet;
import java.util.Set;

/** The styles of a text on a screen. */
final class Styles {

    private Styles() {}

    /** Of the first place where it is in one row; empty if it is in no row. */
    static Set<Style> of(Snapshot screen, String text) {
        Set<Style> styles = new LinkedHashSet<>();
        for (int row = 0; row < screen.rows() && styles.isEmpty(); row++) {
            StringBuilder line = new StringBuilder();
            int[] ends = new int[screen.columns()]; // in the line, of the text of each column
            for (int column = 0; column < ends.length; column++) {
                ends[column] = line.append(screen.cell(row, column).text()).length();
            }
            int from = text.isEmpty() ? -1 : line.indexOf(text);
            for (int column = 0; from >= 0 && column < ends.length; column++) {
                int begin = column == 0 ? 0 : ends[column - 1];
                Cell cell = screen.cell(row, column);
                if (ends[column] > from && begin < from + text.length() && !cell.text().isEmpty()) {
                    styles.add(cell.style());
                }
            }
        }
        return styles;
    }
}
