package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Programs;
import dev.panpty.testing.Repository;
import dev.panpty.testing.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code jextract.sh --check}, which the build runs, fails when src/generated does not match its inputs. */
class JextractCheckTest {

    private static final String TRAMPOLINE = "src/generated/c/trampoline.c";
    private static final String NOT_RENDERED =
            TRAMPOLINE + " is not what native-headers/child-setup.txt and native-headers/trampoline.c.in render to";
    private static final String INCLUDES = "native-headers/includes.txt";
    private static final String BINDINGS = "src/generated/java/dev/panpty/internal/gen/Linux.java";

    /** The tools that it needs besides a shell: from the coreutils, awk, grep and sed. */
    private static final List<String> NEEDED =
            List.of("awk", "cat", "cut", "dirname", "grep", "mkdir", "mktemp", "rm", "sed", "sha256sum");

    @TempDir
    Path copy;

    private record Answer(int exitCode, String output) {}

    @BeforeEach
    void copyInputsAndOutputs() throws IOException {
        for (String input : List.of("jextract.sh", "native-headers", "src/generated")) {
            try (Stream<Path> files = Files.walk(Repository.path(input))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path target = copy.resolve(Repository.path("").relativize(file));
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    @Test
    void committedFilesPass() throws Exception {
        assertEquals(new Answer(0, ""), check());
    }

    @Test
    void aChangedHeaderIsNoticed() throws Exception {
        append("native-headers/linux.h", "/* changed */\n");
        assertRefused("native-headers and src/generated disagree");
    }

    @Test
    void aChangedListOfNamesIsNoticed() throws Exception {
        append(INCLUDES, "--include-constant O_APPEND\n");
        assertRefused("native-headers and src/generated disagree");
    }

    @Test
    void aListedNameThatIsNotInTheBindingsIsNoticed() throws Exception {
        Path bindings = copy.resolve(BINDINGS);
        Files.writeString(bindings, Files.readString(bindings).replace("ETXTBSY", "ETXTBUSY"));
        assertRefused("not in the bindings: ETXTBSY");
    }

    @Test
    void bindingsEditedByHandAreNoticed() throws Exception {
        Path bindings = copy.resolve(BINDINGS);
        Files.writeString(bindings, Files.readString(bindings).replaceFirst("EPOLLIN = \\(int\\)1L", "EPOLLIN = (int)2L"));
        assertRefused("Linux.java was edited");
    }

    @Test
    void aChangedStepIsNoticed() throws Exception {
        append("native-headers/child-setup.txt", "# changed\n");
        assertRefused("native-headers and src/generated disagree");
    }

    @ParameterizedTest
    @ValueSource(strings = {"native-headers/trampoline.c.in", "native-headers/trampoline.h.in"})
    void aChangedFrameIsNoticed(String frame) throws Exception {
        append(frame, "/* changed */\n");
        assertRefused("native-headers and src/generated disagree");
    }

    @Test
    void aChangedSubstitutionIsNoticed() throws Exception {
        Path script = copy.resolve("jextract.sh");
        Files.writeString(script, Files.readString(script).replace("SUBSTITUTIONS='", "SUBSTITUTIONS='s/a/a/;"));
        assertRefused("native-headers and src/generated disagree");
    }

    @Test
    void aTrampolineEditedByHandIsNoticed() throws Exception {
        append(TRAMPOLINE, "/* changed */\n");
        assertRefused(NOT_RENDERED);
    }

    @Test
    void aDiffIsNotNeeded() throws Exception {
        String path = onlyTools(NEEDED);
        assertEquals(new Answer(0, ""), run(path, "--check"));
        append(TRAMPOLINE, "/* changed */\n");
        Answer answer = run(path, "--check");
        assertEquals(1, answer.exitCode());
        assertEquals("jextract.sh: " + NOT_RENDERED + ": run ./jextract.sh\n", answer.output());
    }

    @Test
    void aMissingToolIsNamed() throws Exception {
        for (String missing : List.of("awk", "grep", "sed", "sha256sum", "mktemp")) {
            Answer answer = run(onlyTools(NEEDED.stream().filter(tool -> !tool.equals(missing)).toList()), "--check");
            assertEquals(1, answer.exitCode());
            assertTrue(answer.output().endsWith("there is no " + missing + " here\n"), answer.output());
        }
    }

    /** A PATH with only these tools. */
    private String onlyTools(List<String> tools) throws IOException {
        Path only = Files.createDirectory(copy.resolve("only" + tools.size() + tools.hashCode()));
        for (String tool : tools) {
            Programs.executable(only.resolve(tool), "#!/bin/sh\nexec '" + Tools.find(tool).orElseThrow() + "' \"$@\"\n");
        }
        return only.toString();
    }

    @Test
    void anUnknownArgumentIsRefused() throws Exception {
        Answer answer = run(System.getenv("PATH"), "--chekc");
        assertEquals(1, answer.exitCode());
        assertTrue(answer.output().contains("--chekc"), answer.output());
    }

    private void append(String file, String text) throws IOException {
        Files.writeString(copy.resolve(file), Files.readString(copy.resolve(file)) + text);
    }

    private void assertRefused(String expected) throws Exception {
        Answer answer = check();
        assertEquals(1, answer.exitCode(), answer.output());
        assertTrue(answer.output().contains(expected), answer.output());
    }

    private Answer check() throws Exception {
        return run(System.getenv("PATH"), "--check");
    }

    private Answer run(String path, String argument) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(copy.resolve("jextract.sh").toString(), argument).redirectErrorStream(true);
        builder.environment().put("PATH", path);
        Process script = builder.start();
        String output = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Answer(script.waitFor(), output);
    }
}
