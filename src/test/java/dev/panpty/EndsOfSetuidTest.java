package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Children;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.OtherUser;
import dev.panpty.testing.Programs;
import dev.panpty.testing.Tools;
import dev.panpty.testing.Way;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Children that an unprivileged JVM may not signal, as those of sudo(8) and su(1); a set-user-ID program of ours makes them. */
class EndsOfSetuidTest {

    private static final Duration SHORT_GRACE = Duration.ofMillis(300);
    private static final Duration LONG_GRACE = Duration.ofSeconds(10);

    private static final String ROOT_AND_NOT_TO_BE_SIGNALLED = "0 0 0 0";

    @TempDir
    Path folder;

    private Path become;
    private Path classes;
    private List<String> asNobody;

    @BeforeEach
    void makeFilesThatTheUserNobodyCanUse() throws Exception {
        asNobody = List.of(OtherUser.command(OtherUser.NOBODY));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        become = Files.copy(OtherUser.BECOME, folder.resolve("become"));
        assertEquals(0, run("chmod", "4755", become.toString()));
        classes = Files.createDirectory(folder.resolve("classes"));
        copy(PtyProcess.class);
        copy(EndsOfSetuidTest.class);
        assertEquals(0, run("chmod", "-R", "a+rX", classes.toString()));
        Tools.skipUnlessRuns("a temporary directory where set-user-ID programs work", asNobody, become.toString(), "0", "true");
        Tools.skipUnlessRuns("a JDK that another user may run", asNobody, java(), "-version");
    }

    private static String java() {
        return System.getProperty("java.home") + "/bin/java";
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
    }

    private void copy(Class<?> type) throws Exception {
        Path from = Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()));
        assertEquals(0, run("cp", "-r", from + "/.", classes.toString()));
    }

    /** Runs {@link ClosesOne} as the user nobody with the child's script. Returns the child's pid and the milliseconds of its close. */
    private long[] closeAsNobody(Duration grace, String script) throws Exception {
        List<String> command = new ArrayList<>(asNobody);
        command.addAll(List.of(java(), "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "--enable-native-access=ALL-UNNAMED"));
        Way.forced().ifPresent(way -> command.add(way.jvmOption()));
        command.addAll(List.of("-classpath", classes.toString(), ClosesOne.class.getName(), grace.toString(), become.toString(), "0",
                "sh", "-c", script));
        Process jvm = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(jvm.waitFor(20, TimeUnit.SECONDS));
        assertEquals(0, jvm.exitValue(), said);
        String[] words = said.strip().split("\\s+");
        return new long[] {Long.parseLong(words[0]), Long.parseLong(words[1])};
    }

    /** Arguments: the grace time, then the command. Starts it, reads a line, closes it, and prints the pid and the time of the close. */
    public static final class ClosesOne {

        private ClosesOne() {}

        public static void main(String[] arguments) throws Exception {
            List<String> command = List.of(arguments).subList(1, arguments.length);
            PtyProcess process = new PtyProcessBuilder(command).closeGrace(Duration.parse(arguments[0])).start();
            process.inputReader().readLine();
            String uids = Files.readString(Path.of("/proc/" + process.pid() + "/status"))
                    .replaceAll("(?s).*\nUid:\\s*([^\n]*)\n.*", "$1").replace('\t', ' ');
            if (!uids.equals(ROOT_AND_NOT_TO_BE_SIGNALLED)) {
                throw new AssertionError("uids " + uids);
            }
            try {
                process.signal(Signal.TERM);
                throw new AssertionError("the signal was permitted");
            } catch (IOException refused) {
                if (!refused.getMessage().contains("EPERM")) {
                    throw refused;
                }
            }
            long start = System.nanoTime();
            process.close();
            System.out.println(process.pid() + " " + (System.nanoTime() - start) / 1_000_000);
            System.exit(0);
        }
    }

    @EachWay
    void closeEndsAChildThatMayNotBeSignalledByHangingUp() throws Exception {
        long[] pidAndMillis = closeAsNobody(LONG_GRACE, "echo ready; exec sleep 1000");
        assertEquals(0, Children.fields(pidAndMillis[0]).length);
        assertTrue(pidAndMillis[1] < LONG_GRACE.toMillis(), pidAndMillis[1] + " ms");
    }

    @EachWay
    void closeEndsAStoppedChildThatMayNotBeSignalled() throws Exception {
        long[] pidAndMillis = closeAsNobody(LONG_GRACE, "echo ready; kill -STOP $$; exec sleep 1000");
        assertEquals(0, Children.fields(pidAndMillis[0]).length);
        assertTrue(pidAndMillis[1] < LONG_GRACE.toMillis(), pidAndMillis[1] + " ms");
    }

    @EachWay
    void closeReturnsWithinItsBoundFromAChildThatCannotBeEndedAtAll() throws Exception {
        long[] pidAndMillis = closeAsNobody(SHORT_GRACE, "trap '' HUP; echo ready; " + Programs.REST);
        try {
            assertTrue(pidAndMillis[1] < LONG_GRACE.toMillis(), pidAndMillis[1] + " ms");
        } finally {
            ProcessHandle.of(pidAndMillis[0]).ifPresent(ProcessHandle::destroyForcibly);
        }
    }
}
