package dev.panpty.testing;

import dev.panpty.PtyProcess;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/** The open descriptors of a process, as /proc shows them. */
public final class Descriptors {

    private Descriptors() {}

    /** Number and target of each descriptor of this process that is not one of the JVM's own files. */
    public static SortedMap<Integer, String> own() throws IOException {
        SortedMap<Integer, String> all = of("self");
        all.values().removeIf(target -> target.endsWith(".jar") || target.endsWith("/modules") || target.endsWith(".class") || target.startsWith("/sys/fs/cgroup/")
                || target.equals(Proc.path(ProcessHandle.current().pid(), "fd").toString()));
        return all;
    }

    /** Number and target of each descriptor of a process. */
    public static SortedMap<Integer, String> of(Object pid) throws IOException {
        SortedMap<Integer, String> descriptors = new TreeMap<>();
        try (DirectoryStream<Path> links = Files.newDirectoryStream(Proc.path(pid, "fd"))) {
            for (Path link : links) {
                try {
                    descriptors.put(Integer.valueOf(link.getFileName().toString()), Files.readSymbolicLink(link).toString());
                } catch (IOException closed) {
                    // another thread has closed it, so it is not listed
                }
            }
        }
        return descriptors;
    }

    /** The number of terminals that this process holds. */
    public static long terminals() throws IOException {
        return own().values().stream().filter(target -> target.contains("ptmx") || target.contains("/pts/")).count();
    }

    /** Whether a process has a pts open. */
    public static boolean holdsTerminal(PtyProcess process) throws IOException {
        return of(process.pid()).values().stream().anyMatch(target -> target.startsWith("/dev/pts/"));
    }
}
