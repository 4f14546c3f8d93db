package dev.panpty.screen;

import static dev.panpty.screen.ParserTable.CAN;
import static dev.panpty.screen.ParserTable.CLEAR;
import static dev.panpty.screen.ParserTable.COLLECT;
import static dev.panpty.screen.ParserTable.CSI_DISPATCH;
import static dev.panpty.screen.ParserTable.DCS_END;
import static dev.panpty.screen.ParserTable.DCS_HOOK;
import static dev.panpty.screen.ParserTable.DEL;
import static dev.panpty.screen.ParserTable.ESC;
import static dev.panpty.screen.ParserTable.ESC_DISPATCH;
import static dev.panpty.screen.ParserTable.EXECUTE;
import static dev.panpty.screen.ParserTable.GROUND;
import static dev.panpty.screen.ParserTable.OSC_END;
import static dev.panpty.screen.ParserTable.OSC_STRING;
import static dev.panpty.screen.ParserTable.PARAM;
import static dev.panpty.screen.ParserTable.PRINT;
import static dev.panpty.screen.ParserTable.STRING_PUT;
import static dev.panpty.screen.ParserTable.STRING_START;
import static dev.panpty.screen.ParserTable.SUB;

/**
 * Cuts the output of a program into text and control functions: the states of a VT500, see ECMA-48, after UTF-8 is decoded. A sequence may
 * be split over any number of calls. Used by one thread at a time.
 *
 * <p>ST is ESC \ or U+009C. A string that is too long ({@link #MAX_STRING}, {@link Actions#limit}) is dropped as a whole. A byte that has
 * no place in a sequence ends it. Malformed UTF-8 becomes U+FFFD, one for each maximal subpart, see the Unicode Standard, chapter 3.
 */
final class Parser {

    /** What the text and the control functions do. */
    interface Actions {

        /** Text: bytes from 0x20 to 0x7E. */
        void print(byte[] text, int from, int to);

        /** A character from U+00A0 on. */
        void print(int codePoint);

        /** A control of C0 or C1. */
        void execute(int control);

        /** ESC, an intermediate or 0, a final. */
        void escape(int intermediate, int last);

        /** CSI, a private prefix or 0, parameters, an intermediate or 0, a final. */
        void control(int prefix, Parameters parameters, int intermediate, int last);

        /** An OSC string. */
        void operatingSystemCommand(String text);

        /** A DCS string, without its parameters. */
        void deviceControl(int prefix, int intermediate, int last, String text);

        /** A string was cancelled, dropped or of no interest; it was a control function all the same. */
        void ignored();

        /** How long an OSC string that has begun with these {@value #MAX_STRING} characters may become. */
        default int limit(CharSequence begun) {
            return MAX_STRING;
        }
    }

    /** The most characters that a string may have, unless the actions know that it begins a longer one. */
    static final int MAX_STRING = 4096;

    private static final int REPLACEMENT = 0xFFFD;

    private final Actions actions;
    private final Parameters parameters = new Parameters();
    private StringBuilder string = new StringBuilder();
    private int limit;
    private int state = GROUND;
    private int prefix;
    private int intermediate;
    private int deviceFinal;
    private boolean overlong;

    private int decoded;
    private int needed;
    private int lower;
    private int upper;

    Parser(Actions actions) {
        this.actions = actions;
    }

