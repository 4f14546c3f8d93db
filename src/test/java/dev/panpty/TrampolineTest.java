package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.SpawnException.Step;
import dev.panpty.testing.Await;
import dev.panpty.testing.Children;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.IdleTime;
import dev.panpty.testing.HostBattery;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.Namespace;
import dev.panpty.testing.Needs;
import dev.panpty.testing.OtherUser;
import dev.panpty.testing.Programs;
import dev.panpty.testing.Tools;
import dev.panpty.testing.Way;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings that only the trampoline supports, and starts where it is not available. */
@Timeout(120)
class TrampolineTest {

    private static final String MISSING = "dev.panpty.libc.missing";
    private static final String NOBODY = "65534";

    @AfterEach
    void findAllFunctionsAgain() {
        System.clearProperty(MISSING);
    }

    private static PtyProcessBuilder shell(String script) {
        return new PtyProcessBuilder("sh", "-c", script);
    }

    @ParameterizedTest
    @EnumSource(value = SpawnStrategy.class, names = {"AUTO", "FORK_EXEC", "PLAIN_FORK"})
    void theUserNobodyHasTheUserGroupAndGroupsOfNobody(SpawnStrategy strategy) throws Exception {
        OtherUser.require();
        String output = Programs.output(shell("id -ru; id -u; id -rg; id -g; id -G").user("nobody").spawnStrategy(strategy));
        assertEquals((NOBODY + "\r\n").repeat(5), output);
    }

    @ParameterizedTest
    @EnumSource(value = SpawnStrategy.class, names = {"FORK_EXEC", "PLAIN_FORK"})
    void anotherUserCanOpenTheTerminalByName(SpawnStrategy strategy) throws Exception {
        OtherUser.require();
        String output = Programs.output(shell("echo heard >\"$(tty)\"; stat -c '%U %a' \"$(tty)\"").user("nobody").spawnStrategy(strategy));
        assertEquals("heard\r\nnobody 620\r\n", output);
    }

    @Test
    @Needs("python3")
    void anotherUserDoesNotGetRootBack() throws Exception {
        OtherUser.require();
        String regain = """
                import os
                for call in (lambda: os.setuid(0), lambda: os.setresuid(-1, 0, -1), lambda: os.setgid(0), lambda: os.setgroups([0])):
                    try:
                        call(); print('regained')
                    except PermissionError:
                        print('refused')
                """;
        assertEquals("refused\r\n".repeat(4), Programs.output(new PtyProcessBuilder("python3", "-c", regain).user("nobody")));
    }

    @Test
    void theJvmStaysReadableToItselfAfterAChangeOfUser() throws Exception {
        OtherUser.require();
        Programs.output(shell("true").user("nobody"));
        assertTrue(Files.isReadable(Path.of("/proc/self/environ")) && Files.readAllBytes(Path.of("/proc/self/auxv")).length > 0);
    }

    @Test
    void supplementaryGroupsAreThoseAskedFor() throws Exception {
        OtherUser.require();
        assertEquals("65534 5 12345\r\n",
                Programs.output(shell("id -G").user("nobody").supplementaryGroups("tty", "12345")));
        assertEquals("5\r\n", Programs.output(shell("id -G").group("tty").supplementaryGroups()));
    }

    /** The user nobody in 200 groups, with a group database of this JVM's own. */
    @Test
    @Needs({"unshare", "mount"})
    void aUserInTwoHundredGroupsIsGivenAllOfThem(@TempDir Path folder) throws Exception {
        OtherUser.require();
        String groups = Files.readString(Path.of("/etc/group"))
                + IntStream.range(0, 200).mapToObj(i -> "many" + i + ":x:" + (70_000 + i) + ":nobody\n").collect(Collectors.joining());
        Path database = Files.writeString(folder.resolve("group"), groups);
        String mount = "mount --bind " + database + " /etc/group";
        new ForkedJvm(InManyGroups.class).by(Namespace.after(mount)).run();
    }

    /** Runs where the user nobody is in many groups. */
    public static final class InManyGroups implements ForkedJvm.Body {
        @Override
        public void run(String[] arguments) throws Throwable {
            List<String> groups = List.of(Programs.output(new PtyProcessBuilder("id", "-G").user("nobody")).strip().split(" "));
            assertEquals(201, groups.size(), groups::toString);
            assertTrue(groups.containsAll(List.of("70000", "70199")), groups::toString);
        }
    }

    /** Runs in a user namespace that maps its own user alone, to root. */
    public static final class Unmapped implements ForkedJvm.Body {

