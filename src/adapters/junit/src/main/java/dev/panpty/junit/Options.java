package dev.panpty.junit;

import dev.panpty.WindowSize;
import dev.panpty.screen.Screen;
import java.time.Duration;
import java.util.List;

/** What a {@link Terminal} says, checked. */
record Options(List<String> command, WindowSize size, List<String> environment, Duration limit, Duration settled, Duration unchanged) {

    static Options of(Terminal terminal) {
        return new Options(List.of(terminal.command()), size(terminal.rows(), terminal.columns()), List.of(terminal.environment()),
                positive("limitMillis", terminal.limitMillis()), positive("settledMillis", terminal.settledMillis()),
                positive("unchangedMillis", terminal.unchangedMillis()));
    }

    static WindowSize size(int rows, int columns) {
        return new WindowSize(range("rows", rows, Screen.MOST_ROWS), range("columns", columns, Screen.MOST_COLUMNS));
    }

    private static int range(String name, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(name + " must be 1.." + most + ", was " + value);
        }
        return value;
    }

    private static Duration positive(String name, long millis) {
        if (millis <= 0) {
            throw new IllegalArgumentException(name + " must be positive, was " + millis);
        }
        return Duration.ofMillis(millis);
    }
}
