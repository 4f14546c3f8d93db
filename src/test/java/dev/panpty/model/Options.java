package dev.panpty.model;

import dev.panpty.LongLines;
import dev.panpty.SpawnStrategy;
import dev.panpty.StandardError;
import dev.panpty.TerminalAttributes;
import dev.panpty.WindowSize;

/**
 * How a program is started.
 *
 * @param changed whether the builder is told all that it need not be: name, directory, environment, user and limits
 */
record Options(Style style, SpawnStrategy strategy, boolean raw, WindowSize size, StandardError errors, boolean endAtExit,
        LongLines longLines, Home home, boolean changed) {

    /** How one talks to it. */
    enum Style {
        STREAMS, READERS, EVENTS, FLOW;

        boolean hasEvents() {
            return this == EVENTS || this == FLOW;
        }
    }

    /** Where it is started. */
    enum Home { PLAIN, ON_A_PTY, ON_A_REACTOR }

    /** Without echo: it would come in any order with the answers. */
    static TerminalAttributes attributes(boolean raw) {
        return raw ? TerminalAttributes.raw() : TerminalAttributes.cooked().withEcho(false);
    }

    TerminalAttributes attributes() {
        return attributes(raw);
    }

    @Override
    public String toString() {
        return style + " " + strategy + (raw ? " raw " : " cooked ") + size.rows() + "x" + size.columns() + " errors to " + errors
                + (endAtExit ? " end at exit" : "") + " " + longLines + " " + home + (changed ? " changed" : "");
    }
}
