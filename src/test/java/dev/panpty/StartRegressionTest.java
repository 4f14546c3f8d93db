package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.EachWay;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.Namespace;
import dev.panpty.testing.Needs;
import dev.panpty.testing.OtherUser;
import dev.panpty.testing.Programs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Starts that once went wrong. */
@Timeout(60)
class StartRegressionTest {

    private static final Duration PROMPTLY = Duration.ofSeconds(10);
    private static final int RACES = 60;

    @TempDir
    Path folder;

    @Test
    void aMissingProgramWithAParentDeathSignalIsASpawnException() throws Exception {
        new PtyProcessBuilder("true").parentDeathSignal(Signal.TERM).start().close(); // makes the thread that stays
        Leaks.none(() -> {
            PtyProcessBuilder missing = new PtyProcessBuilder("/nowhere/at/all").parentDeathSignal(Signal.TERM);
            SpawnException failed = assertThrows(SpawnException.class, missing::start);
            assertEquals("EXEC ENOENT /nowhere/at/all", failed.step() + " " + failed.errnoName() + " " + failed.culprit());
        });
    }

    /** The user nobody in 200 groups, by a group database of this JVM's own. */
    @Test
    @Needs({"unshare", "mount"})
    void aUserInTwoHundredGroupsIsGivenAllOfThem() throws Exception {
        OtherUser.require();
        String groups = Files.readString(Path.of("/etc/group"))
                + IntStream.range(0, 200).mapToObj(i -> "many" + i + ":x:" + (70_000 + i) + ":nobody\n").collect(Collectors.joining());
        Path database = Files.writeString(folder.resolve("group"), groups);
        String mount = "mount --bind " + database + " /etc/group";
        new ForkedJvm(InManyGroups.class).by(Namespace.after(mount)).run();
    }

