package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.internal.sys.FileNameEncoding;
import dev.panpty.testing.Programs;
import dev.panpty.testing.Way;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Starts with random arguments and random PATHs, by every way. jqwik prints the seed. */
class SpawnProperties {

    private static final String NAME = "panpty-searched";

    private static Path folder;

    /** The kinds of PATH elements. */
    enum Element {
        MISSING("/nowhere"), A_FILE("/etc/passwd"), WITHOUT_IT("/proc"), FIRST("first"), SECOND("second"), NOT_EXECUTABLE("refusing"),
        A_DIRECTORY("directory"), A_BROKEN_LINK("broken"), EMPTY("");

        private final String text;

        Element(String text) {
            this.text = text;
        }
    }

    @BeforeContainer
    static void make() throws IOException {
        folder = Files.createTempDirectory("panpty-path");
        for (String name : List.of("first", "second", "refusing", "directory", "broken")) {
            Files.createDirectory(folder.resolve(name));
        }
        Programs.executable(folder.resolve("first").resolve(NAME), "#!/bin/sh\necho first\n");
        Programs.executable(folder.resolve("second").resolve(NAME), "#!/bin/sh\necho second\n");
        Programs.executable(folder.resolve(NAME), "#!/bin/sh\necho child\\'s own\n");
        Files.writeString(folder.resolve("refusing").resolve(NAME), "#!/bin/sh\n");
        Files.createDirectory(folder.resolve("directory").resolve(NAME));
        Files.createSymbolicLink(folder.resolve("broken").resolve(NAME), Path.of("/nowhere"));
    }

    @AfterContainer
    static void delete() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.delete(file);
            }
        }
    }

    /** The model is env(1), which calls execvp(3) with the changed PATH. */
    @Property(tries = 150)
    void aProgramIsFoundWhereExecvpFindsIt(@ForAll @Size(max = 6) List<Element> elements, @ForAll Way way) throws Exception {
        String path = elements.stream().map(element -> element.text).collect(Collectors.joining(":"));
        Process model = new ProcessBuilder("env", "PATH=" + path, NAME).directory(folder.toFile()).redirectErrorStream(true).start();
        String expected = new String(model.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = model.waitFor();
        if (exit != 0) {
            expected = expected.contains("Permission denied") ? "EACCES" : "ENOENT";
        }
        PtyProcessBuilder builder = new PtyProcessBuilder(NAME).directory(folder);
        builder.environment().put("PATH", path);
        way.force();
        try {
            assertEquals(expected.strip(), outcome(builder), "PATH=" + path);
        } finally {
            Way.release();
        }
    }

    private static String outcome(PtyProcessBuilder builder) throws IOException {
        try {
            return Programs.output(builder).strip();
        } catch (SpawnException failed) {
            return failed.errnoName().equals("ENOTDIR") ? "ENOENT" : failed.errnoName();
        }
    }

    @Property(tries = 100)
    void argumentsArriveByteForByte(@ForAll @Size(max = 8) List<@Size(max = 50) byte[]> raw, @ForAll Way way) throws Exception {
        List<String> arguments = raw.stream()
                .map(bytes -> new String(bytes, FileNameEncoding.CHARSET).replace("\0", "").replace('\n', ' '))
                .toList();
        List<String> command = Stream.concat(Stream.of("sh", "-c", "stty raw; for a; do printf '%s\\0' \"$a\"; done", "sh"),
                arguments.stream()).toList();
        way.force();
        try (PtyProcess process = new PtyProcessBuilder(command).start()) {
            String output = new String(process.getInputStream().readAllBytes(), FileNameEncoding.CHARSET);
            assertEquals(arguments.stream().map(argument -> argument + "\0").collect(Collectors.joining()), output);
        } finally {
            Way.release();
        }
    }
}
