package dev.panpty.screen;

import java.util.ArrayList;
import java.util.List;

/**
 * A new size of a buffer. The main buffer is laid out again, with its history: lines that were wrapped are joined, and cut at the new
 * width. No text is lost, except from the top of the history. If the height shrinks, lines without text below the cursor go first, then
 * lines at the top move into the history. If it grows and the cursor is in the last line, lines come back from the history. The alternate
 * buffer keeps its cells where they are: its program draws it again.
 *
 * <p>The cursor and the saved cursor stay at their character, in all buffers.
 */
final class Reflow {

    private static final Pen PLAIN = new Pen();
    private static final int POSITIONS = 2;

    private final Buffer buffer;
    private final int columns;

    /** The new rows, of history and screen. */
    private final List<Cells> rows = new ArrayList<>();
    private Cells target;
    private int targetColumn;

    /** The cursor, then the saved cursor: rows of history and screen, before and after. */
    private final int[] oldRow;
    private final int[] oldColumn;
    private final int[] newRow = {-1, -1};
    private final int[] newColumn = {0, 0};

    private Reflow(Buffer buffer, int columns) {
        this.buffer = buffer;
        this.columns = columns;
        int above = buffer.history.size();
        oldRow = new int[] {above + buffer.row, above + buffer.saved.row};
        oldColumn = new int[] {buffer.column, buffer.saved.column};
    }

    static void resize(Buffer buffer, int rowCount, int columns) {
        if (buffer.isMain) {
            new Reflow(buffer, columns).main(rowCount);
        } else {
            crop(buffer, rowCount, columns);
        }
    }

    /** Rows below the cursor go first, then rows at the top. */
    private static void crop(Buffer buffer, int rowCount, int columns) {
        int skipped = Math.max(buffer.row + 1 - rowCount, 0);
        Cells[] rows = new Cells[rowCount];
        for (int i = 0; i < rowCount; i++) {
            rows[i] = new Cells(columns);
            if (i + skipped < buffer.rowCount()) {
                crop(buffer.row(i + skipped), rows[i]);
            }
        }
        buffer.row -= skipped;
        buffer.column = Math.min(buffer.column, columns - 1);
        buffer.saved.row = Math.max(buffer.saved.row - skipped, 0);
        buffer.replace(rows, columns);
    }

    private static void crop(Cells old, Cells fresh) {
        fresh.copy(old, 0, 0, Math.min(fresh.columns(), old.columns()));
        fresh.wrapped = old.wrapped;
        if (fresh.width(fresh.columns() - 1) == 2) {
            fresh.set(fresh.columns() - 1, Cells.BLANK, PLAIN);
        }
    }

    private void main(int rowCount) {
        List<Cells> old = buffer.history.rows();
        int last = last(rowCount);
        for (int i = 0; i <= last; i++) {
            old.add(buffer.row(i));
        }
        int top = topForHeight(rowCount, old.size());
        if (columns == buffer.columns()) {
            rows.addAll(old);
            System.arraycopy(oldRow, 0, newRow, 0, POSITIONS);
            System.arraycopy(oldColumn, 0, newColumn, 0, POSITIONS);
        } else {
            layOut(old);
            int more = rows.size() - old.size();
            top = top == 0 && more > 0 ? 0 : Math.max(top + more, 0);
        }
        if (newRow[1] < 0) { // below the last row with text
            newRow[1] = rows.size() + oldRow[1] - old.size();
            newColumn[1] = oldColumn[1];
        }
        while (rows.size() - top > rowCount && rows.size() - 1 > newRow[0] && rows.getLast().textLength() == 0) {
            rows.removeLast();
        }
        int full = Math.max(rows.size() - rowCount, 0);
        install(rowCount, Math.min(Math.max(top, full), Math.max(newRow[0], full)));
    }

    /** The last row of the screen that is to be kept: with text or the cursor, or, where there is room for it, with a style. */
    private int last(int rowCount) {
        int last = buffer.rowCount() - 1;
        while (last > buffer.row && (last < rowCount ? buffer.row(last).usedLength() : buffer.row(last).textLength()) == 0) {
            last--;
        }
        return last;
    }

    /** The first row of the screen at the new height and the old width, among {@code total} rows. */
    private int topForHeight(int rowCount, int total) {
        boolean cursorIsLast = buffer.row == buffer.rowCount() - 1;
        return cursorIsLast && rowCount > buffer.rowCount() ? Math.max(total - rowCount, 0)
                : Math.max(buffer.history.size(), total - rowCount);
    }

    private void layOut(List<Cells> old) {
        for (int i = 0; i < old.size(); i++) {
            Cells row = old.get(i);
            if (!row.wrapped || target == null) {
                begin(false);
            }
            append(row, i, i + 1 < old.size() && old.get(i + 1).wrapped);
        }
    }

    private void begin(boolean wrapped) {
        target = new Cells(columns);
        target.wrapped = wrapped;
        targetColumn = 0;
        rows.add(target);
    }

    private void append(Cells row, int index, boolean continues) {
        int length = continues ? row.columns() : row.textLength();
        for (int column = 0; column < length; column++) {
            boolean isText = !(row.text[column] == Cells.PAD && continues) && !row.isSecondHalf(column);
            int width = Math.max(row.width(column), 1);
            if (isText && width <= columns) {
                makeRoom(width);
                place(index, column, targetColumn);
                target.copy(row, column, targetColumn, Math.min(width, row.columns() - column));
                targetColumn += width;
            } else {
                place(index, column, Math.max(targetColumn - 1, 0));
            }
        }
        for (int column = length; column <= row.columns(); column++) {
            // Behind the last character the next one wraps, if the row is full; elsewhere the cursor stays in the row.
            place(index, column, column == length ? targetColumn : Math.min(targetColumn + column - length, columns - 1));
        }
        if (!continues) {
            int blanks = Math.min(row.usedLength() - length, columns - targetColumn);
            target.copy(row, length, targetColumn, blanks);
        }
    }

    private void makeRoom(int width) {
        if (targetColumn + width > columns) {
            if (targetColumn < columns) {
                target.set(targetColumn, Cells.PAD, PLAIN);
            }
            begin(true);
        }
    }

    /** Carries a position at this cell over. */
    private void place(int index, int column, int placed) {
        for (int i = 0; i < POSITIONS; i++) {
            if (oldRow[i] == index && oldColumn[i] == column) {
                newRow[i] = rows.size() - 1;
                newColumn[i] = placed;
            }
        }
    }

    private void install(int rowCount, int top) {
        buffer.history.clear();
        for (int i = 0; i < top; i++) {
            buffer.history.add(rows.get(i), columns);
        }
        Cells[] screen = new Cells[rowCount];
        for (int i = 0; i < rowCount; i++) {
            screen[i] = top + i < rows.size() ? rows.get(top + i) : new Cells(columns);
        }
        buffer.row = Math.max(newRow[0] - top, 0);
        buffer.column = newColumn[0];
        buffer.saved.row = Math.max(newRow[1] - top, 0);
        buffer.saved.column = newColumn[1];
        buffer.replace(screen, columns);
    }
}
