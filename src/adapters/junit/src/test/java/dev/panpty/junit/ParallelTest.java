package dev.panpty.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** A hundred tests, sixteen at a time; so often: {@code -Dpanpty.junit.rounds=10}. */
@Needs({"bash", "vim", "less"})
class ParallelTest {

    private static final int TESTS = 100;
    private static final int PARALLEL = 16;

    @Test
    void aHundredTestsPassSixteenAtATime() throws Exception {
        for (int round = 0; round < Integer.getInteger("panpty.junit.rounds", 1); round++) {
            Events tests = EngineTestKit.engine("junit-jupiter").selectors(selectClass(ParallelCases.class))
                    .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                    .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
                    .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
                    .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", Integer.toString(PARALLEL))
                    .execute().testEvents();
            assertEquals(TESTS, tests.succeeded().count(), () -> failures(tests));
            assertTrue(ParallelCases.MOST.get() > PARALLEL / 2, () -> "only " + ParallelCases.MOST + " at a time");
            try (var recordings = Files.list(Recordings.folder())) {
                assertEquals("", recordings.map(path -> path.getFileName().toString()).filter(name -> name.contains("ParallelCases")).collect(Collectors.joining("\n")));
            }
        }
    }

    private static String failures(Events tests) {
        StringWriter written = new StringWriter();
        for (Event failed : tests.failed().list()) {
            Throwable thrown = failed.getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow();
            written.append(failed.getTestDescriptor().getUniqueId().toString()).append('\n');
            thrown.printStackTrace(new PrintWriter(written, true));
        }
        return written.toString();
    }
}
