package dev.panpty.bench;

/** How the cost of a message grows with the number of terminals, as a picture. */
final class Growth {

    private Growth() {}

    static void run(int rounds) {
        throw new UnsupportedOperationException();
    }
}
