package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.internal.sys.FileNameEncoding;
import dev.panpty.testing.Children;
import dev.panpty.testing.Descriptors;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.Libc;
import dev.panpty.testing.Programs;
import dev.panpty.testing.Screen;
import dev.panpty.testing.Tools;
import dev.panpty.testing.Way;
import java.io.RandomAccessFile;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;

/** The state of a program at its start. */
class StartTest {

    private static final int SESSION_LEADER_FIELDS = 6;

    @TempDir
    Path folder;

    @EachWay
    void theForcedStrategyIsTheOneUsed() throws Exception {
        try (PtyProcess process = PtyProcess.start("true")) {
            assertEquals(Way.forced().orElseThrow().strategy(), process.spawnStrategy());
        }
    }

    @EachWay
    void theChildLeadsItsSessionWithThePtsAsItsControllingTerminal() throws Exception {
        try (PtyProcess process = Programs.settled()) {
            String[] fields = Children.fields(process.pid());
            String pid = Long.toString(process.pid());
            assertTrue(fields.length > SESSION_LEADER_FIELDS);
            assertEquals(pid, fields[2], "process group");
            assertEquals(pid, fields[3], "session");
            assertEquals(pid, fields[5], "foreground process group");
            String pts = Descriptors.of(process.pid()).get(0);
            int number = Integer.parseInt(pts.substring(pts.lastIndexOf('/') + 1));
            assertEquals(136 << 8 | (number & 0xff) | (number >> 8) << 20, Integer.parseInt(fields[4]), "controlling terminal");
        }
    }

    @EachWay
    void theChildHasThePtsAsZeroOneAndTwoAndNothingElse() throws Exception {
        List<int[]> inheritable = IntStream.range(0, 300).mapToObj(i -> Libc.inheritablePipe()).toList();
        try (PtyProcess process = Programs.settled()) {
            Map<Integer, String> descriptors = Descriptors.of(process.pid());
            assertEquals("[0, 1, 2]", descriptors.keySet().toString());
            assertEquals(1, descriptors.values().stream().distinct().count());
            assertTrue(descriptors.get(0).matches("/dev/pts/\\d+"), descriptors::toString);
        } finally {
            inheritable.forEach(Libc::close);
        }
    }

    @EachWay
    void noSignalIsBlockedOrIgnoredInTheChild() throws Exception {
        String status = Programs.output("cat", "/proc/self/status");
        assertTrue(status.contains("SigBlk:\t0000000000000000"), status);
        assertTrue(status.contains("SigIgn:\t0000000000000000"), status);
        assertTrue(status.contains("SigCgt:\t0000000000000000"), status);
    }

