package dev.panpty.screen;

import java.util.Arrays;
import java.util.Objects;

/**
 * One line of cells. A cell is its text (code point, width, flags), its pen and, in rows that have such, the colour of its underline, its
 * link and its marks. A row that a snapshot or a {@link Row} holds is never written again: {@link Buffer#writable} replaces it by a
 * copy.
 */
final class Cells {

    /** Combining marks that a cell keeps; more are dropped. */
    static final int MOST_MARKS = 16;

    static final int POINT_MASK = 0x1F_FFFF;

    private static final int WIDTH_SHIFT = 21;
    private static final int WIDTH_MASK = 3 << WIDTH_SHIFT;

    /** A cell without text. */
    static final int BLANK = 1 << WIDTH_SHIFT;

    /** A character of one column is this and its code point. */
    static final int NARROW = 1 << WIDTH_SHIFT;
    static final int WIDE = 2 << WIDTH_SHIFT;

    /** The second half of a wide character. */
    static final int SPACER = 0;

    private static final int MARKED = 1 << 23;

    /** The blank before a wide character that did not fit: no text when lines are laid out again. */
    static final int PAD = BLANK | 1 << 24;

    final int[] text;
    final long[] pens;
    int[] underlines;
    Link[] links;
    private int[][] marks;

    /** Cells from here on are blank and have the default pen. */
    private int used;

    /** Whether it continues the line above. */
    boolean wrapped;

    /** Whether a snapshot or a {@link Row} holds it, or did. */
    boolean shared;

    Cells(int columns) {
        text = new int[columns];
        pens = new long[columns];
        Arrays.fill(text, BLANK);
    }

    private Cells(Cells other) {
        text = other.text.clone();
        pens = other.pens.clone();
        underlines = other.underlines == null ? null : other.underlines.clone();
        links = other.links == null ? null : other.links.clone();
        marks = other.marks == null ? null : other.marks.clone();
        used = other.used;
        wrapped = other.wrapped;
    }

    Cells copy() {
        return new Cells(this);
    }

    int columns() {
        return text.length;
    }

    static int widthOf(int cell) {
        return cell >> WIDTH_SHIFT & 3;
    }

    int width(int column) {
        return widthOf(text[column]);
    }

    int point(int column) {
        return text[column] & POINT_MASK;
    }

    boolean isSpacer(int column) {
        return (text[column] & (WIDTH_MASK | POINT_MASK)) == SPACER;
    }

    /** The marks of a cell; do not write. */
    int[] marks(int column) {
        return (text[column] & MARKED) == 0 ? NO_MARKS : marks[column];
    }

    private static final int[] NO_MARKS = {};

    void addMark(int column, int mark) {
        int[] before = marks(column);
        if (before.length < MOST_MARKS) {
            if (marks == null) {
                marks = new int[text.length][];
            }
            marks[column] = Arrays.copyOf(before, before.length + 1);
            marks[column][before.length] = mark;
            text[column] |= MARKED;
            used = Math.max(used, column + 1);
        }
    }

    void set(int column, int cell, Pen pen) {
        text[column] = cell;
        pens[column] = pen.bits;
        if (underlines != null || pen.underline != 0) {
            underlines()[column] = pen.underline;
        }
        if (links != null || pen.link != null) {
            links()[column] = pen.link;
        }
        used = Math.max(used, column + 1);
    }

    /** Narrow characters. */
    void set(int column, byte[] ascii, int from, int count, Pen pen) {
        int[] cells = text;
        for (int i = 0; i < count; i++) {
            cells[column + i] = ascii[from + i] | NARROW;
        }
        fillPens(column, column + count, pen);
    }

    void fill(int from, int to, int cell, Pen pen) {
        if (from < to) {
            Arrays.fill(text, from, to, cell);
            fillPens(from, to, pen);
        }
    }

    private void fillPens(int from, int to, Pen pen) {
        Arrays.fill(pens, from, to, pen.bits);
        if (underlines != null || pen.underline != 0) {
            Arrays.fill(underlines(), from, to, pen.underline);
        }
        if (links != null || pen.link != null) {
            Arrays.fill(links(), from, to, pen.link);
        }
        used = Math.max(used, to);
    }

