package dev.panpty.testing;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Programs that tests run and a machine may lack. A test without its tool is skipped and named in a list at the end; with
 * {@code -Dpanpty.tools=required} it fails.
 */
public final class Tools implements ExecutionCondition {

    private static final Set<String> SKIPPED = new ConcurrentSkipListSet<>();

    /** Whether the machine has the program. */
    public static boolean has(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    private static boolean isRequired() {
        return System.getProperty("panpty.tools", "optional").equals("required");
    }

    /** For what is no program, such as a privilege: the same where it is missing. */
    public static void skipUnless(boolean present, String what) {
        if (!present) {
            if (isRequired()) {
                throw new AssertionError("this test needs " + what + ", and panpty.tools=required");
            }
            SKIPPED.add("a test for want of " + what);
            Assumptions.abort("needs " + what);
        }
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        report(context);
        List<String> missing = context.getElement()
                .flatMap(element -> AnnotationSupport.findAnnotation(element, Needs.class))
                .stream()
                .flatMap(needs -> Arrays.stream(needs.value()))
                .filter(tool -> !has(tool))
                .toList();
        if (missing.isEmpty()) {
            return ConditionEvaluationResult.enabled("all tools are here");
        }
        String test = context.getRequiredTestClass().getSimpleName()
                + context.getTestMethod().map(method -> "." + method.getName()).orElse("");
        if (isRequired()) {
            throw new AssertionError(test + " needs " + missing + ", and panpty.tools=required");
        }
        SKIPPED.add(test + " for want of " + missing);
        return ConditionEvaluationResult.disabled("missing: " + missing);
    }

    /** Has the list printed when all tests are over. */
    static void report(ExtensionContext context) {
        context.getRoot().getStore(ExtensionContext.Namespace.create(Tools.class))
                .getOrComputeIfAbsent(Report.class, key -> new Report(), Report.class);
    }

    private static final class Report implements AutoCloseable {

        @Override
        public void close() {
            if (!SKIPPED.isEmpty()) {
                System.out.println("Skipped:");
                SKIPPED.forEach(test -> System.out.println("  " + test));
            }
        }
    }
}