        private static final String WHY = ", which is not mapped in this user namespace, see user_namespaces(7)";

        @Override
        public void run(String[] arguments) throws Throwable {
            SpawnException owner = assertThrows(SpawnException.class, () -> shell("id").user(77).group(0).supplementaryGroups().start());
            assertTrue(owner.culprit().matches("fchown\\(/dev/pts/\\d+\\) to user 77( and group \\d+)?" + Pattern.quote(WHY)), owner.culprit());
            assertEquals("PTS EINVAL", owner.step() + " " + owner.errnoName());
            SpawnException group = assertThrows(SpawnException.class, () -> shell("id").group(78).start());
            assertEquals("GROUP EINVAL group 78" + WHY, group.step() + " " + group.errnoName() + " " + group.culprit());
            SpawnException groups = assertThrows(SpawnException.class, () -> shell("id").supplementaryGroups("79").start());
            assertEquals("GROUPS EPERM groups [79]", groups.step() + " " + groups.errnoName() + " " + groups.culprit());
        }
    }

    @Test
    @Needs("unshare")
    void anIdThatIsNotMappedInAUserNamespaceIsNamedWithTheCall() throws Exception {
        String[] namespace = {"unshare", "--user", "--map-root-user"};
        Tools.skipUnlessRuns("the right to make a user namespace", List.of(namespace), "true");
        new ForkedJvm(Unmapped.class).by(namespace).run();
    }

    @Test
    void startingAsTheSameUserNeedsNoPrivilege() throws Exception {
        new ForkedJvm(OwnUser.class).asNobody().run();
    }

    /** Runs as the user nobody. */
    public static final class OwnUser implements ForkedJvm.Body {
        @Override
        public void run(String[] arguments) throws Throwable {
            assertEquals(NOBODY + "\r\n", Programs.output(shell("id -u").user("nobody")));
            assertEquals(NOBODY + "\r\n", Programs.output(shell("id -u").user(65534).group(65534)));
            SpawnException user = assertThrows(SpawnException.class, () -> shell("id -u").user("daemon").start());
            assertEquals("EPERM", user.errnoName());
            assertTrue(List.of(Step.GROUPS, Step.GROUP, Step.USER).contains(user.step()), user.toString());
            SpawnException groupless =
                    assertThrows(SpawnException.class, () -> shell("id").user(1).group(65534).supplementaryGroups().start());
            assertEquals(Step.USER, groupless.step());
            assertEquals("user 1", groupless.culprit());
            SpawnException group = assertThrows(SpawnException.class, () -> shell("id").group("daemon").start());
            assertEquals(Step.GROUP, group.step());
            SpawnException limit = assertThrows(SpawnException.class,
                    () -> shell("id").limit(ResourceLimit.NOFILE, 1 << 20, ResourceLimit.UNLIMITED).start());
            assertEquals(Step.LIMITS, limit.step());
            assertEquals("RLIMIT_NOFILE, soft 1048576, hard unlimited", limit.culprit());
            SpawnException nice = assertThrows(SpawnException.class, () -> shell("id").niceness(-20).start());
            assertEquals(Step.NICENESS, nice.step());
        }
    }

    @Test
    void unknownUsersAndGroupsAreRefusedBeforeAnythingIsOpened() throws Exception {
        Leaks.none(() -> {
            assertThrows(IllegalArgumentException.class, () -> shell("id").user("no-such-user").start());
            assertThrows(IllegalArgumentException.class, () -> shell("id").group("no-such-group").start());
            assertThrows(IllegalArgumentException.class, () -> shell("id").supplementaryGroups("no-such-group").start());
            assertThrows(IllegalArgumentException.class, () -> shell("id").user(1_234_567).start());
        });
    }

    @Test
    void numbersOutOfRangeAreRefusedAtOnce() {
        assertThrows(IllegalArgumentException.class, () -> shell("id").user(-1));
        assertThrows(IllegalArgumentException.class, () -> shell("id").group(-1));
        assertThrows(IllegalArgumentException.class, () -> shell("id").umask(01000));
        assertThrows(IllegalArgumentException.class, () -> shell("id").umask(-1));
        assertThrows(IllegalArgumentException.class, () -> shell("id").niceness(20));
        assertThrows(IllegalArgumentException.class, () -> shell("id").limit(ResourceLimit.CORE, -1, 0));
        assertThrows(IllegalArgumentException.class, () -> shell("id").limit(ResourceLimit.CORE, 2, 1));
    }

