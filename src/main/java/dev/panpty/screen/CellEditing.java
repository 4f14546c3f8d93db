package dev.panpty.screen;

/** Inserts, deletes and erases cells of one row. What is left of a wide character that is cut becomes blank. */
final class CellEditing {

    private CellEditing() {}

    /** Shifts cells to the right; those at the end are lost. */
    static void insert(Cells row, int column, int count, Pen pen) {
        if (column > 0 && row.width(column - 1) == 2) {
            row.set(column - 1, Cells.BLANK, pen);
        }
        int shifted = Math.max(row.columns() - column - count, 0);
        row.copy(row, column, row.columns() - shifted, shifted);
        row.fill(column, row.columns() - shifted, Cells.BLANK, pen);
        if (row.width(row.columns() - 1) == 2) {
            row.set(row.columns() - 1, Cells.BLANK, pen);
        }
    }

    /** Shifts cells to the left. */
    static void delete(Cells row, int column, int count, Pen pen) {
        int shifted = Math.max(row.columns() - column - count, 0);
        row.copy(row, row.columns() - shifted, column, shifted);
        row.fill(column + shifted, row.columns(), Cells.BLANK, pen);
        if (column > 0 && row.width(column - 1) == 2) {
            row.set(column - 1, Cells.BLANK, pen);
        }
        if (row.isSpacer(column)) {
            row.set(column, Cells.BLANK, pen);
        }
    }

    /** Blanks cells, with the other half of a wide character that is cut. */
    static void erase(Cells row, int from, int to, Pen pen) {
        int end = Math.min(to, row.columns());
        if (from > 0 && row.width(from - 1) == 2) {
            row.set(from - 1, Cells.BLANK, pen);
        }
        if (end < row.columns() && end > 0 && row.width(end - 1) == 2) {
            row.set(end, Cells.BLANK, pen);
        }
        row.fill(from, end, Cells.BLANK, pen);
    }

    /** As {@link #erase}, but cells that DECSCA protects stay. */
    static void eraseUnprotected(Cells row, int from, int to, Pen pen) {
        int end = Math.min(to, row.columns());
        if (from > 0 && row.width(from - 1) == 2 && !isProtected(row, from - 1)) {
            row.set(from - 1, Cells.BLANK, pen);
        }
        if (end < row.columns() && end > 0 && row.width(end - 1) == 2 && !isProtected(row, end)) {
            row.set(end, Cells.BLANK, pen);
        }
        for (int column = from; column < end; column++) {
            if (!isProtected(row, column)) {
                row.set(column, Cells.BLANK, pen);
            }
        }
    }

    private static boolean isProtected(Cells row, int column) {
        return (row.pens[column] & Pen.PROTECTED) != 0;
    }
}
