package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.EachWay;
import dev.panpty.testing.Leaks;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Timeout;

/** Command lines up to the very byte that the kernel takes, and one more; see execve(2), "Limits on size of arguments and environment". */
@Timeout(120)
class ArgumentListTest {

    /** MAX_ARG_STRLEN, the NUL included. */
    private static final int MAX_STRING_BYTES = 128 * 1024;

    private static final int WORD_BYTES = 100_000;

    private static List<String> command(int bytes) {
        List<String> command = new ArrayList<>(List.of("/bin/true"));
        command.addAll(Collections.nCopies(bytes / WORD_BYTES, "x".repeat(WORD_BYTES)));
        command.add("y".repeat(bytes % WORD_BYTES));
        return command;
    }

    private static PtyProcessBuilder builder(List<String> command) {
        PtyProcessBuilder builder = new PtyProcessBuilder(command);
        builder.environment().clear();
        return builder;
    }

    /** The JDK's own way to start a program is the model. */
    private static boolean jdkCan(int bytes) throws InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command(bytes)).redirectErrorStream(true)
                .redirectInput(new File("/dev/null")).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        try {
            return builder.start().waitFor() == 0;
        } catch (IOException tooBig) {
            assertTrue(tooBig.getMessage().matches(".*error[=:] ?7\\b.*"), tooBig::getMessage); // E2BIG
            return false;
        }
    }

    @EachWay
    void theLongestStringThatTheKernelTakesArrivesAndALongerOneIsRefused() throws Exception {
        Leaks.none(() -> {
            String longest = "x".repeat(MAX_STRING_BYTES - 1);
            String script = "test ${#1} = " + (MAX_STRING_BYTES - 1);
            try (PtyProcess process = builder(List.of("/bin/sh", "-c", script, "sh", longest)).start()) {
                assertEquals(0, process.waitFor());
            }
            assertEquals("E2BIG", assertThrows(SpawnException.class, builder(List.of("/bin/true", longest + "x"))::start).errnoName());
        });
    }

    @EachWay
    void theLongestListThatTheKernelTakesIsStartedAndALongerOneIsRefused() throws Exception {
        int fits = 100_000;
        int tooBig = 64 << 20;
        while (tooBig - fits > 1) {
            int middle = (fits + tooBig) / 2;
            if (jdkCan(middle)) {
                fits = middle;
            } else {
                tooBig = middle;
            }
        }
        List<String> longest = command(fits);
        List<String> longer = command(tooBig);
        Leaks.none(() -> {
            try (PtyProcess process = builder(longest).start()) {
                assertEquals(0, process.waitFor());
            }
            assertEquals("E2BIG", assertThrows(SpawnException.class, builder(longer)::start).errnoName());
        });
    }
}
