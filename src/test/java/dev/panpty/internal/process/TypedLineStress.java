package dev.panpty.internal.process;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@link KernelLineTest} and {@link LineGuardTest} for minutes: with the profile {@code stress} only. */
@Timeout(600)
class TypedLineStress {

    private static final int LINES = 290_000;
    private static final int INPUTS = 20_000;

    @Test
    void theModelOfALineIsTheKernelsForMinutes() {
        KernelLineTest.compare(System.nanoTime(), LINES);
    }

    @Test
    void linesThatFitAreAcceptedForMinutes() throws Exception {
        LineGuardTest.checkStreams(System.nanoTime(), INPUTS);
        LineGuardTest.checkQueues(System.nanoTime(), INPUTS);
    }
}
