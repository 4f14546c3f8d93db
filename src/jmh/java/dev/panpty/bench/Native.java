package dev.panpty.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The programs of {@code src/test/c}, compiled at their first use, and other commands. */
final class Native {

    private static final Map<String, Path> PROGRAMS = new ConcurrentHashMap<>();

    private Native() {}

    /** The path of a compiled program, deleted when this JVM exits. */
    static String program(String name) {
        return PROGRAMS.computeIfAbsent(name, Native::compile).toString();
    }

    private static Path compile(String name) {
        try {
            Path program = Files.createTempFile("panpty-" + name, "");
            program.toFile().deleteOnExit();
            output("cc", "-std=c11", "-O2", "-o", program.toString(), "src/test/c/" + name + ".c");
            return program;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The launcher of this JVM's JDK. */
    static String java() {
        return System.getProperty("java.home") + "/bin/java";
    }

    /** Runs a command to its end; returns its output. */
    static String output(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String output = new String(process.getInputStream().readAllBytes());
        int code = process.onExit().join().exitValue();
        if (code != 0) {
            throw new IOException(String.join(" ", command) + " exited with code " + code);
        }
        return output;
    }
}
