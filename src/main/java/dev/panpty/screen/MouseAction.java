package dev.panpty.screen;

/** What a button of the mouse does. Immutable, for any thread. */
public enum MouseAction {
    /** It goes down. */
    PRESS,
    /** It comes up. */
    RELEASE,
    /** The mouse moves, with the button down or with {@link MouseButton#NONE}. */
    MOVE
}
