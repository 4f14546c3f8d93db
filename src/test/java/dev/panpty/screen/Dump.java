package dev.panpty.screen;

import dev.panpty.WindowSize;
import dev.panpty.screen.Oracle.Case;
import dev.panpty.screen.Oracle.Output;
import dev.panpty.screen.Oracle.Size;
import dev.panpty.screen.Oracle.Step;
import dev.panpty.screen.Style.Attribute;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A screen as text that can be compared: buffer and cursor, then each row, of the history too, with the styles of its cells. */
final class Dump {

    private static final String FLAGS = "bfikvxso";

    private Dump() {}

    /** The screen after the case. */
    static Screen screen(Case example) {
        Screen screen = new Screen(new WindowSize(example.rows(), example.columns()), example.history())
                .synchronizedOutputLimit(Duration.ZERO);
        for (Step step : example.steps()) {
            apply(screen, step);
        }
        return screen;
    }

    static void apply(Screen screen, Step step) {
        switch (step) {
            case Output output -> screen.feed(output.bytes());
            case Size size -> screen.resize(new WindowSize(size.rows(), size.columns()));
        }
    }

    static String of(Screen screen) {
        Snapshot snapshot = screen.snapshot();
        List<String> lines = new ArrayList<>();
        boolean isAlternate = snapshot.modes().contains(Mode.ALTERNATE_SCREEN);
        lines.add((isAlternate ? "alternate " : "normal ") + snapshot.cursor().row() + "," + snapshot.cursor().column());
        if (!isAlternate) {
            screen.history().forEach(row -> lines.add("^" + row(row)));
        }
        for (int row = 0; row < snapshot.rows(); row++) {
            lines.add("|" + row(snapshot.row(row)));
        }
        return String.join("\n", lines);
    }

    private static String row(Row row) {
        StringBuilder text = new StringBuilder();
        List<String> looks = new ArrayList<>();
        List<Integer> counts = new ArrayList<>();
        for (int column = 0; column < row.columns(); column++) {
            Cell cell = row.cell(column);
            text.append(cell.text());
            String look = look(cell.style());
            if (looks.isEmpty() || !looks.getLast().equals(look)) {
                looks.add(look);
                counts.add(0);
            }
            counts.set(counts.size() - 1, counts.getLast() + 1);
        }
        StringBuilder runs = new StringBuilder();
        for (int i = 0; i < looks.size(); i++) {
            runs.append(i == 0 ? "" : " ").append(counts.get(i)).append('*').append(looks.get(i));
        }
        boolean isPlain = looks.size() == 1 && looks.get(0).equals("-,-,-,");
        return text.toString().replaceAll(" +$", "") + (isPlain ? "" : "\t" + runs);
    }

    private static String look(Style style) {
        String flags = style.attributes().stream().map(Attribute::ordinal).map(FLAGS::charAt).map(String::valueOf).collect(Collectors.joining());
        boolean isUnderlined = style.underline() != Style.Underline.NONE;
        return color(style.foreground()) + "," + color(style.background()) + "," + (isUnderlined ? color(style.underlineColor()) : "-")
                + "," + flags + (isUnderlined ? "u" + style.underline().ordinal() : "");
    }

    private static String color(Color color) {
        return switch (color) {
            case Color.Default none -> "-";
            case Color.Indexed indexed -> Integer.toString(indexed.index());
            case Color.Direct direct -> String.format("#%02x%02x%02x", direct.red(), direct.green(), direct.blue());
        };
    }
}
