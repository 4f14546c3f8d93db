package dev.panpty.junit;

import dev.panpty.screen.Snapshot;
import java.util.stream.IntStream;

/**
 * A part of a screen. What of it lies outside a screen is ignored. Immutable, for any thread.
 *
 * @param row the first row, from 0
 * @param column the first column, from 0
 * @param rows its height, 0 or more
 * @param columns its width, 0 or more
 */
public record Region(int row, int column, int rows, int columns) {

    /**
     * A region.
     *
     * @throws IllegalArgumentException if a number is negative
     */
    public Region {
        notNegative("row", row);
        notNegative("column", column);
        notNegative("rows", rows);
        notNegative("columns", columns);
    }

    private static void notNegative(String name, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " must not be negative, was " + value);
        }
    }

    /**
     * A whole row.
     *
     * @param row from 0
     * @return the region
     */
    public static Region line(int row) {
        return lines(row, row);
    }

    /**
     * Whole rows.
     *
     * @param first from 0
     * @param last the last of them, not less than {@code first}
     * @return the region
     */
    public static Region lines(int first, int last) {
        return new Region(first, 0, last - first + 1, Integer.MAX_VALUE);
    }

    /** Whether a text is in one of its rows, blanks at the end included, or in its text. */
    boolean contains(Snapshot screen, String text) {
        return text(screen).contains(text) || IntStream.range(row, screen.rows()).limit(rows).anyMatch(at -> cells(screen, at).contains(text));
    }

    boolean contains(int atRow, int atColumn) {
        return atRow >= row && atRow - row < rows && atColumn >= column && atColumn - column < columns;
    }

    /**
     * Its text.
     *
     * @param screen what it is a part of
     * @return its rows joined by line feeds, without blanks at the end of each and without blank rows at the end
     */
    public String text(Snapshot screen) {
        StringBuilder text = new StringBuilder();
        for (int at = row; at < screen.rows() && at - row < rows; at++) {
            text.append(cells(screen, at).stripTrailing()).append('\n');
        }
        return text.toString().stripTrailing();
    }

    private String cells(Snapshot screen, int atRow) {
        StringBuilder cells = new StringBuilder();
        for (int at = column; at < screen.columns() && at - column < columns; at++) {
            cells.append(screen.cell(atRow, at).text());
        }
        return cells.toString();
    }
}
