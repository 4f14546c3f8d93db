package dev.panpty.screen;

/** A button of the mouse. Immutable, for any thread. */
public enum MouseButton {
    /** The first. */
    LEFT(0),
    /** The second. */
    MIDDLE(1),
    /** The third. */
    RIGHT(2),
    /** No button: for motion alone. */
    NONE(3),
    /** The wheel away from the user; it is pressed and not released. */
    WHEEL_UP(64),
    /** The wheel towards the user. */
    WHEEL_DOWN(65);

    private final int code;

    MouseButton(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
