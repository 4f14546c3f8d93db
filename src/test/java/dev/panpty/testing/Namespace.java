package dev.panpty.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A mount namespace of a JVM's own, see mount_namespaces(7): what is mounted there nobody else on this machine sees. A user who may not
 * make one gets it inside a user namespace, as its root. Needs unshare and mount.
 */
public final class Namespace {

    private Namespace() {}

    /** The command that a JVM is started by, after a shell has run this script in the namespace; skips the test where it cannot. */
    public static String[] after(String mounts) throws IOException, InterruptedException {
        List<String> unshare = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)
                ? List.of("unshare", "--mount") : List.of("unshare", "--map-root-user", "--mount");
        List<String> shell = List.of("sh", "-euc", mounts + "\nexec \"$@\"", "sh");
        List<String> command = Stream.of(unshare, shell).flatMap(List::stream).toList();
        Tools.skipUnlessRuns("the right to mount", command, "true");
        return command.toArray(String[]::new);
    }
}
