package dev.panpty.screen;

/** {@link Snapshot#toAnsi}. */
final class AnsiWriter {

    private static final String CSI = "\u001b[";
    private static final String DEFAULT_STYLE = "0";
    private static final String ALL_ASCII = "BBBB";

    private final State state;
    private final StringBuilder out = new StringBuilder();
    private String style = DEFAULT_STYLE;
    private Link link;

    AnsiWriter(State state) {
        this.state = state;
    }

    String write() {
        if (state.mainRows() != null) {
            paint(state.mainRows());
            save(state.mainSaved(), state.mainRows());
            out.append(CSI).append("?1049h");
            forget(state.mainSaved());
        }
        if (!isInitial(state.saved())) {
            save(state.saved(), state.rows());
            out.append("\u001b7");
            forget(state.saved());
        }
        paint(state.rows());
        tabs();
        margins();
        if (!state.title().isEmpty()) {
            out.append("\u001b]2;").append(state.title()).append("\u001b\\");
        }
        cursor();
        charsets(state.charsets(), state.shift(), state.shiftOnce());
        style(state.pen(), state.underline(), state.link());
        modes();
        return out.toString();
    }

    private static boolean isInitial(State.Saved saved) {
        return saved.equals(new State.Saved(0, 0, false, 0, 0, null, ALL_ASCII, 0, 0));
    }

    /** Leaves the terminal in the state that DECSC is to save. */
    private void save(State.Saved saved, Cells[] rows) {
        if (saved.origin()) {
            out.append(CSI).append("?6h");
        }
        if (saved.column() < state.columns()) {
            at(saved.row(), saved.column());
        } else {
            pendingWrap(rows[saved.row()], saved.row());
        }
        charsets(saved.charsets(), saved.shift(), saved.shiftOnce());
        style(saved.pen(), saved.underline(), saved.link());
    }

    /** Undoes what {@link #save} has set, before anything is painted. */
    private void forget(State.Saved saved) {
        if (saved.shiftOnce() != 0) {
            out.append(' '); // a single shift ends with the next character
        }
        if (saved.origin()) {
            out.append(CSI).append("?6l");
        }
        for (int i = 0; i < saved.charsets().length(); i++) {
            if (saved.charsets().charAt(i) != 'B') {
                out.append('\u001b').append((char) ('(' + i)).append('B');
            }
        }
        if (saved.shift() != 0) {
            out.append('\u000f');
        }
        style(0, 0, null);
        out.append(CSI).append("2J"); // what was printed, or the background of the saved pen
    }

    private void at(int row, int column) {
        out.append(CSI).append(row + 1).append(';').append(Math.min(column, state.columns() - 1) + 1).append('H');
    }

    private void paint(Cells[] rows) {
        boolean continues = false;
        for (int row = 0; row < rows.length; row++) {
            if (!continues) {
                at(row, 0);
            }
            continues = row + 1 < rows.length && rows[row + 1].wrapped && canContinue(rows[row], rows[row + 1]);
            paint(rows[row], continues);
        }
    }

    /** Whether the text goes on in the next row by itself; a pad then gets the pen of the wide character. */
    private static boolean canContinue(Cells row, Cells next) {
        int last = row.columns() - 1;
        if (row.text[last] == Cells.PAD) {
            return next.width(0) == 2 && row.pens[last] == next.pens[0] && row.underline(last) == next.underline(0)
                    && row.link(last) == next.link(0);
        }
        return (row.point(last) != 0 || row.isSecondHalf(last)) && next.point(0) != 0;
    }

    private void paint(Cells row, boolean continues) {
        int end = row.usedLength();
        if (continues && row.text[row.columns() - 1] == Cells.PAD) {
            end = row.columns() - 1;
        }
        int skipped = 0;
        for (int column = 0; column < end; column++) {
            if (row.isSecondHalf(column)) {
                continue;
            }
            int erased = erasedFrom(row, column, end);
            if (erased == 0) {
                skip(skipped);
                skipped = 0;
                cell(row, column);
            } else {
                if (row.pens[column] != 0) {
                    skip(skipped);
                    skipped = 0;
                    style(row.pens[column], 0, null);
                    out.append(CSI).append(erased).append('X');
                }
                skipped += erased;
                column += erased - 1;
            }
        }
        if (continues) {
            skip(skipped);
        }
    }

