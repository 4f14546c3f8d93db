package dev.panpty.junit;

import java.io.File;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** The programs that a test needs. Without one it is skipped, or fails with {@code -Dpanpty.tools=required}. */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Needs.Tools.class)
@interface Needs {

    /** Their names, looked up in the PATH. */
    String[] value();

    /** Looks them up. */
    final class Tools implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            String missing = context.getElement().flatMap(element -> AnnotationSupport.findAnnotation(element, Needs.class)).stream()
                    .flatMap(needs -> Arrays.stream(needs.value())).filter(program -> !has(program)).collect(Collectors.joining(", "));
            if (missing.isEmpty()) {
                return ConditionEvaluationResult.enabled("all programs are there");
            }
            if (System.getProperty("panpty.tools", "optional").equals("required")) {
                throw new AssertionError("this test needs " + missing + ", and panpty.tools=required");
            }
            return ConditionEvaluationResult.disabled("needs " + missing);
        }

        private static boolean has(String program) {
            return Stream.of(System.getenv("PATH").split(File.pathSeparator)).anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        }
    }
}
