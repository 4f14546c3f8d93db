package dev.panpty.screen;

import java.util.Arrays;

/**
 * The states of a VT500, see ECMA-48, and what each character does in them: an action, then the next state.
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
 */
final class ParserTable {

    static final byte GROUND = 0;
    private static final byte ESCAPE = 1;
    private static final byte ESCAPE_INTERMEDIATE = 2;
    private static final byte CSI_ENTRY = 3;
    private static final byte CSI_PARAM = 4;
    private static final byte CSI_INTERMEDIATE = 5;
    private static final byte CSI_IGNORE = 6;
    static final byte OSC_STRING = 7;
    private static final byte DCS_ENTRY = 8;
    private static final byte DCS_PARAM = 9;
    private static final byte DCS_INTERMEDIATE = 10;
    private static final byte DCS_IGNORE = 11;
    private static final byte DCS_PASSTHROUGH = 12;
    private static final byte SOS_PM_APC_STRING = 13;
    private static final int STATES = 14;

    private static final int IGNORE = 0;
    static final int PRINT = 1;
    static final int EXECUTE = 2;
    static final int CLEAR = 3;
    static final int COLLECT = 4;
    static final int PARAM = 5;
    static final int ESC_DISPATCH = 6;
    static final int CSI_DISPATCH = 7;
    static final int STRING_START = 8;
    static final int STRING_PUT = 9;
    static final int OSC_END = 10;
    static final int DCS_HOOK = 11;
    static final int DCS_END = 12;

    private static final int ACTION_SHIFT = 4;
    private static final int STATE_MASK = 15;

    static final int ESC = 0x1B;
    static final int CAN = 0x18;
    static final int SUB = 0x1A;
    static final int DEL = 0x7F;

    /** All characters from here on are treated alike. */
    private static final int TEXT = 0xA0;
    private static final int CODES = TEXT + 1;

    private static final byte[] TABLE = table();

    private ParserTable() {}

    /** The action and the state that follows. */
    static int entry(int state, int code) {
        return TABLE[state * CODES + Math.min(code, TEXT)] & 0xFF;
    }

    static int action(int entry) {
        return entry >> ACTION_SHIFT;
    }

    static int next(int entry) {
        return entry & STATE_MASK;
    }

    private static byte[] table() {
        byte[] table = new byte[STATES * CODES];
        for (int state = 0; state < STATES; state++) {
            everywhere(table, state);
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

    private static void everywhere(byte[] table, int state) {
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
}
