package dev.panpty.screen;

/**
 * The state of a terminal: both buffers, the pen, the character sets, the modes. {@link Printer}, {@link Movement} and {@link Editing}
 * change what the buffers hold. Where ECMA-48 leaves a choice they follow xterm. Used by one thread at a time, under the lock of its
 * {@link Screen}.
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
    Pen erasing() {
        erasing.setErasing(pen);
        return erasing;
    }

    /** The one with the cursor, for writing. */
    Cells row() {
        return buffer.writable(buffer.row);
    }

    /** Into the screen, or into the margins if lines count from the top one. */
    void restrict(int lastColumn) {
        buffer.column = Math.clamp(buffer.column, 0, lastColumn);
        buffer.row = has(Mode.ORIGIN) ? Math.clamp(buffer.row, buffer.top, buffer.bottom) : Math.clamp(buffer.row, 0, rowCount() - 1);
    }

    /** The lines between the margins, up by one. */
    void scroll() {
        buffer.scrollUp(buffer.top, buffer.bottom, 1, erasing(), buffer.top == 0);
    }

    void set(Mode mode, boolean on) {
        modes = on ? modes | mode.bit() : modes & ~mode.bit();
    }

    /**
     * The cursor stays where it is, or in origin mode goes into the margins, which each buffer has; the alternate one is blank at first.
     */
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
    }

    void resize(int rows, int columns) {
        Reflow.resize(main, rows, columns);
        if (alternate != null) {
            Reflow.resize(alternate, rows, columns);
        }
    }
}