    @EachWay
    void noSignalIsBlockedOrIgnoredWhenStartedByAVirtualThread() throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            String status = executor.submit(() -> Programs.output("cat", "/proc/self/status")).get();
            assertTrue(status.contains("SigBlk:\t0000000000000000"), status);
            assertTrue(status.contains("SigIgn:\t0000000000000000"), status);
        }
    }

    @EachWay
    void ttyNamesThePts() throws Exception {
        assertTrue(Programs.output("tty").matches("/dev/pts/\\d+\r\n"));
    }

    @EachWay
    void theWindowIs24RowsOf80ColumnsUnlessSet() throws Exception {
        assertEquals("24 80\r\n", Programs.output("stty", "size"));
    }

    @EachWay
    void theWindowSizeIsRightFromTheFirstInstruction() throws Exception {
        assertEquals("47 131\r\n", Programs.output(new PtyProcessBuilder("stty", "size").windowSize(new WindowSize(47, 131))));
    }

    @EachWay
    void theTerminalIsCookedAndKnowsUtf8FromTheFirstInstruction() throws Exception {
        String settings = " " + Programs.output("stty", "-a").replaceAll("[;\\r\\n]+", " ") + " ";
        for (String expected : List.of("icanon", "isig", "iexten", "echo", "echoe", "echok", "icrnl", "ixon", "iutf8", "opost",
                "onlcr", "cread", "cs8")) {
            assertTrue(settings.contains(" " + expected + " "), expected + " in" + settings);
        }
        assertTrue(settings.contains("intr = ^C") && settings.contains("eof = ^D") && settings.contains("susp = ^Z"), settings);
        assertTrue(settings.contains("quit = ^\\") && settings.contains("erase = ^?") && settings.contains("kill = ^U"), settings);
        assertTrue(settings.contains("speed 38400 baud"), settings);
    }

    @EachWay
    void backspaceTakesAWholeUtf8CharacterAway() throws Exception {
        try (Screen screen = new Screen(Programs.sh("printf R; read line; printf '<%s>' \"$line\""))) {
            screen.await("R");
            screen.process().getOutputStream().write("ae\u00e9\u007f\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            screen.await("<ae>");
        }
    }

    @EachWay
    void theChildWorksInTheDirectoryOfTheJvmUnlessSet() throws Exception {
        assertEquals(Path.of("").toRealPath() + "\r\n", Programs.outputAsNames(new PtyProcessBuilder("pwd", "-P")));
    }

    @EachWay
    void theChildWorksInTheDirectoryAskedFor() throws Exception {
        assertEquals(folder.toRealPath() + "\r\n", Programs.outputAsNames(new PtyProcessBuilder("pwd", "-P").directory(folder)));
    }

    @EachWay
    void aRelativeDirectoryIsRelativeToTheJvm() throws Exception {
        Path relative = Path.of("").toAbsolutePath().relativize(folder.toRealPath());
        assertEquals(folder.toRealPath() + "\r\n", Programs.outputAsNames(new PtyProcessBuilder("pwd", "-P").directory(relative)));
    }

    @EachWay
    void theEmptyPathIsTheDirectoryOfTheJvm() throws Exception {
        assertEquals(Path.of("").toRealPath() + "\r\n", Programs.outputAsNames(new PtyProcessBuilder("pwd", "-P").directory(Path.of(""))));
    }

    @EachWay
    void aDirectoryThatCanBeEnteredButNotReadWillDo() throws Exception {
        Path closed = Files.createDirectory(folder.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("--x--x--x"));
        assertEquals(closed.toRealPath() + "\r\n", Programs.outputAsNames(new PtyProcessBuilder("pwd", "-P").directory(closed)));
    }

    @EachWay
    void aDirectoryWhoseNameIsNotAsciiWillDo() throws Exception {
        String name = "h\u00e9 \u4e2d";
        Tools.skipUnless(Tools.hasPath(name), "a locale in which the JVM has a Path for such a name");
        Path odd = Files.createDirectory(folder.resolve(name));
        Programs.executable(odd.resolve("here"), "#!/bin/sh\necho found\n");
        assertEquals("found\r\n", Programs.output(new PtyProcessBuilder("./here").directory(odd)));
    }

    @EachWay
    void aProgramWithASlashIsRelativeToTheChildsDirectory() throws Exception {
        Files.createDirectory(folder.resolve("bin"));
        Programs.executable(folder.resolve("bin/mine"), "#!/bin/sh\necho mine\n");
        assertEquals("mine\r\n", Programs.output(new PtyProcessBuilder("bin/mine").directory(folder)));
    }

    @EachWay
    void argumentsArriveAsTheyAre() throws Exception {
        Charset encoding = FileNameEncoding.CHARSET;
        String foreign = encoding.newEncoder().canEncode("\u00e9\u4e2d\ud83d\ude00") ? "\u00e9\u4e2d\ud83d\ude00" : "\u00e9";
        List<String> arguments = List.of("", " a b ", "*", "$HOME", "'\"", foreign, "x\ny", "-n");
        List<String> command = new ArrayList<>(List.of("printf", "[%s]"));
        command.addAll(arguments);
        try (PtyProcess process = new PtyProcessBuilder(command).start()) {
            String output = new String(process.getInputStream().readAllBytes(), encoding);
            assertEquals("[" + String.join("][", arguments).replace("\n", "\r\n") + "]", output);
        }
    }

    @EachWay
    void thousandsOfArgumentsArrive() throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "echo $# ${20000}", "sh"));
        IntStream.rangeClosed(1, 20_000).forEach(i -> command.add("argument-" + i));
        assertEquals("20000 argument-20000\r\n", Programs.output(new PtyProcessBuilder(command)));
    }

    @EachWay
    void theZerothArgumentIsTheCommandsFirstWordUnlessSet() throws Exception {
        assertEquals("sh\r\n", Programs.output("sh", "-c", "echo $0"));
    }

    @EachWay
    void theZerothArgumentCanBeSet() throws Exception {
        assertEquals("-other\r\n", Programs.output(new PtyProcessBuilder("sh", "-c", "echo $0").argv0("-other")));
    }

    @EachWay
    void aScriptWithoutAnInterpreterLineIsRunByTheShellWithItsArguments() throws Exception {
        Path script = Programs.executable(folder.resolve("script"), "echo \"$0: $# $1 $2\"\n");
        assertEquals(script + ": 2 a b c\r\n", Programs.output(script.toString(), "a", "b c"));
    }

    @EachWay
    void aScriptWithoutAnInterpreterLineIsFoundInThePath() throws Exception {
        Programs.executable(folder.resolve("panpty-script"), "echo \"$0: $1\"\n");
        PtyProcessBuilder builder = new PtyProcessBuilder("panpty-script", "a");
        builder.environment().put("PATH", folder + ":" + System.getenv("PATH"));
        assertEquals(folder.resolve("panpty-script") + ": a\r\n", Programs.output(builder));
    }

    @EachWay
    void aProgramThatIsBeingWrittenIsTriedAgainForAMoment() throws Exception {
        byte[] program = Files.readAllBytes(Path.of("/bin/true"));
        Leaks.none(() -> {
            try (ExecutorService executor = Executors.newFixedThreadPool(3)) {
                List<Future<?>> all = new ArrayList<>();
                for (int thread = 0; thread < 3; thread++) {
                    Path mine = folder.resolve("true-" + thread);
                    all.add(executor.submit(() -> {
                        for (int i = 0; i < Way.times(60); i++) {
                            Files.deleteIfExists(mine);
                            Files.write(mine, program);
                            Files.setPosixFilePermissions(mine, PosixFilePermissions.fromString("rwxr-xr-x"));
                            try (PtyProcess process = startWhenFree(mine)) {
                                assertEquals(0, process.waitFor());
                            }
                        }
                        return null;
                    }));
                }
                for (Future<?> one : all) {
                    one.get();
                }
            }
        });
    }

    /** All tries of the library may come while another thread's child is between its fork and its exec and holds the file open. */
    private static PtyProcess startWhenFree(Path program) throws SpawnException {
        for (;;) {
            try {
                return PtyProcess.start(program.toString());
            } catch (SpawnException busy) {
                if (!busy.errnoName().equals("ETXTBSY")) {
                    throw busy;
                }
            }
        }
    }

    @EachWay
    void aProgramThatStaysOpenForWritingIsRefusedAsBusy() throws Exception {
        Path program = folder.resolve("busy");
        Files.copy(Path.of("/bin/true"), program);
        try (RandomAccessFile held = new RandomAccessFile(program.toFile(), "rw")) {
            assertTrue(held.length() > 0);
            long start = System.nanoTime();
            SpawnException failed = StartFailureTest.failure(new PtyProcessBuilder(program.toString()));
            assertTrue(System.nanoTime() - start >= 10_000_000, "three tries, 5 ms apart");
            assertEquals("ETXTBSY", failed.errnoName());
            assertEquals(SpawnException.Step.EXEC, failed.step());
        }
    }

    @EachWay
    void aBuilderStartsAnyNumberOfProcesses() throws Exception {
        PtyProcessBuilder builder = new PtyProcessBuilder("echo", "one");
        assertEquals("one\r\n", Programs.output(builder));
        assertEquals("two\r\n", Programs.output(builder.command("echo", "two")));
    }
}
