package dev.panpty.model;

import dev.panpty.LongLines;
import dev.panpty.SpawnStrategy;
import dev.panpty.StandardError;
import dev.panpty.TerminalAttributes;
import dev.panpty.WindowSize;

/**
 * The options of a start.
 *
 * @param changed whether all optional settings are set: name, directory, environment, user and limits
 */
record Options(Style style, SpawnStrategy strategy, boolean raw, WindowSize size, StandardError errors, boolean endAtExit,
        LongLines longLines, Home home, boolean changed) {

    /** The style of the process. */
    enum Style {
        STREAMS, READERS, EVENTS, FLOW;

        boolean hasEvents() {
            return this == EVENTS || this == FLOW;
        }
    }

    /** The place of the start: the default, a given Pty, or a reactor of our own. */
    enum Home { PLAIN, ON_A_PTY, ON_A_REACTOR }

    /** Without echo, since echo and answers could come in any order. */
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
