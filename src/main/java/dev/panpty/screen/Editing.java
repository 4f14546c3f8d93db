package dev.panpty.screen;

/** Inserts, deletes and erases cells and lines of a {@link Display}, and scrolls it. */
final class Editing {

    private final Display display;

    Editing(Display display) {
        this.display = display;
    }

    /** SU. */
    void scrollUp(int count) {
        Buffer buffer = display.buffer;
        buffer.scrollUp(buffer.top, buffer.bottom, count, display.erasing(), false);
    }

    /** SD. */
    void scrollDown(int count) {
        Buffer buffer = display.buffer;
        buffer.scrollDown(buffer.top, buffer.bottom, count, display.erasing());
    }

    private boolean isInMargins() {
        Buffer buffer = display.buffer;
        return buffer.row >= buffer.top && buffer.row <= buffer.bottom;
    }

    /** IL. */
    void insertLines(int count) {
        Buffer buffer = display.buffer;
        display.restrict(buffer.columns() - 1);
        if (isInMargins()) {
            buffer.scrollDown(buffer.row, buffer.bottom, count, display.erasing());
            buffer.column = 0;
        }
    }

    /** DL. */
    void deleteLines(int count) {
        Buffer buffer = display.buffer;
        display.restrict(buffer.columns() - 1);
        if (isInMargins()) {
            buffer.scrollUp(buffer.row, buffer.bottom, count, display.erasing(), false);
            buffer.column = 0;
        }
    }

    // Cells

    /** ICH. */
    void insertCharacters(int count) {
        display.restrict(display.columns() - 1);
        CellEditing.insert(display.row(), display.buffer.column, count, display.erasing());
    }

    /** DCH. */
    void deleteCharacters(int count) {
        display.restrict(display.columns() - 1);
        CellEditing.delete(display.row(), display.buffer.column, count, display.erasing());
    }

    /** ECH. */
    void eraseCharacters(int count) {
        Buffer buffer = display.buffer;
        display.restrict(buffer.columns() - 1);
        CellEditing.erase(display.row(), buffer.column, buffer.column + count, display.erasing());
    }

    /** DECIC, and SR from the first column: in all lines between the margins. */
    void insertColumns(int column, int count) {
        Buffer buffer = display.buffer;
        if (isInMargins()) {
            for (int at = buffer.top; at <= buffer.bottom; at++) {
                CellEditing.insert(buffer.writable(at), column, count, display.erasing());
                buffer.unwrap(at);
            }
        }
    }

    /** DECDC, and SL from the first column. */
    void deleteColumns(int column, int count) {
        Buffer buffer = display.buffer;
        if (isInMargins()) {
            for (int at = buffer.top; at <= buffer.bottom; at++) {
                CellEditing.delete(buffer.writable(at), column, count, display.erasing());
                buffer.unwrap(at);
            }
        }
    }

    /** EL, and DECSEL, which keeps protected cells. In the state of a pending wrap nothing is on the right of the cursor. */
    void eraseInLine(int which, boolean selective) {
        Buffer buffer = display.buffer;
        display.restrict(buffer.columns());
        switch (which) {
            case 0 -> eraseCells(buffer.column, buffer.columns(), buffer.column == 0, selective);
            case 1 -> eraseCells(0, buffer.column + 1, false, selective);
            case 2 -> eraseCells(0, buffer.columns(), true, selective);
            default -> { }
        }
    }

    private void eraseCells(int from, int to, boolean unwrap, boolean selective) {
        Buffer buffer = display.buffer;
        if (selective) {
            CellEditing.eraseUnprotected(display.row(), from, to, display.erasing());
        } else {
            CellEditing.erase(display.row(), from, to, display.erasing());
        }
        if (unwrap) {
            buffer.unwrap(buffer.row);
        }
    }

    /** ED, and DECSED. */
    void eraseInDisplay(int which, boolean selective) {
        Buffer buffer = display.buffer;
        display.restrict(buffer.columns());
        switch (which) {
            case 0 -> {
                eraseCells(buffer.column, buffer.columns(), buffer.column == 0, selective);
                eraseLines(buffer.row + 1, buffer.rowCount(), selective);
            }
            case 1 -> {
                eraseCells(0, buffer.column + 1, true, selective);
                if (buffer.column + 1 >= buffer.columns() && buffer.row + 1 < buffer.rowCount()) {
                    buffer.unwrap(buffer.row + 1);
                }
                eraseLines(0, buffer.row, selective);
            }
            case 2 -> eraseLines(0, buffer.rowCount(), selective);
            case 3 -> buffer.history.clear();
            default -> { }
        }
    }

    private void eraseLines(int from, int to, boolean selective) {
        for (int at = from; at < to; at++) {
            Cells row = display.buffer.writable(at);
            if (selective) {
                CellEditing.eraseUnprotected(row, 0, display.columns(), display.erasing());
                row.wrapped = false;
            } else {
                row.clear(display.erasing());
            }
        }
    }

    /** DECALN, see the VT510 manual: E in all places, without attributes; the margins end. */
    void align() {
        Buffer buffer = display.buffer;
        Pen plain = new Pen();
        for (int at = 0; at < buffer.rowCount(); at++) {
            Cells row = buffer.writable(at);
            row.clear(plain);
            row.fill(0, buffer.columns(), 'E' | Cells.NARROW, plain);
        }
        buffer.resetMargins();
        buffer.row = 0;
        buffer.column = 0;
    }
}
