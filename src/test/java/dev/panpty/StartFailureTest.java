package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Descriptors;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.Needs;
import dev.panpty.testing.Programs;
import dev.panpty.testing.Tools;
import dev.panpty.testing.Way;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each failure of a start, fifty times: the exception names the cause, nothing is left, and the next start works. */
class StartFailureTest {

    private static final int TIMES = 50;

    @TempDir
    Path folder;

    static SpawnException failure(PtyProcessBuilder builder) {
        return assertThrows(SpawnException.class, () -> builder.start().close());
    }

    private static void fails(PtyProcessBuilder builder, SpawnException.Step step, String errno, String culprit) throws Exception {
        Leaks.none(() -> {
            for (int i = 0; i < Way.times(TIMES); i++) {
                SpawnException failed = failure(builder);
                assertEquals(errno, failed.errnoName(), failed.getMessage());
                assertEquals(step, failed.step(), failed.getMessage());
                assertTrue(failed.culprit().contains(culprit), failed::culprit);
                assertTrue(failed.getMessage().contains(culprit) && failed.getMessage().contains(errno), failed::getMessage);
                assertNotEquals(0, failed.errno());
            }
        });
        nextStartWorks();
    }

    private static void nextStartWorks() throws Exception {
        assertEquals("next\r\n", Programs.output("echo", "next"));
    }

    @EachWay
    void noSuchProgramIsNamed() throws Exception {
        fails(new PtyProcessBuilder("panpty-is-not-there"), SpawnException.Step.EXEC, "ENOENT", "panpty-is-not-there");
    }

    @EachWay
    void noSuchFileIsNamed() throws Exception {
        fails(new PtyProcessBuilder("/nowhere/at/all"), SpawnException.Step.EXEC, "ENOENT", "/nowhere/at/all");
    }

    @Test
    void aMissingProgramWithAParentDeathSignalIsASpawnException() throws Exception {
        Leaks.none(() -> {
            PtyProcessBuilder missing = new PtyProcessBuilder("/nowhere/at/all").parentDeathSignal(Signal.TERM);
            SpawnException failed = assertThrows(SpawnException.class, missing::start);
            assertEquals("EXEC ENOENT /nowhere/at/all", failed.step() + " " + failed.errnoName() + " " + failed.culprit());
        });
    }

    @EachWay
    void aPathThroughAFileIsNamed() throws Exception {
        fails(new PtyProcessBuilder("/etc/passwd/sh"), SpawnException.Step.EXEC, "ENOTDIR", "/etc/passwd/sh");
    }

    @EachWay
    void noSuchDirectoryIsNamed() throws Exception {
        Path missing = folder.resolve("missing");
        fails(new PtyProcessBuilder("true").directory(missing), SpawnException.Step.DIRECTORY, "ENOENT", missing.toString());
    }

