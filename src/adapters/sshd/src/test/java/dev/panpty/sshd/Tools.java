package dev.panpty.sshd;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** What a test needs: without it the test is left out, or fails with {@code -Dpanpty.tools=required}. */
final class Tools {

    static final boolean STRESS = Boolean.getBoolean("panpty.stress");

    private Tools() {}

    static void need(String... programs) {
        for (String program : programs) {
            boolean isThere = List.of(System.getenv("PATH").split(File.pathSeparator)).stream()
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
            if (!isThere && "required".equals(System.getProperty("panpty.tools"))) {
                Assertions.fail("the program " + program + " is missing");
            }
            Assumptions.assumeTrue(isThere, "the program " + program + " is missing");
        }
    }
}
