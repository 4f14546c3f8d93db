package dev.panpty.screen;

import java.util.Arrays;

/**
 * Cuts the output of a program into text and control functions: the states of a VT500, see ECMA-48, after UTF-8 is decoded. A sequence may
 * be split over any number of calls. Used by one thread at a time.
 *
 * <pre>
 *                      ESC, from every state                     CSI, DCS, OSC, SOS, PM and APC of 8 bits: from every state too
 *   GROUND -----------------------------&gt; ESCAPE                 CAN, SUB: from every state to GROUND
 *                                          |
 *     |-- final ---------------------------|-- [ --&gt; CSI_ENTRY --- 0-9 : ; &lt; = &gt; ? --&gt; CSI_PARAM
 *     |-- intermediates --&gt; ESCAPE_        |             |                                |
 *     |                     INTERMEDIATE   |             +-- intermediates --&gt; CSI_INTERMEDIATE
 *     |                                    |             +-- final: dispatch              |
 *     |                                    |             +-- out of order ----------&gt; CSI_IGNORE, up to its final
 *     |                                    |-- P --&gt; DCS_ENTRY, DCS_PARAM, DCS_INTERMEDIATE, DCS_IGNORE: as for CSI
 *     |                                    |             +-- final --&gt; DCS_PASSTHROUGH --- ST --&gt; dispatch, GROUND
 *     |                                    |-- ] --&gt; OSC_STRING ------------------------ ST, BEL --&gt; dispatch, GROUND
 *     |                                    +-- X ^ _ --&gt; SOS_PM_APC_STRING ------------- ST --&gt; GROUND
 * </pre>
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

    private static final byte GROUND = 0;
    private static final byte ESCAPE = 1;
    private static final byte ESCAPE_INTERMEDIATE = 2;
    private static final byte CSI_ENTRY = 3;
    private static final byte CSI_PARAM = 4;
    private static final byte CSI_INTERMEDIATE = 5;
    private static final byte CSI_IGNORE = 6;
    private static final byte OSC_STRING = 7;
    private static final byte DCS_ENTRY = 8;
    private static final byte DCS_PARAM = 9;
    private static final byte DCS_INTERMEDIATE = 10;
    private static final byte DCS_IGNORE = 11;
    private static final byte DCS_PASSTHROUGH = 12;
    private static final byte SOS_PM_APC_STRING = 13;
    private static final int STATES = 14;

    private static final int IGNORE = 0;
    private static final int PRINT = 1;
    private static final int EXECUTE = 2;
    private static final int CLEAR = 3;
    private static final int COLLECT = 4;
    private static final int PARAM = 5;
    private static final int ESC_DISPATCH = 6;
    private static final int CSI_DISPATCH = 7;
    private static final int STRING_START = 8;
    private static final int STRING_PUT = 9;
    private static final int OSC_END = 10;
    private static final int DCS_HOOK = 11;
    private static final int DCS_END = 12;

    private static final int ACTION_SHIFT = 4;
    private static final int STATE_MASK = 15;

    private static final int ESC = 0x1B;
    private static final int CAN = 0x18;
    private static final int SUB = 0x1A;
    private static final int DEL = 0x7F;

    /** All characters from here on are treated alike. */
    private static final int TEXT = 0xA0;
    private static final int CODES = TEXT + 1;
    private static final int REPLACEMENT = 0xFFFD;

    private static final byte[] TABLE = table();

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

    private static byte[] table() {
        byte[] table = new byte[STATES * CODES];
        for (int state = 0; state < STATES; state++) {
            set(table, state, 0x80, 0x8F, EXECUTE, GROUND);
            set(table, state, 0x91, 0x97, EXECUTE, GROUND);
            set(table, state, 0x99, 0x9A, EXECUTE, GROUND);
            set(table, state, CAN, CAN, EXECUTE, GROUND);
            set(table, state, SUB, SUB, EXECUTE, GROUND);
            set(table, state, ESC, ESC, CLEAR, ESCAPE);
            set(table, state, 0x90, 0x90, CLEAR, DCS_ENTRY);
            set(table, state, 0x98, 0x98, IGNORE, SOS_PM_APC_STRING);
            set(table, state, 0x9B, 0x9B, CLEAR, CSI_ENTRY);
            set(table, state, 0x9C, 0x9C, IGNORE, GROUND);
            set(table, state, 0x9D, 0x9D, STRING_START, OSC_STRING);
            set(table, state, 0x9E, 0x9F, IGNORE, SOS_PM_APC_STRING);
        }
        set(table, GROUND, 0x20, 0x7E, PRINT, GROUND);
        set(table, GROUND, TEXT, TEXT, PRINT, GROUND);
        for (int state : new int[] {GROUND, ESCAPE, ESCAPE_INTERMEDIATE, CSI_ENTRY, CSI_PARAM, CSI_INTERMEDIATE, CSI_IGNORE}) {
            controls(table, state, EXECUTE);
        }
        for (int state : new int[] {OSC_STRING, DCS_ENTRY, DCS_PARAM, DCS_INTERMEDIATE, DCS_IGNORE, SOS_PM_APC_STRING}) {
            controls(table, state, IGNORE);
        }
        escapes(table);
        sequences(table, CSI_ENTRY, CSI_PARAM, CSI_INTERMEDIATE, CSI_IGNORE);
        sequences(table, DCS_ENTRY, DCS_PARAM, DCS_INTERMEDIATE, DCS_IGNORE);
        for (int state : new int[] {CSI_ENTRY, CSI_PARAM, CSI_INTERMEDIATE}) {
            set(table, state, 0x40, 0x7E, CSI_DISPATCH, GROUND);
        }
        set(table, CSI_IGNORE, 0x40, 0x7E, IGNORE, GROUND);
        for (int state : new int[] {DCS_ENTRY, DCS_PARAM, DCS_INTERMEDIATE}) {
            set(table, state, 0x40, 0x7E, DCS_HOOK, DCS_PASSTHROUGH);
        }
        set(table, DCS_IGNORE, 0x40, TEXT, IGNORE, DCS_IGNORE);
        strings(table);
        return table;
    }

    private static void escapes(byte[] table) {
        set(table, ESCAPE, 0x20, 0x2F, COLLECT, ESCAPE_INTERMEDIATE);
        set(table, ESCAPE, 0x30, 0x7E, ESC_DISPATCH, GROUND);
        set(table, ESCAPE, '[', '[', CLEAR, CSI_ENTRY);
        set(table, ESCAPE, 'P', 'P', CLEAR, DCS_ENTRY);
        set(table, ESCAPE, ']', ']', STRING_START, OSC_STRING);
        set(table, ESCAPE, 'X', 'X', IGNORE, SOS_PM_APC_STRING);
        set(table, ESCAPE, '^', '_', IGNORE, SOS_PM_APC_STRING);
        set(table, ESCAPE_INTERMEDIATE, 0x20, 0x2F, COLLECT, ESCAPE_INTERMEDIATE);
        set(table, ESCAPE_INTERMEDIATE, 0x30, 0x7E, ESC_DISPATCH, GROUND);
    }

    private static void sequences(byte[] table, int entry, int param, int intermediates, int ignore) {
        for (int state : new int[] {entry, param}) {
            set(table, state, 0x20, 0x2F, COLLECT, intermediates);
            set(table, state, '0', ';', PARAM, param);
        }
        set(table, entry, '<', '?', COLLECT, param);
        set(table, param, '<', '?', IGNORE, ignore);
        set(table, intermediates, 0x20, 0x2F, COLLECT, intermediates);
        set(table, intermediates, 0x30, 0x3F, IGNORE, ignore);
        set(table, ignore, 0x20, 0x3F, IGNORE, ignore);
        set(table, ignore, TEXT, TEXT, IGNORE, ignore);
    }

    private static void strings(byte[] table) {
        set(table, OSC_STRING, 0x20, DEL, STRING_PUT, OSC_STRING);
        set(table, OSC_STRING, TEXT, TEXT, STRING_PUT, OSC_STRING);
        set(table, DCS_PASSTHROUGH, 0, 0x7E, STRING_PUT, DCS_PASSTHROUGH);
        set(table, DCS_PASSTHROUGH, DEL, DEL, IGNORE, DCS_PASSTHROUGH);
        set(table, DCS_PASSTHROUGH, TEXT, TEXT, STRING_PUT, DCS_PASSTHROUGH);
        set(table, SOS_PM_APC_STRING, 0x20, DEL, IGNORE, SOS_PM_APC_STRING);
        set(table, SOS_PM_APC_STRING, TEXT, TEXT, IGNORE, SOS_PM_APC_STRING);
        set(table, OSC_STRING, 0x07, 0x07, OSC_END, GROUND);
        for (int end : new int[] {CAN, SUB, ESC, 0x9C}) {
            set(table, OSC_STRING, end, end, OSC_END, end == ESC ? ESCAPE : GROUND);
            set(table, DCS_PASSTHROUGH, end, end, DCS_END, end == ESC ? ESCAPE : GROUND);
        }
    }

    /** C0 without CAN, SUB and ESC; DEL is ignored. */
    private static void controls(byte[] table, int state, int action) {
        for (int control = 0; control < 0x20; control++) {
            if (control != CAN && control != SUB && control != ESC) {
                set(table, state, control, control, action, state);
            }
        }
        set(table, state, DEL, DEL, IGNORE, state);
    }

    private static void set(byte[] table, int state, int first, int last, int action, int next) {
        Arrays.fill(table, state * CODES + first, state * CODES + last + 1, (byte) (action << ACTION_SHIFT | next));
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
        int entry = TABLE[state * CODES + Math.min(code, TEXT)] & 0xFF;
        int before = state;
        state = entry & STATE_MASK;
        switch (entry >> ACTION_SHIFT) {
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
