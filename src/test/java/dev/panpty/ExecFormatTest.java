package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.EachWay;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.Needs;
import dev.panpty.testing.Programs;
import dev.panpty.testing.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files whose format the kernel does not know (ENOEXEC in execve(2)), or whose interpreter is missing. */
@Timeout(60)
class ExecFormatTest {

    private static final int ELF_HEADER_BYTES = 64;
    private static final int ELF_MACHINE = 18;

    @TempDir
    Path folder;

    private Path executable(byte[] content) throws IOException {
        Path file = Files.write(folder.resolve("file"), content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    private Path executable(String content) throws IOException {
        return executable(content.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void fails(Path file, SpawnException.Step step, String errno, String... words) throws Exception {
        Leaks.none(() -> {
            SpawnException failed = StartFailureTest.failure(new PtyProcessBuilder(file.toString(), "argument"));
            assertEquals(step + " " + errno, failed.step() + " " + failed.errnoName(), failed.getMessage());
            for (String word : words) {
                assertTrue(failed.culprit().contains(word) && failed.getMessage().contains(word), failed.getMessage());
            }
            assertTrue(failed.culprit().contains(file.toString()), failed::culprit);
        });
    }

    @EachWay
    void textWithoutAnInterpreterIsRunByTheShell() throws Exception {
        Path script = executable("echo \"$0 $# $1\"; exit 3\n");
        try (PtyProcess process = new PtyProcessBuilder(script.toString(), "one", "two").start()) {
            assertEquals(script + " 2 one\r\n", new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            assertEquals(3, process.waitFor());
        }
    }

    @EachWay
    void anEmptyFileIsAScriptThatDoesNothing() throws Exception {
        try (PtyProcess process = PtyProcess.start(executable("").toString())) {
            assertEquals(-1, process.getInputStream().read());
            assertEquals(0, process.waitFor());
        }
    }

    @EachWay
    void aScriptIsJudgedByItsFirstLine() throws Exception {
        assertEquals("ran\r\n", Programs.output(executable("echo ran; exit\n\0\0\0").toString()));
    }

    @EachWay
    void aScriptWhoseNameLooksLikeAnOptionIsRun() throws Exception {
        for (String name : List.of("-c", "+c")) {
            Files.createDirectory(folder.resolve(name));
            Programs.executable(folder.resolve(name + "/script"), "echo ran\n");
            assertEquals("ran\r\n", Programs.output(new PtyProcessBuilder(name + "/script").directory(folder)));
        }
    }

    @EachWay
    void aScriptInThePathIsRunByTheShell() throws Exception {
        Programs.executable(folder.resolve("panpty-script"), "echo \"ran $0\"\n");
        PtyProcessBuilder builder = new PtyProcessBuilder("panpty-script");
        builder.environment().put("PATH", "/nowhere:" + folder);
        assertEquals("ran " + folder + "/panpty-script\r\n", Programs.output(builder));
    }

    @EachWay
    void aFileOfZeroesIsNoScript() throws Exception {
        fails(executable(new byte[1000]), SpawnException.Step.EXEC, "ENOEXEC", "is neither a program nor text");
    }

    @EachWay
    void textWithAZeroInItsFirstLineIsNoScript() throws Exception {
        fails(executable("echo ran; exit #\0\n"), SpawnException.Step.EXEC, "ENOEXEC", "is neither a program nor text");
    }

    @EachWay
    void aProgramForAnotherMachineIsNamedByIt() throws Exception {
        Map<Integer, String> machines = Map.of(3, "i386", 22, "s390x", 21, "ppc64", 40, "arm", 183, "aarch64", 62, "x86-64", 243, "riscv",
                999, "machine 999");
        for (Map.Entry<Integer, String> machine : machines.entrySet()) {
            byte[] program = new byte[ELF_HEADER_BYTES];
            System.arraycopy(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}, 0, program, 0, 7);
            program[ELF_MACHINE] = (byte) (int) machine.getKey();
            program[ELF_MACHINE + 1] = (byte) (machine.getKey() >> 8);
            fails(executable(program), SpawnException.Step.EXEC, "ENOEXEC", "is a program for " + machine.getValue());
        }
    }

    @EachWay
    void theMachineOfABigEndianProgramIsReadAsSuch() throws Exception {
        byte[] program = new byte[ELF_HEADER_BYTES];
        System.arraycopy(new byte[] {0x7f, 'E', 'L', 'F', 2, 2, 1}, 0, program, 0, 7);
        program[ELF_MACHINE + 1] = 22;
        fails(executable(program), SpawnException.Step.EXEC, "ENOEXEC", "is a program for s390x");
    }

    @EachWay
    void aBeginningOfAProgramIsSaidToBeOne() throws Exception {
        fails(executable("\177ELF"), SpawnException.Step.EXEC, "ENOEXEC", "is a program that was cut short");
    }

    @EachWay
    void aFirstLineWithoutAnInterpreterIsShown() throws Exception {
        fails(executable("#! \necho ran\n"), SpawnException.Step.EXEC, "ENOEXEC", "names no interpreter: #! ");
    }

    /** The kernel looks up an empty path for it, and gives the errno of that. */
    @EachWay
    void aFileThatIsNothingElseIsSaidToNameNoInterpreter() throws Exception {
        SpawnException failed = StartFailureTest.failure(new PtyProcessBuilder(executable("#!").toString()));
        assertEquals(folder.resolve("file") + ", which begins with a line that names no interpreter: #!", failed.culprit());
    }

    @EachWay
    void aFirstLineBeyondWhatTheKernelReadsIsShown() throws Exception {
        String line = "#!/bin/" + "x".repeat(300);
        fails(executable(line + "\n"), SpawnException.Step.EXEC, "ENOEXEC", "is too long for the kernel: " + line.substring(0, 256));
    }

    @EachWay
    void anInterpreterThatIsNoProgramIsNamed() throws Exception {
        Path interpreter = Programs.executable(folder.resolve("interpreter"), "\177ELF");
        fails(executable("#!" + interpreter + " -x\n"), SpawnException.Step.INTERPRETER, "ENOEXEC",
                interpreter + ", which is a program that was cut short");
    }

    private void namesTheLast(String content, String errno, String named) throws Exception {
        Path script = Programs.executable(folder.resolve("script"), content);
        Path outer = Programs.executable(folder.resolve("outer"), "#!" + script + "\n");
        for (Path program : List.of(script, outer, Programs.executable(folder.resolve("outmost"), "#!" + outer + "\n"))) {
            SpawnException failed = StartFailureTest.failure(new PtyProcessBuilder(program.toString()));
            assertEquals("INTERPRETER " + errno + " " + named + " (the interpreter of " + script,
                    failed.step() + " " + failed.errnoName() + " " + failed.culprit().replaceAll("(, .*)?\\)$", ""));
        }
    }

    @EachWay
    void theInterpreterOfAnInterpreterIsNamed() throws Exception {
        Path file = Files.writeString(folder.resolve("text"), "");
        Path loop = Files.createSymbolicLink(folder.resolve("loop"), folder.resolve("loop"));
        namesTheLast("#!/nowhere/sh -x\n", "ENOENT", "/nowhere/sh");
        namesTheLast("#!/bin/sh\r\n", "ENOENT", "/bin/sh\\r");
        namesTheLast("#!" + file + "\n", "EACCES", file.toString());
        namesTheLast("#!" + folder + "\n", "EACCES", folder.toString());
        namesTheLast("#!" + file + "/sh\n", "ENOTDIR", file + "/sh");
        namesTheLast("#!" + loop + "\n", "ELOOP", loop.toString());
    }

    @EachWay
    void aMissingDynamicLoaderIsNamed() throws Exception {
        byte[] shell = Files.readAllBytes(Path.of("/bin/sh").toRealPath());
        int name = new String(shell, 0, 4096, StandardCharsets.ISO_8859_1).indexOf("/lib");
        Tools.skipUnless(name > 0, "a shell that a dynamic loader loads");
        shell[name + 1] = 'X';
        String loader = new String(shell, name, 4, StandardCharsets.ISO_8859_1);
        Path program = Files.write(Programs.executable(folder.resolve("program"), ""), shell);
        for (Path file : List.of(program, Programs.executable(folder.resolve("script"), "#!" + program + "\n"))) {
            SpawnException failed = StartFailureTest.failure(new PtyProcessBuilder(file.toString()));
            assertEquals("INTERPRETER ENOENT", failed.step() + " " + failed.errnoName());
            assertTrue(failed.culprit().startsWith(loader), failed::culprit);
            assertTrue(failed.culprit().endsWith(" (the interpreter of " + program + ")"), failed::culprit);
        }
    }

    @EachWay
    void moreScriptsForScriptsThanTheKernelFollowsAreSaid() throws Exception {
        Path script = folder.resolve("file");
        fails(executable("#!" + script + "\n"), SpawnException.Step.EXEC, "ELOOP", "scripts, more than the kernel follows");
    }

    @EachWay
    void aWindowsLineEndIsShownInTheInterpretersName() throws Exception {
        fails(executable("#!/bin/sh\r\necho ran\r\n"), SpawnException.Step.INTERPRETER, "ENOENT", "/bin/sh\\r ", "as on Windows");
    }

    @EachWay
    void aMissingInterpreterWithOrdinaryLineEndsIsNotBlamedOnWindows() throws Exception {
        SpawnException failed = StartFailureTest.failure(new PtyProcessBuilder(executable("#!/nowhere/sh -x\n").toString()));
        assertEquals("/nowhere/sh (the interpreter of " + folder.resolve("file") + ")", failed.culprit());
    }

    private void asNobody(Class<? extends ForkedJvm.Body> body) throws Exception {
        Tools.skipUnless(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "root");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path script = executable("echo ran\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx--x--x"));
        Path inner = Programs.executable(folder.resolve("inner"), "#!" + script + "\n");
        new ForkedJvm(body).asNobody().arguments(script.toString(), inner.toString()).run();
    }

    @EachWay
    @Needs("setpriv")
    void aScriptThatMayBeExecutedButNotReadIsRefused() throws Exception {
        asNobody(Unreadable.class);
    }

    /** Runs as the user nobody. */
    public static final class Unreadable implements ForkedJvm.Body {
        @Override
        public void run(String[] arguments) throws Throwable {
            fails(Path.of(arguments[0]), SpawnException.Step.EXEC, "EACCES");
            fails(Path.of(arguments[1]), SpawnException.Step.INTERPRETER, "ENOEXEC", arguments[0] + ", which may not be read");
        }
    }

    @ParameterizedTest
    @EnumSource(value = SpawnStrategy.class, names = {"FORK_EXEC", "PLAIN_FORK"})
    void aScriptThatTheProgramsUserMayNotReadIsRefused(SpawnStrategy strategy) throws Exception {
        Tools.skipUnless(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "root");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path script = executable("echo ran\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx--x--x"));
        SpawnException failed = StartFailureTest.failure(
                new PtyProcessBuilder(script.toString()).user("nobody").spawnStrategy(strategy));
        assertEquals("EXEC EACCES " + script, failed.step() + " " + failed.errnoName() + " " + failed.culprit());
    }

    /** The permissions of this process then differ from its child's. */
    @ParameterizedTest
    @EnumSource(value = SpawnStrategy.class, names = {"FORK_EXEC", "PLAIN_FORK"})
    void aProgramThatItsUserMayNotExecuteIsNamedAndNotItsInterpreter(SpawnStrategy strategy) throws Exception {
        Tools.skipUnless(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "root");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path program = Files.copy(Path.of("/bin/sh").toRealPath(), folder.resolve("program"));
        for (Path file : List.of(program, executable("#!/bin/sh\n"))) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
            SpawnException failed = StartFailureTest.failure(new PtyProcessBuilder(file.toString()).user("nobody").spawnStrategy(strategy));
            assertEquals("EXEC EACCES " + file, failed.step() + " " + failed.errnoName() + " " + failed.culprit());
        }
    }
}
