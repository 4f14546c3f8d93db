package dev.panpty.screen;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/** An event of the mouse, see "Mouse Tracking" in xterm's ctlseqs. Row and column count from 0. */
record Mouse(MouseButton button, MouseAction action, int row, int column) {

    private static final int RELEASED = 3;
    private static final int MOTION = 32;
    private static final int MODIFIER_SHIFT = 2;
    private static final int OFFSET = 33;
    private static final int MOST = 255 - OFFSET;
    private static final byte[] NOTHING = {};

    byte[] encode(Set<Mode> modes, int modifiers) {
        boolean isX10 = modes.contains(Mode.MOUSE_X10);
        if (!isWanted(modes)) {
            return NOTHING;
        }
        int code = button.code() | (action == MouseAction.MOVE ? MOTION : 0) | (isX10 ? 0 : modifiers << MODIFIER_SHIFT);
        if (modes.contains(Mode.MOUSE_SGR)) {
            return ("\u001b[<" + code + ";" + (column + 1) + ";" + (row + 1) + (action == MouseAction.RELEASE ? "m" : "M"))
                    .getBytes(StandardCharsets.US_ASCII);
        }
        if (row > MOST || column > MOST) {
            return NOTHING; // it has one byte for each
        }
        int old = action == MouseAction.RELEASE ? code & ~RELEASED | RELEASED : code;
        return new byte[] {0x1B, '[', 'M', (byte) (old + OFFSET - 1), (byte) (column + OFFSET), (byte) (row + OFFSET)};
    }

    private boolean isWanted(Set<Mode> modes) {
        boolean isWheel = button.code() >= MouseButton.WHEEL_UP.code();
        return switch (action) {
            case PRESS -> button != MouseButton.NONE && (modes.contains(Mode.MOUSE_MOTION) || modes.contains(Mode.MOUSE_DRAG)
                    || modes.contains(Mode.MOUSE_BUTTONS) || modes.contains(Mode.MOUSE_X10) && !isWheel);
            case RELEASE -> button != MouseButton.NONE && !isWheel && (modes.contains(Mode.MOUSE_MOTION) || modes.contains(Mode.MOUSE_DRAG)
                    || modes.contains(Mode.MOUSE_BUTTONS));
            case MOVE -> modes.contains(Mode.MOUSE_MOTION) || button != MouseButton.NONE && modes.contains(Mode.MOUSE_DRAG);
        };
    }
}
