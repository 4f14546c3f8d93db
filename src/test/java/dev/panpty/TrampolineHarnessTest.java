package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Needs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The trampoline without Java: src/test/c/trampoline_harness.c runs every step and failure, with several compilers and checkers. */
@Timeout(300)
class TrampolineHarnessTest {

    private static final Path BASE = Path.of(System.getProperty("panpty.basedir", "."));
    private static final String[] FLAGS = {"-std=c11", "-Wall", "-Wextra", "-Werror", "-O2", "-pthread"};
    private static final String[] SANITIZERS = {
        "-g", "-fno-omit-frame-pointer", "-fsanitize=address,undefined", "-fno-sanitize-recover=undefined"
    };

    @TempDir
    Path folder;

    private String run(String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).directory(BASE.toFile()).redirectErrorStream(true);
        builder.environment().put("TMPDIR", folder.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), () -> String.join(" ", command) + "\n" + output);
        process.getInputStream().close();
        return output;
    }

    private String compiled(String compiler, String... more) throws Exception {
        Path program = folder.resolve("harness");
        List<String> command = new ArrayList<>(List.of(compiler));
        command.addAll(Arrays.asList(FLAGS));
        command.addAll(Arrays.asList(more));
        command.addAll(List.of("-I", "src/generated/c", "src/test/c/trampoline_harness.c", "-o", program.toString()));
        run(command.toArray(String[]::new));
        return program.toString();
    }

    private String passes(String... command) throws Exception {
        String output = run(command);
        assertTrue(output.lines().filter(line -> line.startsWith("ok")).count() > 50, output);
        return output;
    }

    /** Each check that the harness skips counts as a skipped test. */
    @TestFactory
    Stream<DynamicTest> passesAsTheBuildCompiledIt() throws Exception {
        String output = passes(Path.of(System.getProperty("panpty.test.native", "target/test-native"), "trampoline_harness").toString());
        Stream<String> done = output.lines().filter(line -> line.startsWith("ok"));
        Stream<String> leftOut = output.lines().filter(line -> line.startsWith("skip"));
        return Stream.concat(
                Stream.of(DynamicTest.dynamicTest(done.count() + " checks", () -> { })),
                leftOut.map(line -> DynamicTest.dynamicTest(line, () -> Assumptions.abort(line.replaceFirst("skip *", "")))));
    }

    @Test
    @Needs("clang")
    void passesUnderClang() throws Exception {
        passes(compiled("clang"));
    }

    @Test
    @Needs("musl-gcc")
    void passesAgainstMusl() throws Exception {
        passes(compiled("musl-gcc", "-static"));
    }

    @Test
    @Needs("setarch")
    void passesUnderTheAddressAndUndefinedBehaviourSanitizers() throws Exception {
        passes("setarch", "-R", compiled("cc", SANITIZERS));
    }

    @Test
    @Needs("valgrind")
    void passesUnderValgrind() throws Exception {
        passes("valgrind", "-q", "--error-exitcode=99", "--leak-check=full", "--show-leak-kinds=definite",
                "--errors-for-leak-kinds=definite", compiled("cc", "-g"));
    }

    @Test
    @Needs({"aarch64-linux-gnu-gcc", "qemu-aarch64"})
    void passesOnAarch64() throws Exception {
        // started by the library: the JDK leaves signal 32 ignored in its children, which the emulator cannot undo
        try (PtyProcess process = PtyProcess.start("qemu-aarch64", compiled("aarch64-linux-gnu-gcc", "-static"))) {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), output);
            assertTrue(output.lines().filter(line -> line.startsWith("ok")).count() > 50, output);
        }
    }

    @Test
    @Needs("nm")
    void exportsItsEntryAlone() throws Exception {
        Path library = folder.resolve("trampoline.so");
        run("cc", "-std=c11", "-O2", "-fPIC", "-fvisibility=hidden", "-shared", "src/generated/c/trampoline.c", "-o", library.toString());
        List<String> symbols = run("nm", "-D", "--defined-only", library.toString()).lines().map(line -> line.split(" ")[2]).toList();
        assertEquals(List.of("panpty_spawn"), symbols);
    }

    @Test
    @Needs("strace")
    void nothingButTheStepsHappensBetweenCloneAndExec() throws Exception {
        Path trace = folder.resolve("trace");
        run("strace", "-f", "-o", trace.toString(), compiled("cc"), "one", "clone");
        List<String> calls = callsOfTheChild(trace);
        List<String> steps = List.of("setsid", "ioctl", "dup2", "dup3", "close_range", "rt_sigaction", "umask", "prlimit64", "setpriority",
                "setgroups", "getgroups", "setresgid", "setresuid", "getresuid", "getresgid", "capset", "prctl", "getppid", "fchdir",
                "rt_sigprocmask", "execve");
        assertTrue(calls.contains("setsid") && calls.contains("execve"), calls.toString());
        assertEquals(List.of(), calls.stream().filter(call -> !steps.contains(call)).distinct().toList());
    }

    /** The system calls of the process that calls setsid, up to its exec. */
    private static List<String> callsOfTheChild(Path trace) throws Exception {
        List<String> lines = Files.readAllLines(trace);
        String pid = lines.stream().filter(line -> line.contains(" setsid(")).findFirst().orElseThrow().split(" +")[0];
        List<String> calls = new ArrayList<>();
        for (String line : lines) {
            String[] words = line.split(" +", 2);
            if (words[0].equals(pid) && words[1].matches("[a-z0-9_]+\\(.*")) {
                calls.add(words[1].substring(0, words[1].indexOf('(')));
                if (words[1].startsWith("execve(")) {
                    break;
                }
            }
        }
        return calls;
    }
}
