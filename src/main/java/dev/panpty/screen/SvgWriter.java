package dev.panpty.screen;

import java.util.Arrays;

/** {@link Snapshot#toSvg}: a rectangle for each background, a text for each run of cells that look alike, stretched to its columns. */
final class SvgWriter {

    private static final int CELL_WIDTH = 8;
    private static final int CELL_HEIGHT = 17;
    private static final int BASELINE = 13;
    private static final int MARGIN = 8;
    private static final int FONT_SIZE = 13;

    private final State state;
    private final Cells[] rows;
    private final StringBuilder out = new StringBuilder();

    /** These rows end with those of the screen. */
    SvgWriter(State state, Cells[] rows) {
        this.state = state;
        this.rows = rows;
    }

    String write() {
        int width = Arrays.stream(rows).mapToInt(Cells::columns).max().orElse(0) * CELL_WIDTH + 2 * MARGIN;
        int height = rows.length * CELL_HEIGHT + 2 * MARGIN;
        out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"").append(width).append("\" height=\"").append(height)
                .append("\" viewBox=\"0 0 ").append(width).append(' ').append(height).append("\" font-family=\"monospace\" font-size=\"")
                .append(FONT_SIZE).append("\" xml:space=\"preserve\">\n");
        if (!state.title().isEmpty()) {
            out.append("<title>").append(HtmlWriter.escape(state.title())).append("</title>\n");
        }
        rectangle(0, 0, width, height, Palette.BACKGROUND, "");
        for (int i = 0; i < rows.length; i++) {
            row(rows[i], MARGIN + i * CELL_HEIGHT);
        }
        if (state.has(Mode.CURSOR_VISIBLE)) {
            int column = Math.min(state.column(), state.columns() - 1);
            int row = rows.length - state.rows().length + state.row();
            rectangle(MARGIN + column * CELL_WIDTH, MARGIN + row * CELL_HEIGHT, CELL_WIDTH, CELL_HEIGHT, Palette.FOREGROUND,
                    " opacity=\".5\"");
        }
        return out.append("</svg>\n").toString();
    }

    private void rectangle(int x, int y, int width, int height, int color, String more) {
        out.append("<rect x=\"").append(x).append("\" y=\"").append(y).append("\" width=\"").append(width).append("\" height=\"")
                .append(height).append("\" fill=\"").append(Look.hex(color)).append('"').append(more).append("/>\n");
    }

    private void row(Cells row, int y) {
        int end = Math.max(row.usedLength(), row.textLength());
        for (int column = 0; column < end; ) {
            int next = Look.runEnd(row, column, end);
            Look look = Look.of(row, column);
            if (look.background() != Palette.BACKGROUND) {
                rectangle(MARGIN + column * CELL_WIDTH, y, (next - column) * CELL_WIDTH, CELL_HEIGHT, look.background(), "");
            }
            texts(row, column, next, y, look);
            column = next;
        }
    }

    /** Words of one look; blanks between them are not drawn, unless a line goes through them. */
    private void texts(Cells row, int from, int to, int y, Look look) {
        if (look.has(Pen.INVISIBLE)) {
            return;
        }
        boolean lined = look.has(Pen.UNDERLINE_MASK | Pen.STRUCK | Pen.OVERLINED);
        int column = from;
        while (column < to) {
            if (isBlank(row, column) && !lined) {
                column++;
                continue;
            }
            int end = column + 1;
            while (end < to && (lined || !isBlank(row, end) || row.isSecondHalf(end))) {
                end++;
            }
            text(row, column, end, y, look);
            column = end;
        }
    }

    private static boolean isBlank(Cells row, int column) {
        return (row.point(column) == 0 || row.point(column) == ' ') && row.marks(column).length == 0;
    }

    private void text(Cells row, int from, int to, int y, Look look) {
        StringBuilder text = new StringBuilder();
        for (int column = from; column < to; column++) {
            if (row.point(column) != 0) {
                row.appendTo(text, column);
            } else if (!row.isSecondHalf(column)) {
                text.append('\u00a0');
            }
        }
        out.append("<text x=\"").append(MARGIN + from * CELL_WIDTH).append("\" y=\"").append(y + BASELINE).append("\" textLength=\"")
                .append((to - from) * CELL_WIDTH).append("\" lengthAdjust=\"spacingAndGlyphs\" fill=\"").append(Look.hex(look.foreground()))
                .append('"');
        String css = look.textCss();
        if (!css.isEmpty()) {
            out.append(" style=\"").append(css).append('"');
        }
        out.append('>').append(HtmlWriter.escape(text.toString())).append("</text>\n");
    }
}
