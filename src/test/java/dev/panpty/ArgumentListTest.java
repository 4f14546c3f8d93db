package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.EachWay;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.Leaks;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Command lines and environments of the largest size that the kernel accepts, and one byte more; see "Limits on size" in execve(2). */
@Timeout(120)
class ArgumentListTest {

    /** MAX_ARG_STRLEN, including the NUL. */
    private static final int MAX_STRING_BYTES = 128 * 1024;

    private static final int WORD_BYTES = 100_000;

    /** The arguments and the environment of a program. */
    private record Given(List<String> command, Map<String, String> environment) {

        static Given inArguments(int bytes) {
            List<String> command = new ArrayList<>(List.of("/bin/true"));
            command.addAll(Collections.nCopies(bytes / WORD_BYTES, "x".repeat(WORD_BYTES)));
            command.add("y".repeat(bytes % WORD_BYTES));
            return new Given(command, Map.of());
        }

        static Given inEnvironment(int bytes) {
            Map<String, String> environment = new TreeMap<>();
            for (int name = 1000; name < 1000 + bytes / WORD_BYTES; name++) {
                environment.put("X" + name, "x".repeat(WORD_BYTES));
            }
            environment.put("Y", "y".repeat(bytes % WORD_BYTES));
            return new Given(List.of("/bin/true"), environment);
        }

        PtyProcessBuilder builder() {
            PtyProcessBuilder builder = new PtyProcessBuilder(command);
            builder.environment().clear();
            builder.environment().putAll(environment);
            return builder;
        }

        /** The model: whether ProcessBuilder can start it. */
        boolean jdkCan() throws InterruptedException {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectInput(new File("/dev/null")).redirectOutput(ProcessBuilder.Redirect.DISCARD);
            builder.environment().clear();
            builder.environment().putAll(environment);
            try {
                return builder.start().waitFor() == 0;
            } catch (IOException tooBig) {
                assertTrue(tooBig.getMessage().matches(".*error[=:] ?7\\b.*"), tooBig::getMessage); // E2BIG
                return false;
            }
        }
    }

    @EachWay
    void theLongestStringThatTheKernelTakesArrivesAndALongerOneIsRefused() throws Exception {
        Leaks.none(() -> {
            String longest = "x".repeat(MAX_STRING_BYTES - 1);
            String script = "test ${#1} = " + (MAX_STRING_BYTES - 1);
            try (PtyProcess process = new Given(List.of("/bin/sh", "-c", script, "sh", longest), Map.of()).builder().start()) {
                assertEquals(0, process.waitFor());
            }
            assertTooBig(new Given(List.of("/bin/true", longest + "x"), Map.of()));
            assertTooBig(new Given(List.of("/bin/true"), Map.of("X", longest)));
        });
    }

    @EachWay
    void theLongestListThatTheKernelTakesIsStartedAndALongerOneIsRefused() throws Exception {
        assertLimitIsTheKernels(Given::inArguments);
    }

    @EachWay
    void theLargestEnvironmentThatTheKernelTakesIsGivenAndALargerOneIsRefused() throws Exception {
        assertLimitIsTheKernels(Given::inEnvironment);
    }

    private static void assertLimitIsTheKernels(IntFunction<Given> ofBytes) throws Exception {
        int fits = 100_000;
        int tooBig = 64 << 20;
        while (tooBig - fits > 1) {
            int middle = (fits + tooBig) / 2;
            if (ofBytes.apply(middle).jdkCan()) {
                fits = middle;
            } else {
                tooBig = middle;
            }
        }
        Given largest = ofBytes.apply(fits);
        Given larger = ofBytes.apply(tooBig);
        Leaks.none(() -> {
            try (PtyProcess process = largest.builder().start()) {
                assertEquals(0, process.waitFor());
            }
            assertTooBig(larger);
        });
    }

    private static void assertTooBig(Given given) {
        assertEquals("E2BIG", assertThrows(SpawnException.class, given.builder()::start).errnoName());
    }

    @EachWay
    @Timeout(60)
    void moreArgumentsThanTheKernelTakesAreASpawnException() throws Exception {
        String word = "x".repeat(100_000);
        PtyProcessBuilder builder = withArguments(Collections.nCopies(200, word));
        Leaks.none(() -> assertEquals("E2BIG", assertThrows(SpawnException.class, builder::start).errnoName()));
    }

    /** Refused before any of it is copied: a copy does not fit into the heap. */
    @Test
    @Timeout(60)
    void farMoreArgumentsThanTheKernelTakesAreASpawnExceptionAtOnce() throws Exception {
        new ForkedJvm(ManyArguments.class).options("-Xmx64m").run();
    }

    /** All are the same String object. */
    public static final class ManyArguments implements ForkedJvm.Body {
        @Override
        public void run(String[] arguments) throws Throwable {
            PtyProcessBuilder builder = withArguments(Collections.nCopies(270, "x".repeat(1_000_000)));
            Leaks.none(() -> assertEquals("E2BIG", assertThrows(SpawnException.class, builder::start).errnoName()));
        }
    }

    private static PtyProcessBuilder withArguments(List<String> words) {
        List<String> command = new ArrayList<>(words);
        command.addFirst("true");
        return new PtyProcessBuilder(command);
    }
}
