package dev.panpty.junit;

import dev.panpty.screen.Cell;
import dev.panpty.screen.Color;
import dev.panpty.screen.Snapshot;
import dev.panpty.screen.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * A screen as the text of a snapshot's file:
 *
 * <pre>
 *   24 rows of 80
 *   |hello                        each row until the last one that is not blank; "*" where a region is ignored
 *   |~
 *   cursor 0,5                    and "hidden"
 *   0,0-4 bold fg=red             row, columns and style of cells that have one
 *   3,0-10 link https://...       and of those that have a link
 * </pre>
 */
final class ScreenText {

    private static final List<String> NAMES = List.of("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white");

    private ScreenText() {}

    static String of(Snapshot screen, List<Region> ignored) {
        List<String> lines = new ArrayList<>();
        lines.add(screen.rows() + " rows of " + screen.columns());
        int blank = 0;
        for (int row = 0; row < screen.rows(); row++) {
            String line = line(screen, row, ignored);
            blank = line.isEmpty() ? blank + 1 : 0;
            lines.add("|" + line);
        }
        lines.subList(lines.size() - blank, lines.size()).clear();
        lines.add("cursor " + screen.cursor().row() + "," + screen.cursor().column() + (screen.cursor().isVisible() ? "" : " hidden"));
        addRuns(lines, screen, ignored, cell -> style(cell.style()));
        addRuns(lines, screen, ignored, cell -> cell.link().map(uri -> "link " + uri).orElse(""));
        return String.join("\n", lines) + "\n";
    }

    private static boolean isIgnored(List<Region> ignored, int row, int column) {
        return ignored.stream().anyMatch(region -> region.contains(row, column));
    }

    private static String line(Snapshot screen, int row, List<Region> ignored) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < screen.columns(); column++) {
            boolean halfIgnored = screen.cell(row, column).width() == 0 && column > 0 && isIgnored(ignored, row, column - 1);
            line.append(isIgnored(ignored, row, column) ? "*" : halfIgnored ? " " : screen.cell(row, column).text());
        }
        return line.toString().stripTrailing();
    }

    private static void addRuns(List<String> lines, Snapshot screen, List<Region> ignored, Function<Cell, String> what) {
        for (int row = 0; row < screen.rows(); row++) {
            int from = 0;
            String run = "";
            for (int column = 0; column <= screen.columns(); column++) {
                String next = column == screen.columns() || isIgnored(ignored, row, column) ? "" : what.apply(screen.cell(row, column));
                if (!next.equals(run)) {
                    if (!run.isEmpty()) {
                        lines.add(row + "," + from + (from == column - 1 ? "" : "-" + (column - 1)) + " " + run);
                    }
                    from = column;
                    run = next;
                }
            }
        }
    }

    /** Empty for the default style. */
    static String style(Style style) {
        List<String> parts = new ArrayList<>();
        style.attributes().forEach(attribute -> parts.add(attribute.name().toLowerCase(Locale.ROOT)));
        color(style.foreground()).ifPresent(color -> parts.add("fg=" + color));
        color(style.background()).ifPresent(color -> parts.add("bg=" + color));
        if (style.underline() != Style.Underline.NONE) {
            parts.add("underline=" + style.underline().name().toLowerCase(Locale.ROOT));
        }
        color(style.underlineColor()).ifPresent(color -> parts.add("underline-color=" + color));
        return String.join(" ", parts);
    }

    private static Optional<String> color(Color color) {
        return switch (color) {
            case Color.Default none -> Optional.empty();
            case Color.Indexed indexed -> Optional.of(name(indexed.index()));
            case Color.Direct direct -> Optional.of(String.format("#%02x%02x%02x", direct.red(), direct.green(), direct.blue()));
        };
    }

    private static String name(int index) {
        int named = NAMES.size();
        return index < named ? NAMES.get(index) : index < 2 * named ? "bright-" + NAMES.get(index - named) : Integer.toString(index);
    }
}
