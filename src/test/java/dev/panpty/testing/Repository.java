package dev.panpty.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files of this repository. */
public final class Repository {

    private static final Path BASE = Path.of(System.getProperty("panpty.basedir"));

    private Repository() {}

    /** A path below the repository's top, or the top itself for an empty one. */
    public static Path path(String relative) {
        return BASE.resolve(relative);
    }

    /** A file's text. */
    public static String text(String relative) throws IOException {
        return Files.readString(BASE.resolve(relative));
    }
}
