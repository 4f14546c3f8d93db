package dev.panpty.screen;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a {@link Screen} shows at one moment. Immutable, for any thread. Snapshots share the rows that have not changed between them.
 *
 * <p>Two are equal if all that is seen is: size, cells with style and link, cursor, title and modes.
 */
public final class Snapshot {

    private final State state;

    /** By {@link #line}, as they are asked for; a race writes the same string twice. */
    private final String[] lines;

    Snapshot(State state) {
        this.state = state;
        lines = new String[state.rows().length];
    }

    State state() {
        return state;
    }

    /**
     * The height.
     *
     * @return in rows, 1 to {@value Screen#MOST_ROWS}
     */
    public int rows() {
        return state.rows().length;
    }

    /**
     * The width.
     *
     * @return in columns, 1 to {@value Screen#MOST_COLUMNS}
     */
    public int columns() {
        return state.rows()[0].columns();
    }

    /**
     * All rows as text.
     *
     * @return as {@link #line}, from the top, unmodifiable
     */
    public List<String> lines() {
        List<String> all = new ArrayList<>(rows());
        for (int row = 0; row < rows(); row++) {
            all.add(line(row));
        }
        return List.copyOf(all);
    }

    /**
     * A row as text, without blanks at its end. A wide character is one character here.
     *
     * @param row from 0
     * @return the text, perhaps empty
     * @throws IndexOutOfBoundsException if there is no such row
     */
    public String line(int row) {
        String line = lines[Objects.checkIndex(row, rows())];
        if (line == null) {
            line = state.rows()[row].line();
            lines[row] = line;
        }
        return line;
    }

    /**
     * All rows, joined by line feeds, without blank rows at the end.
     *
     * @return the text, perhaps empty
     */
    public String text() {
        return String.join("\n", lines()).stripTrailing();
    }

    /**
     * Whether a text is on the screen: in {@link #text}, or in a line that the terminal has wrapped, as if it were not. Blanks at the end
     * of what is looked for, as in a prompt, are found where the rest of the row is blank too.
     *
     * @param text what to look for; a line feed in it is the end of a row
     * @return true if it is there
     */
    public boolean contains(String text) {
        Objects.requireNonNull(text, "text");
        return text().contains(text) || unwrapped().contains(text) || text.endsWith(" ") && padded().contains(text);
    }

    /** With all blanks up to the right edge. */
    private String padded() {
        StringBuilder all = new StringBuilder();
        for (int row = 0; row < rows(); row++) {
            all.append(line(row)).repeat(' ', columns() - columnsOf(state.rows()[row])).append('\n');
        }
        return all.toString();
    }

    private String unwrapped() {
        StringBuilder all = new StringBuilder();
        for (int row = 0; row < rows(); row++) {
            String line = line(row);
            boolean continued = row + 1 < rows() && state.rows()[row + 1].wrapped;
            all.append(line);
            if (!continued) {
                all.append('\n');
            } else {
                // Blanks at the end belong to the text, except for a column that a wide character did not fit in.
                all.repeat(' ', Math.max(state.rows()[row].textLength() - columnsOf(state.rows()[row]), 0));
            }
        }
        return all.toString();
    }

    private static int columnsOf(Cells row) {
        int length = row.textLength();
        while (length > 0 && !row.isSecondHalf(length - 1) && row.marks(length - 1).length == 0
                && (row.point(length - 1) == 0 || row.point(length - 1) == ' ')) {
            length--;
        }
        return length;
    }

    /**
     * A row with its cells.
     *
     * @param row from 0
     * @return the row
     * @throws IndexOutOfBoundsException if there is no such row
     */
    public Row row(int row) {
        return new Row(state.rows()[Objects.checkIndex(row, rows())]);
    }

