package dev.panpty.testing;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Programs and rights that tests need and a machine may lack. A test without one is skipped, and the build lists it at its end. With
 * {@code -Dpanpty.tools=required} it fails if a program is missing, with {@code -Dpanpty.rights=required} if a right is missing.
 */
public final class Tools implements ExecutionCondition {

    /** Whether the machine has the program. */
    public static boolean has(String program) {
        return find(program).isPresent();
    }

    /** The path of the program. */
    public static Optional<Path> find(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable).findFirst();
    }

    /** Whether the JVM can make a Path of the name: it cannot if the locale's encoding lacks a character. */
    public static boolean hasPath(String name) {
        try {
            Path.of(name);
            return true;
        } catch (InvalidPathException cannot) {
            return false;
        }
    }

    private static boolean isRequired(String what) {
        return System.getProperty("panpty." + what, "optional").equals("required");
    }

    /** Skips the test unless an attempt of the test was possible. */
    public static void skipUnless(boolean possible, String right) {
        if (possible) {
            return;
        }
        if (isRequired("rights")) {
            throw new AssertionError("this test needs " + right + ", and panpty.rights=required");
        }
        Assumptions.abort("needs " + right);
    }

    /** {@link #skipUnless} by the exit code of a command; the reason has its output. */
    public static void skipUnlessRuns(String right, List<String> command, String... rest) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(command);
        words.addAll(Arrays.asList(rest));
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        skipUnless(process.waitFor() == 0, right + " (" + said.strip() + ")");
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        List<String> missing = context.getElement()
                .flatMap(element -> AnnotationSupport.findAnnotation(element, Needs.class))
                .stream()
                .flatMap(needs -> Arrays.stream(needs.value()))
                .filter(tool -> !has(tool))
                .toList();
        if (missing.isEmpty()) {
            return ConditionEvaluationResult.enabled("all tools are here");
        }
        if (isRequired("tools")) {
            throw new AssertionError(context.getDisplayName() + " needs " + missing + ", and panpty.tools=required");
        }
        return ConditionEvaluationResult.disabled("needs " + String.join(", ", missing));
    }
}
