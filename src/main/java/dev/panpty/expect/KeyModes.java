package dev.panpty.expect;

import dev.panpty.screen.Mode;
import java.util.EnumSet;
import java.util.Set;

/**
 * The modes of the terminal that decide what a key types, as the program's output has set them: DECSET and DECRST, DECKPAM and DECKPNM,
 * RIS. One thread at a time gives it output; any thread reads.
 */
final class KeyModes {

    private static final Mode[] ALL = Mode.values();
    private static final int MOST = 99_999;

    private volatile Set<Mode> modes = Set.of(); // replaced as a whole
    private boolean isPrivate;
    private int number;
    private Set<Mode> named = Set.of(); // by the parameters so far

    Set<Mode> now() {
        return modes;
    }

    /** CSI. */
    void begin() {
        isPrivate = false;
        number = 0;
        named = Set.of();
    }

    /** A parameter byte. */
    void parameter(int value) {
        if (value == '?') {
            isPrivate = true;
        } else if (value >= '0' && value <= '9') {
            number = Math.min(number * 10 + value - '0', MOST);
        } else if (value == ';') {
            name();
        }
    }

    private void name() {
        for (Mode each : ALL) {
            if (each.isPrivate() == isPrivate && each.number() == number) {
                named = with(named, each, true);
            }
        }
        number = 0;
    }

    /** The final byte of a control sequence. */
    void end(int last) {
        if (last == 'h' || last == 'l') {
            name();
            for (Mode each : named) {
                modes = with(modes, each, last == 'h');
            }
        }
    }

    /** ESC and a final byte. */
    void escape(int last) {
        if (last == '=' || last == '>') {
            modes = with(modes, Mode.APPLICATION_KEYPAD, last == '=');
        } else if (last == 'c') {
            modes = Set.of();
        }
    }

    private static Set<Mode> with(Set<Mode> some, Mode mode, boolean on) {
        EnumSet<Mode> more = EnumSet.noneOf(Mode.class);
        more.addAll(some);
        if (on) {
            more.add(mode);
        } else {
            more.remove(mode);
        }
        return Set.copyOf(more);
    }
}
