package dev.panpty.screen;

/** Checks of arguments. */
final class Checks {

    private Checks() {}

    static int range(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " must be " + least + ".." + most + ", was " + value);
        }
        return value;
    }
}
