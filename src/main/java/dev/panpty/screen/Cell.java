package dev.panpty.screen;

import java.util.Objects;
import java.util.Optional;

/**
 * One place of a screen. Immutable, for any thread.
 *
 * @param text the character with its combining marks; a space where there is none; empty for the second half of a wide character
 * @param width 1 column; 2 for a wide character, 0 for its second half
 * @param style what it looks like
 * @param link the URI of its hyperlink (OSC 8), as the program wrote it: do not open it without a check
 */
public record Cell(String text, int width, Style style, Optional<String> link) {

    private static final int MOST_WIDTH = 2;

    /**
     * A cell.
     *
     * @throws IllegalArgumentException for another width
     */
    public Cell {
        Objects.requireNonNull(text, "text");
        Checks.range("width", width, 0, MOST_WIDTH);
        Objects.requireNonNull(style, "style");
        Objects.requireNonNull(link, "link");
    }

    static Cell of(Cells row, int column) {
        Style style = Style.of(row.pens[column], row.underline(column));
        Optional<String> link = Optional.ofNullable(row.link(column)).map(Link::uri);
        if (row.isSecondHalf(column)) {
            return new Cell("", 0, style, link);
        }
        if (row.point(column) == 0) {
            return new Cell(" ", 1, style, link);
        }
        StringBuilder text = new StringBuilder();
        row.appendTo(text, column);
        return new Cell(text.toString(), row.width(column), style, link);
    }
}
