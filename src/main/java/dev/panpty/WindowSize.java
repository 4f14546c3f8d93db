package dev.panpty;

/**
 * The size of a terminal's window, see ioctl_tty(2), TIOCSWINSZ. Rows come before columns. A size of 0 means that it is unknown, and
 * programs then guess. Immutable, for any thread.
 *
 * @param rows in characters, 0 to 65535
 * @param columns in characters, 0 to 65535
 * @param widthPixels 0 to 65535, 0 if unknown
 * @param heightPixels 0 to 65535, 0 if unknown
 */
public record WindowSize(int rows, int columns, int widthPixels, int heightPixels) {

    /** What a terminal has unless something else is asked for: 24 rows of 80 columns. */
    public static final WindowSize DEFAULT = new WindowSize(24, 80);

    private static final int MAX = 65535;

    /**
     * A size with pixels.
     *
     * @throws IllegalArgumentException for a number that is out of range
     */
    public WindowSize {
        check("rows", rows);
        check("columns", columns);
        check("widthPixels", widthPixels);
        check("heightPixels", heightPixels);
    }

    /**
     * A size without pixels.
     *
     * @param rows in characters, 0 to 65535
     * @param columns in characters, 0 to 65535
     */
    public WindowSize(int rows, int columns) {
        this(rows, columns, 0, 0);
    }

    private static void check(String what, int value) {
        if (value < 0 || value > MAX) {
            throw new IllegalArgumentException(what + " must be 0..65535, was " + value);
        }
    }
}
