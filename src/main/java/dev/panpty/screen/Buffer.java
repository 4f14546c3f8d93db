package dev.panpty.screen;

import java.util.BitSet;

/**
 * The main or the alternate buffer: rows, cursor, margins, tab stops, what DECSC has saved; the main one with a history. All positions
 * count from 0. The column may be {@link #columns}: the last character was printed in the last column, and the next one wraps.
 */
final class Buffer {

    private static final int TAB = 8;

    final boolean isMain;
    final History history;
    private Cells[] rows;
    private int columns;

    int row;
    int column;
    int top;
    int bottom;
    private final BitSet tabs = new BitSet();
    final Saved saved = new Saved();

    /** What DECSC saves. */
    static final class Saved {

        int row;
        int column;
        boolean origin;
        final Pen pen = new Pen();
        final Charsets charsets = new Charsets();

        void reset() {
            row = 0;
            column = 0;
            origin = false;
            pen.reset();
            charsets.reset();
        }
    }

    Buffer(boolean isMain, int rowCount, int columns, int historyLimit) {
        this.isMain = isMain;
        this.columns = columns;
        history = new History(isMain ? historyLimit : 0);
        rows = new Cells[rowCount];
        for (int i = 0; i < rowCount; i++) {
            rows[i] = new Cells(columns);
        }
        bottom = rowCount - 1;
        setTabs(0);
    }

    int rowCount() {
        return rows.length;
    }

    int columns() {
        return columns;
    }

    /** For reading alone. */
    Cells row(int at) {
        return rows[at];
    }

    /** For writing: no snapshot and no {@link Row} holds it. */
    Cells writable(int at) {
        Cells found = rows[at];
        if (found.shared) {
            found = found.copy();
            rows[at] = found;
        }
        return found;
    }

    /** All blank, as in the beginning. */
    void clear(Pen pen) {
        for (int i = 0; i < rows.length; i++) {
            rows[i] = cleared(rows[i], pen);
        }
        row = 0;
        column = 0;
        resetMargins();
        tabs.clear();
        setTabs(0);
    }

    void resetMargins() {
        top = 0;
        bottom = rows.length - 1;
    }

    private Cells cleared(Cells old, Pen pen) {
        Cells fresh = old.shared || old.columns() != columns ? new Cells(columns) : old;
        fresh.clear(pen);
        return fresh;
    }

    /** Moves the lines from {@code first} to {@code last} up; what leaves the top of the screen goes into the history. */
    void scrollUp(int first, int last, int count, Pen pen, boolean keep) {
        int lines = Math.min(count, last - first + 1);
        for (int i = 0; i < lines; i++) {
            Cells gone = rows[first];
            System.arraycopy(rows, first + 1, rows, first, last - first);
            rows[last] = cleared(keep ? history.add(gone, columns) : gone, pen);
        }
        if (first > 0) {
            unwrap(first);
        }
        if (last + 1 < rows.length) {
            unwrap(last + 1);
        }
    }

    /** Moves them down. */
    void scrollDown(int first, int last, int count, Pen pen) {
        int lines = Math.min(count, last - first + 1);
        for (int i = 0; i < lines; i++) {
            Cells gone = rows[last];
            System.arraycopy(rows, first, rows, first + 1, last - first);
            rows[first] = cleared(gone, pen);
        }
        unwrap(Math.min(first + lines, rows.length - 1));
        if (last + 1 < rows.length) {
            unwrap(last + 1);
        }
    }

    /** The line begins a line of text: its neighbour above has changed. */
    void unwrap(int at) {
        if (rows[at].wrapped) {
            writable(at).wrapped = false;
        }
    }

    void setTab(int at) {
        tabs.set(at);
    }

    void clearTab(int at) {
        tabs.clear(at);
    }

    void clearTabs() {
        tabs.clear();
    }

    /** The next stop, or the last column. */
    int nextTab(int from) {
        int next = tabs.nextSetBit(from + 1);
        return next < 0 || next >= columns ? columns - 1 : next;
    }

    /** The stop before, or the first column. */
    int previousTab(int from) {
        return from == 0 ? 0 : Math.max(tabs.previousSetBit(from - 1), 0);
    }

    /** Stops at each eighth column from here on. */
    private void setTabs(int from) {
        for (int at = (from + TAB - 1) / TAB * TAB; at < columns; at += TAB) {
            tabs.set(at);
        }
    }

    /** Null if the stops are those of the beginning. */
    int[] tabStops() {
        for (int at = 0; at < columns; at++) {
            if (tabs.get(at) != (at % TAB == 0)) {
                return tabs.stream().filter(stop -> stop < columns).toArray();
            }
        }
        return null;
    }

    /** After {@link Reflow}: the new rows. Margins end. */
    void replace(Cells[] newRows, int newColumns) {
        rows = newRows;
        int before = columns;
        columns = newColumns;
        if (newColumns > before) {
            setTabs(before);
        }
        resetMargins();
        row = Math.clamp(row, 0, rows.length - 1);
        column = Math.clamp(column, 0, columns);
        saved.row = Math.clamp(saved.row, 0, rows.length - 1);
        saved.column = Math.clamp(saved.column, 0, columns);
    }
}
