package dev.panpty.expect;

import dev.panpty.TerminalAttributes;
import dev.panpty.TerminalAttributes.ControlCharacter;
import dev.panpty.TerminalAttributes.InputFlag;
import dev.panpty.TerminalAttributes.LocalFlag;
import java.util.ArrayList;
import java.util.List;

/** The bytes of a line on which a terminal acts itself, see termios(3). */
final class LineBytes {

    private static final int DELETE = 0x7f;

    private LineBytes() {}

    /** Whether the terminal would not hand over one of the first bytes as it is. */
    static boolean hasEdits(byte[] line, int count, TerminalAttributes modes) {
        List<Integer> acting = acting(modes);
        for (int i = 0; i < count; i++) {
            int value = line[i] & 0xff;
            if (value != 0 && acting.contains(value) || value == '\n' || value == '\r') {
                return true;
            }
        }
        return false;
    }

    private static List<Integer> acting(TerminalAttributes modes) {
        List<ControlCharacter> keys = new ArrayList<>();
        if (modes.has(LocalFlag.ISIG)) {
            keys.addAll(List.of(ControlCharacter.VINTR, ControlCharacter.VQUIT, ControlCharacter.VSUSP));
        }
        if (modes.has(LocalFlag.ICANON)) {
            keys.addAll(List.of(ControlCharacter.VEOF, ControlCharacter.VEOL, ControlCharacter.VERASE, ControlCharacter.VKILL));
            if (modes.has(LocalFlag.IEXTEN)) {
                keys.addAll(List.of(ControlCharacter.VEOL2, ControlCharacter.VWERASE, ControlCharacter.VREPRINT, ControlCharacter.VLNEXT));
            }
        }
        if (modes.has(InputFlag.IXON)) {
            keys.addAll(List.of(ControlCharacter.VSTART, ControlCharacter.VSTOP));
        }
        return keys.stream().map(modes::character).toList();
    }

    /** Whether there is a control character, on which a terminal that we do not see may act. */
    static boolean hasControls(byte[] line, int count) {
        for (int i = 0; i < count; i++) {
            int value = line[i] & 0xff;
            if (value < ' ' || value == DELETE) {
                return true;
            }
        }
        return false;
    }
}
