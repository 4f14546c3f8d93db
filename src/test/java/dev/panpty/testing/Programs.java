package dev.panpty.testing;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** Programs for tests. */
public final class Programs {

    /**
     * The last command of a script that the test ends: it waits until then, or until this JVM has exited, which a script that ignores SIGHUP
     * would otherwise outlive. Needs the permission to signal this JVM, see kill(1p).
     */
    public static final String REST = "while kill -0 " + ProcessHandle.current().pid() + " 2>/dev/null; do sleep 0.05; done";

    private Programs() {}

    /** The command by which a script waits until the test has created the file. */
    public static String until(Path file) {
        return "until test -e " + file + "; do sleep 0.02; done";
    }

    /** The whole output of the command. */
    public static String output(String... command) throws IOException {
        return output(new PtyProcessBuilder(command));
    }

    /** The whole output of the program. */
    public static String output(PtyProcessBuilder builder) throws IOException {
        try (PtyProcess process = builder.start()) {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    /** The whole output of the command, in the encoding of file names. */
    public static String outputAsNames(PtyProcessBuilder builder) throws IOException {
        return new String(output(builder).getBytes(StandardCharsets.ISO_8859_1), Locales.ofNames());
    }

    /** Starts a shell script. */
    public static PtyProcess sh(String script) throws IOException {
        return PtyProcess.start("sh", "-c", script);
    }

    /** A builder of a shell script with its $0, $1 and so on. */
    public static PtyProcessBuilder shell(String script, Object... arguments) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", script));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new PtyProcessBuilder(command);
    }

    /** {@code cat} on a terminal without echo and line editing, ready: it writes back its input, byte for byte. */
    public static PtyProcess rawCat() throws IOException {
        return rawAndThen("exec cat");
    }

    /** A shell on a terminal without echo and line editing, ready, about to run the script. */
    public static PtyProcess rawAndThen(String script) throws IOException {
        PtyProcess process = sh("stty raw -echo; printf R; " + script);
        if (process.getInputStream().read() != 'R') {
            throw new AssertionError("not ready: " + process);
        }
        return process;
    }

    /** A shell that waits for a line, after all opens and closes of its start. */
    public static PtyProcess settled() throws IOException {
        return rawAndThen("read x");
    }

    /** Writes an executable file. */
    public static Path executable(Path path, String content) throws IOException {
        Files.writeString(path, content);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        return path;
    }
}
