package dev.panpty.screen;

/** Prints characters at the cursor of a {@link Display}: graphic characters, wide ones, combining marks, wrapping, REP. */
final class Printer {

    private final Display display;

    /** Whether the last thing was a character, which REP repeats. */
    private boolean printed;

    Printer(Display display) {
        this.display = display;
    }

    /** Characters of ASCII. */
    void print(byte[] text, int from, int to) {
        Buffer buffer = display.buffer;
        if (!display.charsets.isAscii() || display.has(Mode.INSERT)) {
            for (int at = from; at < to; at++) {
                print(display.charsets.map(text[at]));
            }
            return;
        }
        int columns = buffer.columns();
        Cells row = display.row();
        int column = buffer.column;
        separateLeft(row, column);
        int at = from;
        while (at < to) {
            if (column >= columns) {
                if (display.has(Mode.AUTOWRAP)) {
                    buffer.column = columns;
                    wrap();
                    row = display.row();
                    column = 0;
                } else {
                    column = columns - 1;
                    at = to - 1;
                    separateLeft(row, column);
                }
            }
            int count = Math.min(to - at, columns - column);
            row.set(column, text, at, count, display.pen);
            column += count;
            at += count;
        }
        buffer.column = column;
        separateRight(row, column);
        printed = true;
    }

    void print(int codePoint) {
        int width = codePoint < 0x7F ? 1 : WidthTable.width(codePoint);
        if (width == 0) {
            mark(codePoint);
            return;
        }
        Buffer buffer = display.buffer;
        separateLeft(display.row(), buffer.column);
        printed = true;
        if (buffer.column + width > buffer.columns() && !makeRoom(width)) {
            return;
        }
        Cells row = display.row();
        int column = buffer.column;
        if (display.has(Mode.INSERT)) {
            CellEditing.insert(row, column, width, display.pen);
        }
        if (width == 2) {
            row.set(column, codePoint | Cells.WIDE, display.pen);
            row.set(column + 1, Cells.SPACER, display.pen);
        } else {
            row.set(column, codePoint | Cells.NARROW, display.pen);
        }
        buffer.column = column + width;
        separateRight(row, column + width);
    }

    /** At the right edge: a new line, or the last column once more. False if a wide character has no place. */
    private boolean makeRoom(int width) {
        Buffer buffer = display.buffer;
        int columns = buffer.columns();
        if (width > columns) {
            return false;
        }
        Cells row = display.row();
        if (display.has(Mode.AUTOWRAP)) {
            row.fill(buffer.column, columns, Cells.PAD, display.pen);
            wrap();
            return true;
        }
        buffer.column = columns - 1;
        separateLeft(row, columns - 1);
        if (width == 2) {
            separateRight(row, columns - 1);
            printed = false;
        }
        return width == 1;
    }

    /** Overwriting the second half of a wide character blanks its first. */
    private void separateLeft(Cells row, int column) {
        if (column > 0 && row.width(column - 1) == 2) {
            row.set(column - 1, Cells.BLANK, display.pen);
        }
    }

    /** Overwriting the first half blanks the second. */
    private void separateRight(Cells row, int column) {
        if (column < row.columns() && row.isSpacer(column)) {
            row.set(column, Cells.BLANK, display.pen);
        }
    }

    /** A character without a width belongs to the cell on the left of the cursor. In the first column there is none, and it is dropped. */
    private void mark(int codePoint) {
        int column = display.buffer.column - 1;
        if (column < 0) {
            return;
        }
        Cells row = display.row();
        if (row.isSecondHalf(column)) {
            column--;
        }
        if (row.point(column) == 0) {
            row.text[column] = ' ' | Cells.NARROW;
        }
        row.addMark(column, codePoint);
    }

    /** To the first column of the next line, which continues this one. */
    private void wrap() {
        Buffer buffer = display.buffer;
        buffer.column = 0;
        if (buffer.row == buffer.bottom) {
            display.scroll();
            display.row().wrapped = true;
        } else if (buffer.row < buffer.rowCount() - 1) {
            buffer.row++;
            display.row().wrapped = true;
        }
    }

    /** REP, see ECMA-48, 8.3.103. */
    void repeat(int count) {
        Buffer buffer = display.buffer;
        if (!printed || buffer.column == 0) {
            return;
        }
        Cells row = buffer.row(buffer.row);
        int column = buffer.column - 1;
        if (row.isSecondHalf(column)) {
            column--;
        }
        int point = row.point(column);
        int[] marks = row.marks(column);
        if (point == 0) {
            return;
        }
        for (int i = 0; i < count; i++) {
            print(point);
            for (int mark : marks) {
                mark(mark);
            }
        }
    }

    /** A control function: no character comes before what follows. */
    void functionDone() {
        printed = false;
    }
}
