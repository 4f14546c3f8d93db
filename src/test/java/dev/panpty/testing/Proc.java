package dev.panpty.testing;

import java.nio.file.Path;

/** Where the tests find proc(5). It is /proc, unless that is what the host lacks. */
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

    /** What tells another JVM of another place. */
    public static String jvmOption(String root) {
        return "-D" + PROPERTY + "=" + root;
    }
}