    /**
     * One place.
     *
     * @param row from 0
     * @param column from 0
     * @return the cell
     * @throws IndexOutOfBoundsException if there is no such place
     */
    public Cell cell(int row, int column) {
        Cells found = state.rows()[Objects.checkIndex(row, rows())];
        return Cell.of(found, Objects.checkIndex(column, columns()));
    }

    /**
     * The cursor.
     *
     * @return where it is
     */
    public Cursor cursor() {
        return new Cursor(state.row(), state.column(), modes().contains(Mode.CURSOR_VISIBLE));
    }

    /**
     * The title of the window, by OSC 0 and 2.
     *
     * @return the text, empty at first; without controls
     */
    public String title() {
        return state.title();
    }

    /**
     * The modes that are set.
     *
     * @return unmodifiable
     */
    public Set<Mode> modes() {
        return Mode.set(state.modes());
    }

    /**
     * What a fresh terminal of this size needs to show the same and to be in the same state: both buffers, title, tab stops, margins,
     * modes, character sets, the pen and the cursor.
     *
     * @return text with escape sequences, to be sent in UTF-8
     */
    public String toAnsi() {
        return new AnsiWriter(state).write();
    }

    /**
     * A {@code <pre>} element with styles inside. What the program has printed is text alone; of its links those of http, https and mailto
     * become links.
     *
     * @return a part of an HTML document
     */
    public String toHtml() {
        return toHtml(List.of());
    }

    /**
     * As {@link #toHtml()}, with rows above those of the screen.
     *
     * @param above for example {@link Screen#history}, taken when no output came between both
     * @return a part of an HTML document
     */
    public String toHtml(List<Row> above) {
        return HtmlWriter.write(with(above));
    }

    private Cells[] with(List<Row> above) {
        return Stream.concat(Objects.requireNonNull(above, "above").stream().map(Row::cells), Arrays.stream(state.rows())).toArray(Cells[]::new);
    }

    /**
     * A picture, with the cursor. What the program has printed is text alone.
     *
     * @return an SVG document
     */
    public String toSvg() {
        return toSvg(List.of());
    }

    /**
     * As {@link #toSvg()}, with rows above those of the screen: a picture that is as high as it takes.
     *
     * @param above for example {@link Screen#history}, taken when no output came between both
     * @return an SVG document
     */
    public String toSvg(List<Row> above) {
        return new SvgWriter(state, with(above)).write();
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof Snapshot that && state.looksLike(that.state);
    }

    @Override
    public int hashCode() {
        return Objects.hash(lines(), state.row(), state.column(), state.title(), state.modes());
    }

    /**
     * The rows in a frame with their colours and other renditions, for a terminal that is wider by two columns.
     *
     * @return lines with SGR, see ECMA-48, and no other sequence
     */
    public String toFrame() {
        return frame(row -> {
            StringBuilder line = new StringBuilder();
            int end = Math.max(row.usedLength(), row.textLength());
            for (int column = 0; column < end; ) {
                int next = Look.runEnd(row, column, end);
                line.append("\033[").append(AnsiStyle.select(row.pens[column], row.underline(column))).append('m').append(row.text(column, next));
                column = next;
            }
            return line.append("\033[0m").repeat(' ', columns() - end).toString();
        });
    }

    /** The rows in a frame, with title, size, cursor and modes below. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(frame(row -> row.line() + " ".repeat(columns() - columnsOf(row))));
        text.append(rows()).append(" rows of ").append(columns()).append(", cursor ").append(state.row()).append(',').append(state.column());
        if (!title().isEmpty()) {
            text.append(", title ").append(title());
        }
        return text.append(", ").append(modes()).toString();
    }

    private String frame(Function<Cells, String> line) {
        StringBuilder frame = new StringBuilder();
        String edge = "\u2500".repeat(columns());
        frame.append('\u250c').append(edge).append("\u2510\n");
        for (Cells row : state.rows()) {
            frame.append('\u2502').append(line.apply(row)).append("\u2502\n");
        }
        return frame.append('\u2514').append(edge).append("\u2518\n").toString();
    }
}
