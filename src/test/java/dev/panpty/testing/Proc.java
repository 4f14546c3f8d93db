package dev.panpty.testing;

import java.nio.file.Path;

/** The mount point of proc(5) for the tests: /proc, unless the host lacks that. */
public final class Proc {

    private static final String PROPERTY = "panpty.test.proc";

    private static final Path ROOT = Path.of(System.getProperty(PROPERTY, "/proc"));

    private Proc() {}

    /** A path below it. */
    public static Path path(Object... names) {
        Path path = ROOT;
        for (Object name : names) {
            path = path.resolve(name.toString());
        }
        return path;
    }

    /** The option that sets another mount point in another JVM. */
    public static String jvmOption(String root) {
        return "-D" + PROPERTY + "=" + root;
    }
}
