package dev.panpty.screen;

/**
 * The screen of a terminal: both buffers, the pen, the modes, and what text and the functions that move and erase do. Where ECMA-48 leaves
 * a choice it follows xterm. Used by one thread at a time, under the lock of its {@link Screen}.
 */
final class Display {

    final Pen pen = new Pen();
    final Charsets charsets = new Charsets();
    private final Pen erasing = new Pen();
    private final Buffer main;

    /** Null until a program shows it. */
    private Buffer alternate;

    /** The one that is shown. */
    Buffer buffer;
    int modes = Mode.INITIAL;

    /** Whether the last thing was a character, which REP repeats. */
    private boolean printed;

    Display(int rows, int columns, int historyLimit) {
        main = new Buffer(true, rows, columns, historyLimit);
        buffer = main;
    }

    Buffer main() {
        return main;
    }

    boolean has(Mode mode) {
        return (modes & mode.bit()) != 0;
    }

    int rowCount() {
        return buffer.rowCount();
    }

    int columns() {
        return buffer.columns();
    }

    /** The pen of erased cells. */
    private Pen erasing() {
        erasing.setErasing(pen);
        return erasing;
    }

    private Cells row() {
        return buffer.writable(buffer.row);
    }

    // Text

    void print(byte[] text, int from, int to) {
        if (!charsets.isAscii() || has(Mode.INSERT)) {
            for (int at = from; at < to; at++) {
                print(charsets.map(text[at]));
            }
            return;
        }
        int columns = buffer.columns();
        Cells row = row();
        int column = buffer.column;
        separateLeft(row, column);
        int at = from;
        while (at < to) {
            if (column >= columns) {
                if (has(Mode.AUTOWRAP)) {
                    buffer.column = columns;
                    wrap();
                    row = row();
                    column = 0;
                } else {
                    column = columns - 1;
                    at = to - 1;
                    separateLeft(row, column);
                }
            }
            int count = Math.min(to - at, columns - column);
            row.set(column, text, at, count, pen);
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
        int columns = buffer.columns();
        Cells row = row();
        separateLeft(row, buffer.column);
        printed = true;
        if (buffer.column + width > columns) {
            if (width > columns) {
                return;
            }
            if (!has(Mode.AUTOWRAP)) {
                buffer.column = columns - 1;
                separateLeft(row, columns - 1);
                if (width == 2) {
                    separateRight(row, columns - 1);
                    printed = false;
                    return;
                }
            } else {
                row.fill(buffer.column, columns, Cells.PAD, pen);
                wrap();
                row = row();
            }
        }
        int column = buffer.column;
        if (has(Mode.INSERT)) {
            row.insert(column, width, pen);
        }
        if (width == 2) {
            row.set(column, codePoint | Cells.WIDE, pen);
            row.set(column + 1, Cells.SPACER, pen);
        } else {
            row.set(column, codePoint | Cells.NARROW, pen);
        }
        buffer.column = column + width;
        separateRight(row, column + width);
    }

    /** Overwriting the second half of a wide character blanks its first. */
    private void separateLeft(Cells row, int column) {
        if (column > 0 && row.width(column - 1) == 2) {
            row.set(column - 1, Cells.BLANK, pen);
        }
    }

    /** Overwriting the first half blanks the second. */
    private void separateRight(Cells row, int column) {
        if (column < row.columns() && row.isSpacer(column)) {
            row.set(column, Cells.BLANK, pen);
        }
    }

    /** A character without a width belongs to the cell on the left of the cursor. In the first column there is none, and it is dropped. */
    private void mark(int codePoint) {
        int column = buffer.column - 1;
        if (column < 0) {
            return;
        }
        Cells row = row();
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
        buffer.column = 0;
        if (buffer.row == buffer.bottom) {
            scroll();
            row().wrapped = true;
        } else if (buffer.row < buffer.rowCount() - 1) {
            buffer.row++;
            row().wrapped = true;
        }
    }

    private void scroll() {
        buffer.scrollUp(buffer.top, buffer.bottom, 1, erasing(), buffer.top == 0);
    }

    /** REP, see ECMA-48, 8.3.103. */
    void repeat(int count) {
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

    // Lines

    void lineFeed() {
        if (has(Mode.NEW_LINE)) {
            buffer.column = 0;
        }
        if (buffer.row == buffer.bottom) {
            scroll();
        } else if (buffer.row < buffer.rowCount() - 1) {
            buffer.row++;
            buffer.unwrap(buffer.row);
        }
        buffer.column = Math.min(buffer.column, columns() - 1);
    }

    /** IND. */
    void index() {
        restrict(columns() - 1);
        if (buffer.row == buffer.bottom) {
            scroll();
        } else {
            buffer.row++;
        }
        restrict(columns() - 1);
    }

    /** NEL. */
    void nextLine() {
        buffer.column = 0;
        index();
    }

    /** RI. */
    void reverseIndex() {
        restrict(columns() - 1);
        if (buffer.row == buffer.top) {
            buffer.scrollDown(buffer.top, buffer.bottom, 1, erasing());
        } else {
            buffer.row--;
            restrict(columns() - 1);
        }
    }

    /** SU. */
    void scrollUp(int count) {
        buffer.scrollUp(buffer.top, buffer.bottom, count, erasing(), false);
    }

    /** SD. */
    void scrollDown(int count) {
        buffer.scrollDown(buffer.top, buffer.bottom, count, erasing());
    }

    private boolean isInMargins() {
        return buffer.row >= buffer.top && buffer.row <= buffer.bottom;
    }

    /** IL. */
    void insertLines(int count) {
        restrict(columns() - 1);
        if (isInMargins()) {
            buffer.scrollDown(buffer.row, buffer.bottom, count, erasing());
            buffer.column = 0;
        }
    }

    /** DL. */
    void deleteLines(int count) {
        restrict(columns() - 1);
        if (isInMargins()) {
            buffer.scrollUp(buffer.row, buffer.bottom, count, erasing(), false);
            buffer.column = 0;
        }
    }

    // Cells

    /** ICH. */
    void insertCharacters(int count) {
        restrict(columns() - 1);
        row().insert(buffer.column, count, erasing());
    }

    /** DCH. */
    void deleteCharacters(int count) {
        restrict(columns() - 1);
        row().delete(buffer.column, count, erasing());
    }

    /** ECH. */
    void eraseCharacters(int count) {
        restrict(columns() - 1);
        row().erase(buffer.column, buffer.column + count, erasing());
    }

    /** DECIC, and SR from the first column: in all lines between the margins. */
    void insertColumns(int column, int count) {
        if (isInMargins()) {
            for (int at = buffer.top; at <= buffer.bottom; at++) {
                buffer.writable(at).insert(column, count, erasing());
                buffer.unwrap(at);
            }
        }
    }

    /** DECDC, and SL from the first column. */
    void deleteColumns(int column, int count) {
        if (isInMargins()) {
            for (int at = buffer.top; at <= buffer.bottom; at++) {
                buffer.writable(at).delete(column, count, erasing());
                buffer.unwrap(at);
            }
        }
    }

    /** EL, and DECSEL, which keeps protected cells. In the state of a pending wrap nothing is on the right of the cursor. */
    void eraseInLine(int which, boolean selective) {
        restrict(columns());
        switch (which) {
            case 0 -> eraseCells(buffer.column, columns(), buffer.column == 0, selective);
            case 1 -> eraseCells(0, buffer.column + 1, false, selective);
            case 2 -> eraseCells(0, columns(), true, selective);
            default -> { }
        }
    }

    private void eraseCells(int from, int to, boolean unwrap, boolean selective) {
        if (selective) {
            row().eraseUnprotected(from, to, erasing());
        } else {
            row().erase(from, to, erasing());
        }
        if (unwrap) {
            buffer.unwrap(buffer.row);
        }
    }

    /** ED, and DECSED. */
    void eraseInDisplay(int which, boolean selective) {
        restrict(columns());
        switch (which) {
            case 0 -> {
                eraseCells(buffer.column, columns(), buffer.column == 0, selective);
                eraseLines(buffer.row + 1, rowCount(), selective);
            }
            case 1 -> {
                eraseCells(0, buffer.column + 1, true, selective);
                if (buffer.column + 1 >= columns() && buffer.row + 1 < rowCount()) {
                    buffer.unwrap(buffer.row + 1);
                }
                eraseLines(0, buffer.row, selective);
            }
            case 2 -> eraseLines(0, rowCount(), selective);
            case 3 -> buffer.history.clear();
            default -> { }
        }
    }

    private void eraseLines(int from, int to, boolean selective) {
        for (int at = from; at < to; at++) {
            Cells row = buffer.writable(at);
            if (selective) {
                row.eraseUnprotected(0, columns(), erasing());
                row.wrapped = false;
            } else {
                row.clear(erasing());
            }
        }
    }

    /** DECALN, see the VT510 manual: E in all places, without attributes; the margins end. */
    void align() {
        Pen plain = new Pen();
        for (int at = 0; at < rowCount(); at++) {
            Cells row = buffer.writable(at);
            row.clear(plain);
            row.fill(0, columns(), 'E' | Cells.NARROW, plain);
        }
        buffer.resetMargins();
        moveTo(0, 0);
    }

    // Cursor

    /** Into the screen, or into the margins if lines count from the top one. */
    private void restrict(int lastColumn) {
        buffer.column = Math.clamp(buffer.column, 0, lastColumn);
        buffer.row = has(Mode.ORIGIN) ? Math.clamp(buffer.row, buffer.top, buffer.bottom) : Math.clamp(buffer.row, 0, rowCount() - 1);
    }

    /** CUP: from 0, and from the top margin in origin mode. */
    void moveTo(int row, int column) {
        buffer.column = column;
        buffer.row = has(Mode.ORIGIN) ? buffer.top + row : row;
        restrict(columns() - 1);
    }

    /** CHA. */
    void moveToColumn(int column) {
        buffer.column = column;
        restrict(columns() - 1);
    }

    /** VPA. */
    void moveToRow(int row) {
        moveTo(row, buffer.column);
    }

    void move(int rows, int columns) {
        restrict(columns() - 1);
        buffer.row += rows;
        buffer.column += columns;
        restrict(columns() - 1);
    }

    /** CUU: not over the top margin, unless it begins above. */
    void up(int count) {
        int room = buffer.row - buffer.top;
        move(-(room >= 0 ? Math.min(room, count) : count), 0);
    }

    /** CUD. */
    void down(int count) {
        int room = buffer.bottom - buffer.row;
        move(room >= 0 ? Math.min(room, count) : count, 0);
    }

    void carriageReturn() {
        buffer.column = 0;
    }

    void backspace() {
        boolean reverse = has(Mode.REVERSE_WRAP);
        restrict(reverse ? columns() : columns() - 1);
        if (buffer.column > 0) {
            buffer.column--;
        } else if (reverse && buffer.row > buffer.top && buffer.row <= buffer.bottom && buffer.row(buffer.row).wrapped) {
            buffer.unwrap(buffer.row);
            buffer.row--;
            buffer.column = columns() - 1;
            if (buffer.row(buffer.row).point(buffer.column) == 0 && buffer.row(buffer.row).text[buffer.column] == Cells.PAD) {
                buffer.column--;
            }
        }
        restrict(columns() - 1);
    }

    void tab(int count) {
        for (int i = 0; i < count && buffer.column < columns() - 1; i++) {
            buffer.column = buffer.nextTab(buffer.column);
        }
    }

    void tabBack(int count) {
        for (int i = 0; i < count && buffer.column < columns() && buffer.column > 0; i++) {
            buffer.column = buffer.previousTab(buffer.column);
        }
    }

    /** DECSTBM: from 0, both inclusive. */
    void setMargins(int top, int bottom) {
        if (bottom > top) {
            buffer.top = top;
            buffer.bottom = bottom;
            moveTo(0, 0);
        }
    }

    /** DECSC, see the VT510 manual: position, SGR, character sets, origin mode. */
    void saveCursor() {
        Buffer.Saved saved = buffer.saved;
        saved.row = buffer.row;
        saved.column = buffer.column;
        saved.origin = has(Mode.ORIGIN);
        saved.pen.set(pen);
        saved.charsets.set(charsets);
    }

    /** DECRC. */
    void restoreCursor() {
        Buffer.Saved saved = buffer.saved;
        buffer.row = saved.row;
        buffer.column = saved.column;
        set(Mode.ORIGIN, saved.origin);
        pen.set(saved.pen);
        charsets.set(saved.charsets);
        restrict(columns() - 1);
    }

    void set(Mode mode, boolean on) {
        modes = on ? modes | mode.bit() : modes & ~mode.bit();
    }

    // Whole screens

    /** The cursor stays where it is, or in origin mode goes into the margins, which each buffer has; the alternate one is blank at first. */
    void showAlternate() {
        if (buffer == main) {
            if (alternate == null) {
                alternate = new Buffer(false, main.rowCount(), main.columns(), 0);
            }
            alternate.clear(erasing());
            alternate.row = main.row;
            alternate.column = main.column;
            buffer = alternate;
            restrict(columns());
        }
    }

    void showMain() {
        if (buffer != main) {
            main.row = alternate.row;
            main.column = alternate.column;
            buffer = main;
            restrict(columns());
        }
    }

    /** DECSTR, see the VT510 manual. */
    void softReset() {
        int kept = Mode.ALTERNATE_SCREEN.bit() | Mode.MOUSE_SGR.bit() | modes & ~Mode.withoutMouse(modes);
        modes = modes & kept | Mode.INITIAL;
        buffer.resetMargins();
        pen.reset();
        charsets.reset();
        buffer.saved.reset();
    }

    /** RIS. */
    void reset() {
        modes = Mode.INITIAL;
        pen.reset();
        charsets.reset();
        buffer = main;
        main.clear(pen);
        main.history.clear();
        main.saved.reset();
        alternate = null;
        printed = false;
    }

    void resize(int rows, int columns) {
        Reflow.resize(main, rows, columns);
        if (alternate != null) {
            Reflow.resize(alternate, rows, columns);
        }
        printed = false;
    }
}