    @ParameterizedTest
    @EnumSource(value = SpawnStrategy.class, names = {"AUTO", "FORK_EXEC", "PLAIN_FORK"})
    void umaskLimitsAndNicenessReachTheProgram(SpawnStrategy strategy) throws Exception {
        String output = Programs.output(shell("umask; ulimit -Sn; ulimit -Hn; ulimit -Sc; nice").umask(0157)
                .limit(ResourceLimit.NOFILE, 50, 60).limit(ResourceLimit.CORE, 0, 0).niceness(7).spawnStrategy(strategy));
        assertEquals("0157\r\n50\r\n60\r\n0\r\n7\r\n", output);
    }

    @ParameterizedTest
    @EnumSource(value = SpawnStrategy.class, names = {"FORK_EXEC", "PLAIN_FORK"})
    void theChildDiesWithTheJvmWhereThatIsAskedFor(SpawnStrategy strategy, @TempDir Path folder) throws Exception {
        Path pidFile = folder.resolve("pid");
        new ForkedJvm(DyingParent.class).arguments(pidFile.toString(), strategy.name()).run();
        long pid = Long.parseLong(Files.readString(pidFile));
        Await.until("the child of the dead JVM is gone", () -> Children.hasExited(pid));
    }

    /** Starts a child from a thread that then ends, checks that the child runs on, and exits. */
    public static final class DyingParent implements ForkedJvm.Body {
        @Override
        public void run(String[] arguments) throws Throwable {
            PtyProcess[] started = new PtyProcess[1];
            Thread thread = new Thread(() -> {
                try {
                    started[0] = shell("trap '' HUP; echo ready; exec sleep 100").parentDeathSignal(Signal.KILL)
                            .spawnStrategy(SpawnStrategy.valueOf(arguments[1])).start();
                } catch (SpawnException failed) {
                    throw new AssertionError(failed);
                }
            });
            thread.start();
            thread.join();
            assertEquals('r', started[0].getInputStream().read());
            assertTrue(started[0].isAlive());
            Files.writeString(Path.of(arguments[0]), Long.toString(started[0].pid()));
        }
    }

    @Test
    void theThreadBehindParentDeathSignalsLivesAsLongAsItsLastChild() throws Exception {
        for (int round = 0; round < 2; round++) {
            PtyProcess first = shell("trap '' HUP; exec sleep 100").parentDeathSignal(Signal.KILL).start();
            try (PtyProcess second = shell("echo ready; exec sleep 100").parentDeathSignal(Signal.KILL).start()) {
                first.close();
                assertEquals('r', second.getInputStream().read());
                assertTrue(IdleTime.threadNames().contains("panpty-parent"));
                assertTrue(second.isAlive());
            }
            Await.until("the thread ends", () -> !IdleTime.threadNames().contains("panpty-parent"));
        }
    }

    @Test
    void autoTakesThePlainWayUnlessMoreIsAskedFor() throws Exception {
        Way.POSIX_SPAWN.need();
        try (PtyProcess plain = shell("true").start(); PtyProcess more = shell("true").umask(022).start()) {
            assertEquals(SpawnStrategy.POSIX_SPAWN, plain.spawnStrategy());
            assertEquals(SpawnStrategy.FORK_EXEC, more.spawnStrategy());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "posix_spawn_file_actions_addclosefrom_np", "posix_spawn_file_actions_addfchdir_np"
    })
    void aLibcWithoutAFunctionLeadsToTheTrampoline(String function) throws Exception {
        Way.POSIX_SPAWN.need();
        System.setProperty(MISSING, function);
        try (PtyProcess process = shell("true").start()) {
            assertEquals(SpawnStrategy.FORK_EXEC, process.spawnStrategy());
        }
        SpawnException forced =
                assertThrows(SpawnException.class, () -> shell("true").spawnStrategy(SpawnStrategy.POSIX_SPAWN).start());
        assertEquals(Step.STRATEGY, forced.step());
        assertTrue(forced.getMessage().contains(function), forced.getMessage());
    }

    @Test
    void aForcedStrategyThatIsNotAvailableNamesTheReason() throws Exception {
        Way.POSIX_SPAWN.need();
        Leaks.none(() -> {
            SpawnException refused = assertThrows(SpawnException.class,
                    () -> shell("true").umask(0).spawnStrategy(SpawnStrategy.POSIX_SPAWN).start());
            assertEquals(Step.STRATEGY, refused.step());
            assertTrue(refused.getMessage().contains("umask"), refused.getMessage());
        });
    }

