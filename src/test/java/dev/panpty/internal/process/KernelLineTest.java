package dev.panpty.internal.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Random bytes in random modes, typed into a terminal and into the model of its line, which must agree. */
class KernelLineTest {

    private static final int LINES = 10_000;

    @Test
    void theModelOfALineIsTheKernels() {
        compare(System.nanoTime(), LINES);
    }

    /** @param seed named if they differ */
    static void compare(long seed, int lines) {
        try (TypedTerminal terminal = new TypedTerminal(seed)) {
            for (int i = 0; i < lines; i++) {
                terminal.changeMode();
                terminal.type();
                String trial = "seed " + seed + ", line " + i + ": " + terminal;
                assertEquals(terminal.expectedLine(), terminal.line(), trial);
                assertEquals(terminal.expectedLines(), terminal.lines(), trial);
            }
        }
    }
}
