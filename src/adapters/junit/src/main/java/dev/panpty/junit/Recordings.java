package dev.panpty.junit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The files of the recordings of one test. */
final class Recordings {

    /** Paths in use, or kept, by a test of this JVM; two tests may have the same name. */
    private static final Set<Path> TAKEN = ConcurrentHashMap.newKeySet();

    /** Of a name, so that one with a number and an extension is not too long for a file system, which takes 255 bytes. */
    private static final int MOST_NAME = 200;

    private final String name;
    private final List<Path> taken = new ArrayList<>(); // guarded by the session's lock

    Recordings(String className, String name) {
        String full = (className + "." + name).replaceAll("[^\\w.-]+", "_");
        this.name = full.substring(Math.max(full.length() - MOST_NAME, 0));
    }

    static Path folder() {
        boolean isGradle = Stream.of("build.gradle", "build.gradle.kts").anyMatch(build -> Files.exists(Path.of(build)));
        return Path.of(System.getProperty("panpty.recordings", isGradle ? "build/panpty" : "target/panpty")).toAbsolutePath();
    }

    /** A path that no other test has. */
    Path next() throws IOException {
        Path folder = Files.createDirectories(folder());
        for (int number = 1;; number++) {
            Path path = folder.resolve(name + (number == 1 ? "" : "-" + number) + ".cast");
            if (TAKEN.add(path)) {
                taken.add(path);
                return path;
            }
        }
    }

    /** After the test. */
    void end(boolean hasFailed) throws IOException {
        if (hasFailed || System.getProperty("panpty.recordings.keep", "").equals("all")) {
            return;
        }
        for (Path path : taken) {
            Files.deleteIfExists(path);
            TAKEN.remove(path);
        }
    }
}