    /** Where nobody is in many groups. */
    public static final class InManyGroups implements ForkedJvm.Body {
        @Override
        public void run(String[] arguments) throws Throwable {
            List<String> groups = List.of(Programs.output(new PtyProcessBuilder("id", "-G").user("nobody")).strip().split(" "));
            assertEquals(201, groups.size(), groups::toString);
            assertTrue(groups.containsAll(List.of("70000", "70199")), groups::toString);
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

    /** As a user who may not enter it. */
    public static final class ClosedDirectory implements ForkedJvm.Body {
        @Override
        public void run(String[] arguments) throws Throwable {
            Path closed = Path.of(arguments[0]);
            for (SpawnStrategy way : List.of(SpawnStrategy.POSIX_SPAWN, SpawnStrategy.FORK_EXEC, SpawnStrategy.PLAIN_FORK)) {
                for (String program : List.of("/bin/true", "true", "./true")) {
                    SpawnException failed = assertThrows(SpawnException.class,
                            () -> new PtyProcessBuilder(program).directory(closed).spawnStrategy(way).start());
                    assertEquals("DIRECTORY EACCES " + closed, failed.step() + " " + failed.errnoName() + " " + failed.culprit(),
                            () -> way + ", " + program);
                }
            }
        }
    }

    @EachWay
    void moreArgumentsThanTheKernelTakesAreASpawnException() throws Exception {
        String word = "x".repeat(100_000);
        PtyProcessBuilder builder = withArguments(Collections.nCopies(200, word));
        Leaks.none(() -> assertEquals("E2BIG", assertThrows(SpawnException.class, builder::start).errnoName()));
    }

    /** Refused before any of it is copied: the heap has no place for a copy. */
    @Test
    void farMoreArgumentsThanTheKernelTakesAreASpawnExceptionAtOnce() throws Exception {
        new ForkedJvm(ManyArguments.class).options("-Xmx64m").run();
    }

    /** All are the same word, which is there once. */
    public static final class ManyArguments implements ForkedJvm.Body {
        @Override
        public void run(String[] arguments) throws Throwable {
            PtyProcessBuilder builder = withArguments(Collections.nCopies(270, "x".repeat(1_000_000)));
            Leaks.none(() -> assertEquals("E2BIG", assertThrows(SpawnException.class, builder::start).errnoName()));
        }
    }

    private static PtyProcessBuilder withArguments(List<String> words) {
        List<String> command = new ArrayList<>(words);
        command.addFirst("true");
        return new PtyProcessBuilder(command);
    }

    private static <T> FutureTask<T> together(CyclicBarrier barrier, Callable<T> body) {
        FutureTask<T> task = new FutureTask<>(() -> {
            barrier.await();
            return body.call();
        });
        Thread.ofPlatform().daemon().start(task);
        return task;
    }

    /** The process, or null where the terminal was refused. */
    private static PtyProcess startOn(Pty pty) throws SpawnException {
        try {
            return new PtyProcessBuilder("cat").pty(pty).start();
        } catch (IllegalStateException refused) {
            return null;
        } catch (SpawnException failed) {
            if (failed.errnoName().equals("EBADF")) { // it was closed
                return null;
            }
            throw failed;
        }
    }

    private static void assertEchoes(PtyProcess process) throws Exception {
        process.getOutputStream().write("x\n".getBytes(StandardCharsets.US_ASCII));
        FutureTask<String> read = new FutureTask<>(() -> new String(process.getInputStream().readNBytes(3), StandardCharsets.US_ASCII));
        Thread.ofPlatform().daemon().start(read);
        assertEquals("x\r\n", read.get(PROMPTLY.toSeconds(), TimeUnit.SECONDS));
        assertTrue(process.isAlive());
    }

    @Test
    void ofTwoStartsOnOneTerminalAtTheSameTimeExactlyOneWins() throws Exception {
        Leaks.none(() -> {
            for (int i = 0; i < RACES; i++) {
                Pty pty = Pty.open();
                CyclicBarrier barrier = new CyclicBarrier(2);
                List<FutureTask<PtyProcess>> starts =
                        List.of(together(barrier, () -> startOn(pty)), together(barrier, () -> startOn(pty)));
                List<PtyProcess> started = new ArrayList<>();
                for (FutureTask<PtyProcess> start : starts) {
                    PtyProcess process = start.get(PROMPTLY.toSeconds(), TimeUnit.SECONDS);
                    if (process != null) {
                        started.add(process);
                    }
                }
                assertEquals(1, started.size(), "winners");
                assertEchoes(started.get(0));
                started.get(0).close();
                pty.close();
            }
        });
    }

    @Test
    void aTerminalThatIsClosedWhileItIsGivenDoesNotHangUpTheProcess() throws Exception {
        Leaks.none(() -> {
            for (int i = 0; i < RACES; i++) {
                Pty pty = Pty.open();
                CyclicBarrier barrier = new CyclicBarrier(2);
                FutureTask<PtyProcess> start = together(barrier, () -> startOn(pty));
                long pause = i * 50_000L; // ever later in the start
                FutureTask<Void> close = together(barrier, () -> {
                    for (long from = System.nanoTime(); System.nanoTime() - from < pause; ) {
                        Thread.onSpinWait();
                    }
                    pty.close();
                    return null;
                });
                PtyProcess process = start.get(PROMPTLY.toSeconds(), TimeUnit.SECONDS);
                close.get(PROMPTLY.toSeconds(), TimeUnit.SECONDS);
                if (process != null) {
                    assertEchoes(process);
                    process.close();
                }
            }
        });
    }

    @Test
    void aReadOfATerminalThatIsBeingGivenTakesNothingFromTheProcess() throws Exception {
        Leaks.none(() -> {
            for (int i = 0; i < RACES; i++) {
                Pty pty = Pty.open();
                CyclicBarrier barrier = new CyclicBarrier(2);
                FutureTask<PtyProcess> start = together(barrier, () -> new PtyProcessBuilder("echo", "all").pty(pty).start());
                long pause = i * 50_000L; // ever later in the start
                FutureTask<Integer> read = together(barrier, () -> {
                    for (long from = System.nanoTime(); System.nanoTime() - from < pause; ) {
                        Thread.onSpinWait();
                    }
                    return pty.ptmxInputStream().read();
                });
                try (PtyProcess process = start.get(PROMPTLY.toSeconds(), TimeUnit.SECONDS)) {
                    assertEquals(-1, read.get(PROMPTLY.toSeconds(), TimeUnit.SECONDS));
                    assertEquals("all\r\n", new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
                }
            }
        });
    }
}