    @EachWay
    void aFileAsDirectoryIsNamed() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        fails(new PtyProcessBuilder("true").directory(file), SpawnException.Step.DIRECTORY, "ENOTDIR", file.toString());
    }

    @EachWay
    void aDirectoryAsProgramIsNamed() throws Exception {
        fails(new PtyProcessBuilder(folder.toString()), SpawnException.Step.EXEC, "EACCES", folder.toString());
    }

    /** posix_spawn gives one errno for both. */
    @EachWay
    @Needs("setpriv")
    void theJvmsOwnDirectoryIsNotBlamedWhereItMayNotBeEntered() throws Exception {
        Tools.skipUnless(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "root");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        new ForkedJvm(Outside.class).after("cd " + folder).asNobody().run();
    }

    /** Runs as the user nobody. */
    public static final class Outside implements ForkedJvm.Body {
        @Override
        public void run(String[] arguments) throws Throwable {
            fails(new PtyProcessBuilder("/etc/passwd"), SpawnException.Step.EXEC, "EACCES", "/etc/passwd");
        }
    }

    @Test
    void aDirectoryThatCannotBeEnteredIsNamedInEveryWay() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path closed = Files.createDirectory(folder.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rw-r--r--"));
        ForkedJvm jvm = new ForkedJvm(ClosedDirectory.class).arguments(closed.toString());
        (Files.isExecutable(closed) ? jvm.asNobody() : jvm).run(); // root may enter it
    }

    /** Runs as a user who may not enter the directory. */
    public static final class ClosedDirectory implements ForkedJvm.Body {
        @Override
        public void run(String[] arguments) throws Throwable {
            Path closed = Path.of(arguments[0]);
            for (Way way : Way.all()) {
                for (String program : List.of("/bin/true", "true", "./true")) {
                    SpawnException failed = assertThrows(SpawnException.class,
                            () -> new PtyProcessBuilder(program).directory(closed).spawnStrategy(way.strategy()).start());
                    assertEquals("DIRECTORY EACCES " + closed, failed.step() + " " + failed.errnoName() + " " + failed.culprit(),
                            () -> way + ", " + program);
                }
            }
        }
    }

    @EachWay
    void aFileWithoutExecutePermissionIsNamed() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "#!/bin/sh\n");
        fails(new PtyProcessBuilder(file.toString()), SpawnException.Step.EXEC, "EACCES", file.toString());
    }

    @EachWay
    void aMissingInterpreterIsNamed() throws Exception {
        Path script = Programs.executable(folder.resolve("script"), "#!/nowhere/interpreter -x\n");
        fails(new PtyProcessBuilder(script.toString()), SpawnException.Step.INTERPRETER, "ENOENT", "/nowhere/interpreter");
    }

    @EachWay
    void aMissingInterpreterInTheChildsDirectoryIsNamed() throws Exception {
        Programs.executable(folder.resolve("script"), "#!/nowhere/interpreter\n");
        fails(new PtyProcessBuilder("./script").directory(folder), SpawnException.Step.INTERPRETER, "ENOENT", "/nowhere/interpreter");
    }

    @EachWay
    void tooLongAnArgumentIsRefusedWithTheKernelsErrno() throws Exception {
        fails(new PtyProcessBuilder("true", "x".repeat(200_000)), SpawnException.Step.EXEC, "E2BIG", "true");
    }

    @EachWay
    void tooLongANameIsRefusedWithTheKernelsErrno() throws Exception {
        fails(new PtyProcessBuilder("/" + "x".repeat(300)), SpawnException.Step.EXEC, "ENAMETOOLONG", "xxx");
    }

    @EachWay
    void aLoopOfLinksIsNamed() throws Exception {
        Path loop = folder.resolve("loop");
        Files.createSymbolicLink(loop, loop);
        fails(new PtyProcessBuilder(loop.toString()), SpawnException.Step.EXEC, "ELOOP", loop.toString());
    }

    @EachWay
    void nothingIsWrittenToTheTerminalOrToTheHostByAFailedStart() throws Exception {
        Leaks.none(() -> {
            for (int i = 0; i < Way.times(TIMES); i++) {
                failure(new PtyProcessBuilder("panpty-is-not-there"));
            }
        });
    }

    private static void refused(Consumer<PtyProcessBuilder> change, String culprit) throws Exception {
        Leaks.none(() -> {
            for (int i = 0; i < Way.times(TIMES); i++) {
                PtyProcessBuilder builder = new PtyProcessBuilder("true");
                Map<Integer, String> before = Descriptors.own();
                Exception refused = assertThrows(IllegalArgumentException.class, () -> {
                    change.accept(builder); // a bad variable is refused here
                    builder.start().close();
                });
                assertEquals(before, Descriptors.own());
                assertTrue(refused.getMessage().contains(culprit), refused::getMessage);
            }
        });
        nextStartWorks();
    }

    @EachWay
    void anEmptyCommandIsAnArgumentError() throws Exception {
        refused(builder -> builder.command(List.of()), "[]");
    }

    @EachWay
    void anEmptyProgramNameIsAnArgumentError() throws Exception {
        refused(builder -> builder.command("", "x"), "program");
    }

    @EachWay
    void aNulInTheProgramIsAnArgumentError() throws Exception {
        refused(builder -> builder.command("tr\0ue"), "tr\\0ue");
    }

    @EachWay
    void aNulInAnArgumentIsAnArgumentError() throws Exception {
        refused(builder -> builder.command("true", "a\0b"), "a\\0b");
    }

    @EachWay
    void aNulInTheZerothArgumentIsAnArgumentError() throws Exception {
        refused(builder -> builder.argv0("a\0b"), "argv0");
    }

    @EachWay
    void aNulInAValueIsAnArgumentError() throws Exception {
        refused(builder -> builder.environment().put("SOME", "a\0b"), "SOME");
    }

    @EachWay
    void aNulInANameIsAnArgumentError() throws Exception {
        refused(builder -> builder.environment().put("SO\0ME", "a"), "NUL");
    }

    @EachWay
    void anEqualsSignInANameIsAnArgumentError() throws Exception {
        refused(builder -> builder.environment().put("SO=ME", "a"), "SO=ME");
    }

    @EachWay
    void anEqualsSignAtTheBeginningOfANameIsAnArgumentError() throws Exception {
        refused(builder -> builder.environment().put("=SOME", "a"), "=SOME");
    }

    @EachWay
    void anEmptyNameIsAnArgumentError() throws Exception {
        refused(builder -> builder.environment().put("", "a"), "empty");
    }

    @Test
    void aLoneSurrogateIsAnArgumentErrorAndNeverAQuestionMark() throws Exception {
        refused(builder -> builder.command("echo", "\ud83d"), "argument");
    }

    @Test
    void aStrategyThatDoesNotExistIsRefusedByName() throws Exception {
        System.setProperty("dev.panpty.spawn", "vfork");
        try {
            PtyProcessBuilder builder = new PtyProcessBuilder("true");
            Exception refused = assertThrows(IllegalArgumentException.class, () -> builder.start().close());
            assertTrue(refused.getMessage().contains("vfork"), refused::getMessage);
        } finally {
            System.clearProperty("dev.panpty.spawn");
        }
    }
}
