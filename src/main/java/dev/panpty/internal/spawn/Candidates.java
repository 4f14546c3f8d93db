package dev.panpty.internal.spawn;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The paths to try for a program's name, in the order of execvp(3). */
final class Candidates {

    private static final byte[] DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin".getBytes(StandardCharsets.US_ASCII);

    /** The interpreter of a script without an interpreter line. */
    static final byte[] SHELL = "/bin/sh".getBytes(StandardCharsets.US_ASCII);

    private Candidates() {}

    /** The arguments by which {@link #SHELL} runs a script: its path, which must not look like an option to sh(1), in place of argv[0]. */
    static List<byte[]> shellArguments(byte[] script, List<byte[]> arguments) {
        byte[] path = script[0] == '-' || script[0] == '+' ? join(script, 0, 0, script) : script;
        List<byte[]> shell = new ArrayList<>(List.of(SHELL, path));
        shell.addAll(arguments.subList(1, arguments.size()));
        return shell;
    }

    /**
     * A name with a slash is the only path. For any other name there is one path for each element of {@code searchPath}, or of the default
     * path if the child has no PATH. An empty element, and so an empty searchPath, is the child's directory. Each path has a slash.
     */
    public static List<byte[]> of(byte[] program, Optional<byte[]> searchPath) {
        if (isPath(program)) {
            return List.of(program);
        }
        byte[] path = searchPath.orElse(DEFAULT_PATH);
        List<byte[]> candidates = new ArrayList<>();
        for (int start = 0; start <= path.length; ) {
            int end = indexOf(path, ':', start);
            candidates.add(join(path, start, end, program));
            start = end + 1;
        }
        return candidates;
    }

    /** Whether the name has a slash, so that it is not searched. */
    static boolean isPath(byte[] program) {
        return indexOf(program, '/', 0) < program.length;
    }

    private static byte[] join(byte[] path, int start, int end, byte[] program) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream(end - start + 2 + program.length);
        if (start == end) {
            joined.write('.');
        }
        joined.write(path, start, end - start);
        joined.write('/');
        joined.write(program, 0, program.length);
        return joined.toByteArray();
    }

    /** The index of the byte at or after {@code from}, or the length. */
    private static int indexOf(byte[] bytes, char wanted, int from) {
        int at = from;
        while (at < bytes.length && bytes[at] != wanted) {
            at++;
        }
        return at;
    }
}
