package dev.panpty.screen;

/**
 * Where the cursor is. Immutable, for any thread.
 *
 * @param row from 0
 * @param column from 0; equal to the number of columns if the last column was printed and the next character begins a new line
 * @param isVisible whether it is shown, DECTCEM
 */
public record Cursor(int row, int column, boolean isVisible) {

    /**
     * A cursor.
     *
     * @throws IllegalArgumentException for a row or column that no screen has
     */
    public Cursor {
        Checks.range("row", row, 0, Checks.MOST_ROWS - 1);
        Checks.range("column", column, 0, Checks.MOST_COLUMNS);
    }
}
