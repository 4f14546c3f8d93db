package dev.panpty.expect;

import java.security.SecureRandom;

/** A number that no output has by chance, and that a program cannot guess. */
final class Nonce {

    private static final SecureRandom RANDOM = new SecureRandom();

    private Nonce() {}

    /** 16 hexadecimal digits. */
    static String fresh() {
        return String.format("%016x", RANDOM.nextLong());
    }
}
