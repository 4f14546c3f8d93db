package dev.panpty.screen;

/** Checks of arguments, and the size that a screen may have. */
final class Checks {

    static final int MOST_ROWS = 1000;
    static final int MOST_COLUMNS = 1000;

    private Checks() {}

    static int range(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " must be " + least + ".." + most + ", was " + value);
        }
        return value;
    }
}