    private int[] underlines() {
        if (underlines == null) {
            underlines = new int[text.length];
        }
        return underlines;
    }

    private Link[] links() {
        if (links == null) {
            links = new Link[text.length];
        }
        return links;
    }

    /** All cells blank with this pen, and the row no continuation. */
    void clear(Pen pen) {
        wrapped = false;
        marks = null;
        links = null;
        if (pen.bits == 0 && pen.underline == 0 && pen.link == null) {
            Arrays.fill(text, 0, used, BLANK);
            Arrays.fill(pens, 0, used, 0);
            if (underlines != null) {
                Arrays.fill(underlines, 0, used, 0);
            }
            used = 0;
        } else {
            fill(0, text.length, BLANK, pen);
        }
    }

    /** Cells of this or another row to a place in this row; the places may overlap. */
    void copy(Cells source, int from, int to, int count) {
        if (count <= 0) {
            return;
        }
        System.arraycopy(source.text, from, text, to, count);
        System.arraycopy(source.pens, from, pens, to, count);
        if (source.underlines != null) {
            System.arraycopy(source.underlines, from, underlines(), to, count);
        } else if (underlines != null) {
            Arrays.fill(underlines, to, to + count, 0);
        }
        if (source.links != null) {
            System.arraycopy(source.links, from, links(), to, count);
        } else if (links != null) {
            Arrays.fill(links, to, to + count, null);
        }
        if (source.marks != null) {
            if (marks == null) {
                marks = new int[text.length][];
            }
            System.arraycopy(source.marks, from, marks, to, count);
        }
        used = Math.max(used, to + count);
    }

    /** Cells up to the last one with text. */
    int textLength() {
        int length = Math.min(used, columns());
        while (length > 0 && (text[length - 1] & POINT_MASK) == 0) {
            length--;
        }
        return length == 0 ? 0 : Math.min(length - 1 + width(length - 1), columns());
    }

    /** Cells up to the last one that is not a default blank. */
    int usedLength() {
        int length = Math.min(used, columns());
        while (length > 0 && text[length - 1] == BLANK && pens[length - 1] == 0
                && (links == null || links[length - 1] == null)) {
            length--;
        }
        return length;
    }

    /** The text of a cell: empty for a blank one. */
    void appendTo(StringBuilder builder, int column) {
        int point = point(column);
        if (point != 0) {
            builder.appendCodePoint(point);
        }
        for (int mark : marks(column)) {
            builder.appendCodePoint(mark);
        }
    }

    /** The text of these columns, with a blank for each one that was never written. */
    String text(int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int column = from; column < to; column++) {
            if (point(column) != 0) {
                appendTo(text, column);
            } else if (!isSecondHalf(column)) {
                text.append(' ');
            }
        }
        return text.toString();
    }

    /** The text, blanks at the end left out. */
    String line() {
        String line = text(0, textLength());
        int end = line.length();
        while (end > 0 && line.charAt(end - 1) == ' ') {
            end--;
        }
        return line.substring(0, end);
    }

    /** Whether the cell belongs to the wide character on its left. */
    boolean isSecondHalf(int column) {
        return isSpacer(column) && column > 0 && width(column - 1) == 2;
    }

    /** Whether all that is seen is the same. */
    boolean looksLike(Cells other) {
        return this == other || columns() == other.columns() && Arrays.equals(pens, other.pens) && sameRest(other);
    }

    private boolean sameRest(Cells other) {
        for (int column = 0; column < columns(); column++) {
            if (seen(column) != other.seen(column) || underline(column) != other.underline(column)
                    || !Objects.equals(link(column), other.link(column)) || !Arrays.equals(marks(column), other.marks(column))) {
                return false;
            }
        }
        return true;
    }

    /** A cell without text is seen as a space. */
    private int seen(int column) {
        int cell = text[column] & ~(PAD ^ BLANK);
        return (cell & POINT_MASK) == 0 && !isSecondHalf(column) ? ' ' | NARROW : cell;
    }

    int underline(int column) {
        return underlines == null ? 0 : underlines[column];
    }

    Link link(int column) {
        return links == null ? null : links[column];
    }
}
