package dev.panpty.testing;

import static dev.panpty.testing.FullHost.check;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** A JVM under LC_ALL=C with variables that are not text, and with LINES and COLUMNS, but without TERM. */
public final class OddEnvironment implements ForkedJvm.Body {

    private static final String ODD = "ODD=h\u00c3\u00a9 \u00ff\u00fe";

    @Override
    public void run(String[] arguments) throws Throwable {
        PtyProcessBuilder builder = new PtyProcessBuilder("env", "-0");
        builder.environment().put("MINE", "1");
        List<String> variables = variables(builder);
        check(variables.contains(ODD), variables);
        check(variables.contains("N\u00e9=x"), variables);
        check(variables.contains("LC_ALL=C"), variables);
        check(variables.contains("MINE=1"), variables);
        check(variables.contains("TERM=xterm-256color"), variables);
        check(variables.stream().noneMatch(one -> one.startsWith("LINES=") || one.startsWith("COLUMNS=")), variables);
        builder.environment().put("ODD", "plain");
        variables = variables(builder);
        check(variables.contains("ODD=plain") && !variables.contains(ODD), variables);
    }

    private static List<String> variables(PtyProcessBuilder builder) throws IOException {
        try (PtyProcess process = builder.start()) {
            byte[] output = process.getInputStream().readAllBytes();
            return Arrays.asList(new String(output, StandardCharsets.ISO_8859_1).split("\0"));
        }
    }
}
