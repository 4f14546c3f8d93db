package dev.panpty.screen;

/**
 * All that a snapshot keeps.
 *
 * @param rows of the buffer that is shown; not written any more
 * @param mainRows of the main buffer while the alternate one is shown, else null
 * @param tabs the stops if they are not those of the beginning, else null
 */
record State(Cells[] rows, Cells[] mainRows, int row, int column, String title, int modes, int top, int bottom, long pen, int underline,
        Link link, String charsets, int shift, int shiftOnce, int cursorStyle, int[] tabs, Saved saved, Saved mainSaved) {

    /** What DECSC has saved. */
    record Saved(int row, int column, boolean origin, long pen, int underline, Link link, String charsets, int shift, int shiftOnce) {

        static Saved of(Buffer.Saved from) {
            return new Saved(from.row, from.column, from.origin, from.pen.bits, from.pen.underline, from.pen.link,
                    from.charsets.designated(), from.charsets.shifted(), from.charsets.shiftedOnce());
        }
    }

    static State of(Display display, String title, int cursorStyle) {
        Buffer buffer = display.buffer;
        boolean isMain = buffer == display.main();
        return new State(share(buffer), isMain ? null : share(display.main()), buffer.row, buffer.column, title, display.modes,
                buffer.top, buffer.bottom, display.pen.bits, display.pen.underline, display.pen.link, display.charsets.designated(),
                display.charsets.shifted(), display.charsets.shiftedOnce(), cursorStyle, buffer.tabStops(), Saved.of(buffer.saved),
                isMain ? null : Saved.of(display.main().saved));
    }

    private static Cells[] share(Buffer buffer) {
        Cells[] rows = new Cells[buffer.rowCount()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = buffer.row(i);
            rows[i].shared = true;
        }
        return rows;
    }

    int columns() {
        return rows[0].columns();
    }

    boolean has(Mode mode) {
        return (modes & mode.bit()) != 0;
    }

    boolean looksLike(State other) {
        if (rows.length != other.rows.length || row != other.row || column != other.column || modes != other.modes
                || !title.equals(other.title)) {
            return false;
        }
        for (int i = 0; i < rows.length; i++) {
            if (!rows[i].looksLike(other.rows[i])) {
                return false;
            }
        }
        return true;
    }
}
