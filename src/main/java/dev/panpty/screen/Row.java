package dev.panpty.screen;

import java.util.AbstractList;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * A row of a screen or of its history: its text, and its cells with their style. Immutable, for any thread. Rows, snapshots and the screen
 * share the cells that have not changed.
 *
 * <p>Two are equal if all that is seen is: width, cells with style and link.
 */
public final class Row {

    private final Cells cells;

    Row(Cells cells) {
        this.cells = cells;
    }

    /** As a list, without an object for each. These cells must be shared. */
    static List<Row> list(Cells[] shared) {
        return new Rows(shared);
    }

    private static final class Rows extends AbstractList<Row> implements RandomAccess {

        private final Cells[] all;

        Rows(Cells[] all) {
            this.all = all;
        }

        @Override
        public Row get(int index) {
            return new Row(all[index]);
        }

        @Override
        public int size() {
            return all.length;
        }
    }

    Cells cells() {
        return cells;
    }

    /**
     * The width.
     *
     * @return in columns, 1 to {@value Screen#MOST_COLUMNS}
     */
    public int columns() {
        return cells.columns();
    }

    /**
     * The text, without blanks at its end. A wide character is one character here.
     *
     * @return perhaps empty
     */
    public String text() {
        return cells.line();
    }

    /**
     * One place.
     *
     * @param column from 0
     * @return the cell
     * @throws IndexOutOfBoundsException if there is no such column
     */
    public Cell cell(int column) {
        return Cell.of(cells, Objects.checkIndex(column, columns()));
    }

    /**
     * Whether the terminal began this row because the one above was full: then both are one line of text, which a wider screen shows in one
     * row.
     *
     * @return false for a row that begins a line
     */
    public boolean isContinuation() {
        return cells.wrapped;
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof Row that && cells.looksLike(that.cells);
    }

    @Override
    public int hashCode() {
        return 31 * text().hashCode() + columns();
    }

    /** The text, as {@link #text}. */
    @Override
    public String toString() {
        return text();
    }
}