    /** Parses these bytes. */
    void parse(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            int next = bytes[at];
            if (state == GROUND && needed == 0) {
                if (next >= 0x20 && next != DEL) {
                    int end = at + 1;
                    while (end < to && bytes[end] >= 0x20 && bytes[end] != DEL) {
                        end++;
                    }
                    actions.print(bytes, at, end);
                    at = end;
                    continue;
                }
                if (next >= 0 && next != ESC) {
                    if (next != DEL) {
                        actions.execute(next);
                    }
                    at++;
                    continue;
                }
            }
            if (next >= 0 && needed == 0) {
                step(next);
            } else {
                decode(next & 0xFF);
            }
            at++;
        }
    }

    /** Whether a sequence, or the UTF-8 of a character, is incomplete. */
    boolean isInSequence() {
        return state != GROUND || needed > 0;
    }

    /** UTF-8, see the Unicode Standard, table 3-7. */
    private void decode(int next) {
        if (needed == 0) {
            begin(next);
        } else if (next < lower || next > upper) {
            needed = 0;
            step(REPLACEMENT);
            begin(next);
        } else {
            lower = 0x80;
            upper = 0xBF;
            decoded = decoded << 6 | next & 0x3F;
            if (--needed == 0) {
                step(decoded);
            }
        }
    }

    private void begin(int next) {
        lower = 0x80;
        upper = 0xBF;
        if (next < 0x80) {
            step(next);
        } else if (next >= 0xC2 && next <= 0xDF) {
            needed = 1;
            decoded = next & 0x1F;
        } else if (next >= 0xE0 && next <= 0xEF) {
            needed = 2;
            decoded = next & 0x0F;
            lower = next == 0xE0 ? 0xA0 : lower;
            upper = next == 0xED ? 0x9F : upper;
        } else if (next >= 0xF0 && next <= 0xF4) {
            needed = 3;
            decoded = next & 0x07;
            lower = next == 0xF0 ? 0x90 : lower;
            upper = next == 0xF4 ? 0x8F : upper;
        } else {
            step(REPLACEMENT);
        }
    }

    private void step(int code) {
        int entry = ParserTable.entry(state, code);
        int before = state;
        state = ParserTable.next(entry);
        switch (ParserTable.action(entry)) {
            case PRINT -> actions.print(code);
            case EXECUTE -> execute(code, before);
            case CLEAR -> clear();
            case COLLECT -> collect(code);
            case PARAM -> parameters.add(code);
            case ESC_DISPATCH -> actions.escape(intermediate, code);
            case CSI_DISPATCH -> actions.control(prefix, parameters, intermediate, code);
            case STRING_START -> startString();
            case STRING_PUT -> put(code);
            case OSC_END -> endCommand(code);
            case DCS_HOOK -> {
                deviceFinal = code;
                startString();
            }
            case DCS_END -> endDeviceControl(code);
            default -> { }
        }
    }

    private void execute(int control, int before) {
        if (control != CAN && control != SUB || before == GROUND) {
            actions.execute(control);
        } else {
            actions.ignored();
        }
    }

    private void clear() {
        parameters.clear();
        prefix = 0;
        intermediate = 0;
    }

    /** Several intermediates are kept as one number, so that no function is taken for another. */
    private void collect(int code) {
        if (code >= '<') {
            prefix = code;
        } else {
            intermediate = Math.min(intermediate << 8 | code, Character.MAX_VALUE);
        }
    }

    private void startString() {
        emptyString();
        overlong = false;
        limit = MAX_STRING;
    }

    /** A long string does not keep its memory. */
    private void emptyString() {
        if (string.capacity() > 2 * MAX_STRING) {
            string = new StringBuilder();
        } else {
            string.setLength(0);
        }
    }

    private void put(int code) {
        if (overlong) {
            return;
        }
        if (string.length() == MAX_STRING && state == OSC_STRING) {
            limit = actions.limit(string);
        }
        if (string.length() >= limit) {
            overlong = true;
            emptyString();
        } else {
            string.appendCodePoint(code);
        }
    }

    private void endCommand(int code) {
        if (isDropped(code)) {
            actions.ignored();
        } else {
            actions.operatingSystemCommand(string.toString());
        }
        afterString(code);
    }

    private void endDeviceControl(int code) {
        if (isDropped(code)) {
            actions.ignored();
        } else {
            actions.deviceControl(prefix, intermediate, deviceFinal, string.toString());
        }
        afterString(code);
    }

    private boolean isDropped(int code) {
        return overlong || code == CAN || code == SUB;
    }

    private void afterString(int code) {
        emptyString();
        if (code == ESC) {
            clear();
        }
    }
}