    @Test
    void aRealFailureIsNotTriedAgainByTheOtherStrategy(@TempDir Path folder) throws Exception {
        Path script = Programs.executable(folder.resolve("script"), "#!/no/such/interpreter\n");
        SpawnException failed = assertThrows(SpawnException.class, () -> PtyProcess.start(script.toString()));
        assertEquals(Step.INTERPRETER, failed.step());
        assertEquals("ENOENT", failed.errnoName());
    }

    @Test
    void theLibraryLoadsWithoutATemporaryDirectoryAndLeavesNoFile(@TempDir Path folder) throws Exception {
        new ForkedJvm(UsesTrampoline.class).options("-Djava.io.tmpdir=/proc/nowhere").run();
        new ForkedJvm(UsesTrampoline.class).options("-Djava.io.tmpdir=" + folder).run();
        try (var files = Files.list(folder)) {
            assertEquals(List.of(), files.toList());
        }
    }

    @Test
    @Needs({"unshare", "mount"})
    void theLibraryLoadsWhereTheTemporaryDirectoryIsNoexec(@TempDir Path folder) throws Exception {
        String mount = "mount -t tmpfs -o noexec tmpfs " + folder;
        new ForkedJvm(UsesTrampoline.class).by(Namespace.after(mount)).options("-Djava.io.tmpdir=" + folder).run();
    }

    /** Starts by the trampoline before and after the library's own file is deleted. */
    public static final class UsesTrampoline implements ForkedJvm.Body {
        @Override
        public void run(String[] arguments) throws Throwable {
            assertEquals("0027\r\n", Programs.output(shell("umask").umask(027)));
            if (arguments.length > 0) {
                Files.delete(Path.of(arguments[0]));
            }
            assertEquals("0077\r\n", Programs.output(shell("umask").umask(077)));
        }
    }

    @Test
    void theLibrarySurvivesItsJarBeingReplaced(@TempDir Path folder) throws Exception {
        Path classes = copyOfTheLibrary(folder, true);
        Path library = classes.resolve("dev/panpty/internal/spawn/linux-" + System.getProperty("os.arch") + "/libpanpty-trampoline.so");
        new ForkedJvm(UsesTrampoline.class).library(classes).arguments(library.toString()).run();
    }

    @Test
    void withoutTheLibraryTheFastPathWorksAndTheRestNamesTheReason(@TempDir Path folder) throws Exception {
        Way.POSIX_SPAWN.need();
        new ForkedJvm(WithoutTrampoline.class).library(copyOfTheLibrary(folder, false)).run();
    }

    @Test
    @Needs("bash")
    void withoutTheLibraryEverythingThatAProgramExpectsIsThereAllTheSame(@TempDir Path folder) throws Exception {
        Way.POSIX_SPAWN.need();
        new ForkedJvm(HostBattery.class).library(copyOfTheLibrary(folder, false)).run();
    }

    /** Runs with a build without the trampoline. */
    public static final class WithoutTrampoline implements ForkedJvm.Body {
        @Override
        public void run(String[] arguments) throws Throwable {
            assertEquals("fine\r\n", Programs.output(shell("echo fine")));
            Leaks.none(() -> {
                SpawnException refused = assertThrows(SpawnException.class, () -> shell("true").umask(0).start());
                assertEquals(Step.STRATEGY, refused.step());
                assertTrue(refused.getMessage().contains("libpanpty-trampoline.so"), refused.getMessage());
                assertThrows(SpawnException.class, () -> shell("true").spawnStrategy(SpawnStrategy.FORK_EXEC).start());
            });
            assertFalse(Programs.output(shell("echo fine")).isEmpty());
        }
    }

    private static Path copyOfTheLibrary(Path folder, boolean withTrampoline) throws IOException {
        Path classes = Path.of(URI.create(PtyProcess.class.getProtectionDomain().getCodeSource().getLocation().toString()));
        Path copy = folder.resolve("classes");
        Files.walkFileTree(classes, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(copy.resolve(classes.relativize(directory).toString()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (withTrampoline || !file.toString().endsWith(".so")) {
                    Files.copy(file, copy.resolve(classes.relativize(file).toString()), StandardCopyOption.REPLACE_EXISTING);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return copy;
    }

    @Test
    void aForcedStrategyThatIsNotAvailableIsNamedOnce() {
        Way.POSIX_SPAWN.need();
        SpawnException failed = assertThrows(SpawnException.class,
                () -> new PtyProcessBuilder("true").umask(022).spawnStrategy(SpawnStrategy.POSIX_SPAWN).start());
        assertEquals("cannot find a way to start the program: posix_spawn: it cannot set the umask", failed.getMessage());
    }
}
