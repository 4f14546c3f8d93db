package dev.panpty.screen;

/** Moves the cursor of a {@link Display}: its place, lines, tab stops, margins, DECSC and DECRC. */
final class Movement {

    private final Display display;

    Movement(Display display) {
        this.display = display;
    }

    /** CUP: from 0, and from the top margin in origin mode. */
    void moveTo(int row, int column) {
        Buffer buffer = display.buffer;
        buffer.column = column;
        buffer.row = display.has(Mode.ORIGIN) ? buffer.top + row : row;
        display.restrict(buffer.columns() - 1);
    }

    /** CHA. */
    void moveToColumn(int column) {
        display.buffer.column = column;
        display.restrict(display.columns() - 1);
    }

    /** VPA. */
    void moveToRow(int row) {
        moveTo(row, display.buffer.column);
    }

    void move(int rows, int columns) {
        Buffer buffer = display.buffer;
        display.restrict(buffer.columns() - 1);
        buffer.row += rows;
        buffer.column += columns;
        display.restrict(buffer.columns() - 1);
    }

    /** CUU: not over the top margin, unless it begins above. */
    void up(int count) {
        Buffer buffer = display.buffer;
        int room = buffer.row - buffer.top;
        move(-(room >= 0 ? Math.min(room, count) : count), 0);
    }

    /** CUD. */
    void down(int count) {
        Buffer buffer = display.buffer;
        int room = buffer.bottom - buffer.row;
        move(room >= 0 ? Math.min(room, count) : count, 0);
    }

    void carriageReturn() {
        display.buffer.column = 0;
    }

    void backspace() {
        Buffer buffer = display.buffer;
        boolean reverse = display.has(Mode.REVERSE_WRAP);
        display.restrict(reverse ? buffer.columns() : buffer.columns() - 1);
        if (buffer.column > 0) {
            buffer.column--;
        } else if (reverse && buffer.row > buffer.top && buffer.row <= buffer.bottom && buffer.row(buffer.row).wrapped) {
            buffer.unwrap(buffer.row);
            buffer.row--;
            buffer.column = buffer.columns() - 1;
            if (buffer.row(buffer.row).point(buffer.column) == 0 && buffer.row(buffer.row).text[buffer.column] == Cells.PAD) {
                buffer.column--;
            }
        }
        display.restrict(buffer.columns() - 1);
    }

    void tab(int count) {
        Buffer buffer = display.buffer;
        for (int i = 0; i < count && buffer.column < buffer.columns() - 1; i++) {
            buffer.column = buffer.nextTab(buffer.column);
        }
    }

    void tabBack(int count) {
        Buffer buffer = display.buffer;
        for (int i = 0; i < count && buffer.column < buffer.columns() && buffer.column > 0; i++) {
            buffer.column = buffer.previousTab(buffer.column);
        }
    }

    /** DECSTBM: from 0, both inclusive. */
    void setMargins(int top, int bottom) {
        Buffer buffer = display.buffer;
        if (bottom > top) {
            buffer.top = top;
            buffer.bottom = bottom;
            moveTo(0, 0);
        }
    }

    /** DECSC, see the VT510 manual: position, SGR, character sets, origin mode. */
    void saveCursor() {
        Buffer buffer = display.buffer;
        Buffer.Saved saved = buffer.saved;
        saved.row = buffer.row;
        saved.column = buffer.column;
        saved.origin = display.has(Mode.ORIGIN);
        saved.pen.set(display.pen);
        saved.charsets.set(display.charsets);
    }

    /** DECRC. */
    void restoreCursor() {
        Buffer buffer = display.buffer;
        Buffer.Saved saved = buffer.saved;
        buffer.row = saved.row;
        buffer.column = saved.column;
        display.set(Mode.ORIGIN, saved.origin);
        display.pen.set(saved.pen);
        display.charsets.set(saved.charsets);
        display.restrict(buffer.columns() - 1);
    }

    void lineFeed() {
        Buffer buffer = display.buffer;
        if (display.has(Mode.NEW_LINE)) {
            buffer.column = 0;
        }
        if (buffer.row == buffer.bottom) {
            display.scroll();
        } else if (buffer.row < buffer.rowCount() - 1) {
            buffer.row++;
            buffer.unwrap(buffer.row);
        }
        buffer.column = Math.min(buffer.column, buffer.columns() - 1);
    }

    /** IND. */
    void index() {
        Buffer buffer = display.buffer;
        display.restrict(buffer.columns() - 1);
        if (buffer.row == buffer.bottom) {
            display.scroll();
        } else {
            buffer.row++;
        }
        display.restrict(buffer.columns() - 1);
    }

    /** NEL. */
    void nextLine() {
        display.buffer.column = 0;
        index();
    }

    /** RI. */
    void reverseIndex() {
        Buffer buffer = display.buffer;
        display.restrict(buffer.columns() - 1);
        if (buffer.row == buffer.top) {
            buffer.scrollDown(buffer.top, buffer.bottom, 1, display.erasing());
        } else {
            buffer.row--;
            display.restrict(buffer.columns() - 1);
        }
    }
}