    /** How many cells from here on are without text, and alike, with no more than a background. */
    private static int erasedFrom(Cells row, int from, int end) {
        int at = from;
        while (at < end && row.point(at) == 0 && !row.isSecondHalf(at) && row.pens[at] == row.pens[from]
                && (row.pens[at] & ~Pen.BACKGROUND_MASK) == 0 && row.underline(at) == 0 && row.link(at) == null) {
            at++;
        }
        return at - from;
    }

    private void skip(int columns) {
        if (columns > 0) {
            out.append(CSI).append(columns).append('C');
        }
    }

    private void cell(Cells row, int column) {
        style(row.pens[column], row.underline(column), row.link(column));
        if (row.point(column) == 0) {
            out.append(' ');
        } else {
            row.appendTo(out, column);
        }
    }

    private void style(long bits, int underline, Link newLink) {
        String wanted = AnsiStyle.select(bits, underline) + ((bits & Pen.PROTECTED) != 0 ? "p" : "");
        if (!wanted.equals(style)) {
            boolean isProtected = wanted.endsWith("p");
            if (isProtected != style.endsWith("p")) {
                out.append(CSI).append(isProtected ? 1 : 0).append("\"q");
            }
            out.append(CSI).append(wanted, 0, wanted.length() - (isProtected ? 1 : 0)).append('m');
            style = wanted;
        }
        if (newLink != link) {
            out.append("\u001b]8;");
            if (newLink != null) {
                out.append(newLink.id().isEmpty() ? "" : "id=" + newLink.id()).append(';').append(newLink.uri());
            } else {
                out.append(';');
            }
            out.append("\u001b\\");
            link = newLink;
        }
    }

    private void tabs() {
        if (state.tabs() != null) {
            out.append(CSI).append("3g");
            for (int tab : state.tabs()) {
                at(0, tab);
                out.append("\u001bH");
            }
        }
    }

    private void margins() {
        if (state.top() != 0 || state.bottom() != state.rows().length - 1) {
            out.append(CSI).append(state.top() + 1).append(';').append(state.bottom() + 1).append('r');
        }
    }

    private void cursor() {
        int row = state.row() - (state.has(Mode.ORIGIN) ? state.top() : 0);
        if (state.has(Mode.ORIGIN)) {
            out.append(CSI).append("?6h");
        }
        if (state.column() < state.columns()) {
            at(row, state.column());
        } else {
            pendingWrap(state.rows()[state.row()], row);
        }
    }

    /** The state behind the last column, in which the next character wraps: the last cell is printed again. */
    private void pendingWrap(Cells cells, int row) {
        int last = state.columns() - 1;
        int column = cells.isSecondHalf(last) ? last - 1 : last;
        at(row, column);
        cell(cells, column);
    }

    private void charsets(String sets, int shift, int shiftOnce) {
        for (int i = 0; i < sets.length(); i++) {
            char set = sets.charAt(i);
            if (set >= Charsets.SET_OF_96) {
                out.append('\u001b').append((char) (',' + i)).append((char) (set - Charsets.SET_OF_96));
            } else if (set != 'B') {
                out.append('\u001b').append((char) ('(' + i)).append(set);
            }
        }
        switch (shift) {
            case 1 -> out.append('\u000e');
            case 2 -> out.append("\u001bn");
            case 3 -> out.append("\u001bo");
            default -> { }
        }
        if (shiftOnce != 0) {
            out.append(shiftOnce == 2 ? "\u001bN" : "\u001bO");
        }
    }

    private void modes() {
        for (Mode mode : Mode.values()) {
            boolean on = state.has(mode);
            boolean atFirst = (Mode.INITIAL & mode.bit()) != 0;
            if (on != atFirst && mode != Mode.ORIGIN && mode != Mode.ALTERNATE_SCREEN && mode != Mode.SYNCHRONIZED_OUTPUT
                    && mode != Mode.CURSOR_BLINK) {
                out.append(CSI).append(mode.isPrivate() ? "?" : "").append(mode.number()).append(on ? 'h' : 'l');
            }
        }
        if (state.cursorStyle() != 0) {
            out.append(CSI).append(state.cursorStyle()).append(" q");
        }
        if (state.has(Mode.CURSOR_BLINK) != (state.cursorStyle() % 2 == 1)) {
            out.append(CSI).append("?12").append(state.has(Mode.CURSOR_BLINK) ? 'h' : 'l');
        }
    }
}
