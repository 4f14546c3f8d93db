package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.EachWay;
import dev.panpty.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The lookup of a program's name without a slash, see execvp(3). */
class PathSearchTest {

    private static final String NAME = "panpty-searched";

    @TempDir
    Path folder;

    private Path first;
    private Path second;
    private Path refusing;

    @BeforeEach
    void makeDirectories() throws IOException {
        first = Files.createDirectory(folder.resolve("first"));
        second = Files.createDirectory(folder.resolve("second"));
        refusing = Files.createDirectory(folder.resolve("refusing"));
        Programs.executable(first.resolve(NAME), "#!/bin/sh\necho first\n");
        Programs.executable(second.resolve(NAME), "#!/bin/sh\necho second\n");
        Files.writeString(refusing.resolve(NAME), "#!/bin/sh\necho never\n");
    }

    private PtyProcessBuilder withPath(String path) {
        PtyProcessBuilder builder = new PtyProcessBuilder(NAME);
        builder.environment().put("PATH", path);
        return builder;
    }

    @EachWay
    void theChildsPathIsSearchedNotTheJvms() throws Exception {
        assertEquals("first\r\n", Programs.output(withPath(first.toString())));
    }

    @EachWay
    void theFirstElementThatHasItWins() throws Exception {
        assertEquals("second\r\n", Programs.output(withPath(folder + ":" + second + ":" + first)));
    }

    @EachWay
    void elementsThatDoNotExistOrAreFilesAreSkipped() throws Exception {
        assertEquals("first\r\n", Programs.output(withPath("/nowhere:/etc/passwd:" + first)));
    }

    @EachWay
    void anEmptyElementIsTheChildsDirectory() throws Exception {
        assertEquals("second\r\n", Programs.output(withPath("/nowhere:" ).directory(second)));
        assertEquals("second\r\n", Programs.output(withPath(":" + first).directory(second)));
        assertEquals("second\r\n", Programs.output(withPath("/nowhere::" + first).directory(second)));
    }

    @EachWay
    void anEmptyPathIsTheChildsDirectory() throws Exception {
        assertEquals("first\r\n", Programs.output(withPath("").directory(first)));
    }

    @EachWay
    void aRelativeElementIsRelativeToTheChildsDirectory() throws Exception {
        assertEquals("second\r\n", Programs.output(withPath("second").directory(folder)));
    }

    @EachWay
    void aFileThatMayNotBeExecutedIsPassedOver() throws Exception {
        assertEquals("first\r\n", Programs.output(withPath(refusing + ":" + first)));
    }

    @EachWay
    void aFileThatMayNotBeExecutedIsRemembered() throws Exception {
        SpawnException failed = StartFailureTest.failure(withPath(refusing + ":/nowhere"));
        assertEquals("EACCES", failed.errnoName());
        assertEquals(refusing.resolve(NAME).toString(), failed.culprit());
    }

    @EachWay
    void aDirectoryOfThatNameIsPassedOver() throws Exception {
        Files.createDirectory(folder.resolve(NAME));
        assertEquals("first\r\n", Programs.output(withPath(folder + ":" + first)));
    }

    @EachWay
    void aProgramFoundNowhereIsNamedAsItWasGiven() throws Exception {
        for (String path : List.of("/nowhere:" + folder, "/nowhere", "/etc/passwd", "/etc/passwd:/etc/group", "")) {
            SpawnException failed = StartFailureTest.failure(withPath(path));
            assertEquals("EXEC ENOENT " + NAME, failed.step() + " " + failed.errnoName() + " " + failed.culprit(), path);
        }
    }

    @EachWay
    void ofFilesWithoutAnInterpreterTheFirstIsNamed() throws Exception {
        Programs.executable(first.resolve(NAME), "#!/etc/passwd/sh\n");
        Programs.executable(second.resolve(NAME), "#!/nowhere/sh\n");
        Map<String, String> named = Map.of(first + ":" + second, "ENOTDIR /etc/passwd/sh", second + ":" + first, "ENOENT /nowhere/sh",
                "/nowhere:" + first + ":/nowhere", "ENOTDIR /etc/passwd/sh", first + ":" + refusing, "EACCES " + refusing);
        named.forEach((path, expected) -> {
            SpawnException failed = StartFailureTest.failure(withPath(path));
            assertTrue((failed.errnoName() + " " + failed.culprit()).startsWith(expected), path + ": " + failed.getMessage());
        });
    }

    @EachWay
    void withoutAPathTheUsualDirectoriesAreSearched() throws Exception {
        PtyProcessBuilder builder = new PtyProcessBuilder("env", "-0");
        builder.environment().remove("PATH");
        assertFalse(("\0" + Programs.output(builder)).contains("\0PATH="));
    }

    @EachWay
    void aProgramInTheChildsDirectoryIsNotFoundThroughTheDefaultPath() throws Exception {
        PtyProcessBuilder builder = new PtyProcessBuilder(NAME).directory(first);
        builder.environment().remove("PATH");
        assertEquals("ENOENT", StartFailureTest.failure(builder).errnoName());
    }

    @EachWay
    void aNameWithASlashIsNotSearched() throws Exception {
        PtyProcessBuilder builder = new PtyProcessBuilder("first/" + NAME).directory(second);
        builder.environment().put("PATH", folder.toString());
        assertEquals("ENOENT", StartFailureTest.failure(builder).errnoName());
    }

    @EachWay
    void aBrokenLinkIsPassedOver() throws Exception {
        Path broken = Files.createDirectory(folder.resolve("broken"));
        Files.createSymbolicLink(broken.resolve(NAME), Path.of("/nowhere"));
        assertEquals("second\r\n", Programs.output(withPath(broken + ":" + second)));
    }
}
