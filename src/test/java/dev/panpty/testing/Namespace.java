package dev.panpty.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A mount namespace of a JVM's own, see mount_namespaces(7): other processes do not see its mounts. An unprivileged user gets it inside a
 * user namespace, as its root. Needs unshare and mount.
 */
public final class Namespace {

    private Namespace() {}

    /** The command before java; a shell runs this script in the namespace first. Skips the test where that is not possible. */
    public static String[] after(String mounts) throws IOException, InterruptedException {
        List<String> unshare = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)
                ? List.of("unshare", "--mount") : List.of("unshare", "--map-root-user", "--mount");
        List<String> shell = List.of("sh", "-euc", mounts + "\nexec \"$@\"", "sh");
        List<String> command = Stream.of(unshare, shell).flatMap(List::stream).toList();
        Tools.skipUnlessRuns("the right to mount", command, "true");
        return command.toArray(String[]::new);
    }
}
