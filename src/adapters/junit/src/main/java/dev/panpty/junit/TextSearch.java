package dev.panpty.junit;

import dev.panpty.screen.Snapshot;
import java.util.List;

/** Whether a text is on a screen. Blanks at its end count, as in a prompt, though the lines of a {@link Snapshot} end without them. */
final class TextSearch {

    private TextSearch() {}

    static boolean contains(Snapshot screen, String text) {
        return screen.contains(text) || text.endsWith(" ") && endsInARow(screen.lines(), screen.columns(), text);
    }

    /** The text ends in one of the rows, which are blank up to the right edge. */
    private static boolean endsInARow(List<String> lines, int columns, String text) {
        int above = (int) text.chars().filter(character -> character == '\n').count();
        for (int row = above; row < lines.size(); row++) {
            String rows = String.join("\n", lines.subList(row - above, row + 1)) + " ".repeat(Math.max(columns - lines.get(row).length(), 0));
            if (rows.contains(text)) {
                return true;
            }
        }
        return false;
    }
}
