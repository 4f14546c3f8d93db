package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.SessionReport.Member;
import dev.panpty.testing.Await;
import dev.panpty.testing.Children;
import dev.panpty.testing.DeadMount;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.Namespace;
import dev.panpty.testing.Needs;
import dev.panpty.testing.Programs;
import dev.panpty.testing.Screen;
import dev.panpty.testing.Tools;
import dev.panpty.testing.TracedSessionEnd;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** terminateSession and other processes of the machine: which it ends, which it reports, and how it reads /proc. */
@Timeout(120)
class SessionStrangersTest {

    /** A leader that gives the terminal up, as login(1) does, and a child that makes it the terminal of a new session, each with a job. */
    private static final String LOGIN = """
            import fcntl, os, signal, termios, time
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            def job():
                pid = os.fork()
                if pid == 0:
                    time.sleep(100)
                    os._exit(0)
                return pid
            mine = job()
            given, give = os.pipe()
            session = os.fork()
            if session == 0:
                os.close(give)
                os.read(given, 1)
                os.setsid()
                fcntl.ioctl(0, termios.TIOCSCTTY, 0)
                print('pids', os.getpid(), mine, job(), flush=True)
                time.sleep(100)
            fcntl.ioctl(0, termios.TIOCNOTTY)
            os.close(give)
            time.sleep(100)
            """;

    @TempDir
    Path folder;

    /** The pids of processes outside the test's session, killed after the test. */
    private final List<Long> started = new ArrayList<>();

    @AfterEach
    void endLeftovers() {
        started.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }

    @EachWay
    @Needs("python3")
    void theSessionThatHasTheTerminalIsEndedAndTheLeadersToo() throws Exception {
        Leaks.none(() -> {
            try (PtyProcess login = PtyProcess.start("python3", "-c", LOGIN)) {
                String[] words = login.inputReader().readLine().split(" ");
                List<Long> pids = List.of(login.pid(), Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]));
                started.addAll(pids.subList(1, pids.size()));
                assertEquals(words[1], Children.fields(Long.parseLong(words[3]))[3], "the session of the other's job");
                assertEquals(new SessionReport(List.of(), List.of()), login.terminateSession(Duration.ofMillis(200)));
                assertEquals(List.of(), pids.stream().filter(pid -> !Children.hasExited(pid)).toList());
            }
        });
    }

    /** The kernel no longer reports the session of the terminal, but the members started while it did. */
    @EachWay
    @Needs("python3")
    void theSessionThatHasTheTerminalIsEndedAfterTheExitOfTheProgramToo() throws Exception {
        try (PtyProcess login = PtyProcess.start("python3", "-c", LOGIN)) {
            String[] words = login.inputReader().readLine().split(" ");
            List<Long> others = List.of(Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]));
            started.addAll(others);
            login.destroyForcibly().waitFor();
            assertEquals(new SessionReport(List.of(), List.of()), login.terminateSession(Duration.ofMillis(200)));
            assertEquals(List.of(), others.stream().filter(pid -> !Children.hasExited(pid)).toList());
        }
    }

    @EachWay
    @Needs("setsid")
    void aHolderOfTheTerminalWhoseParentHasExitedIsReported() throws Exception {
        Leaks.none(() -> {
            try (Screen screen = new Screen(Programs.sh("(setsid sleep 100 & echo left=$!); read x"))) {
                long left = Long.parseLong(screen.awaitMatch("left=(\\d+)\r\n").group(1));
                started.add(left);
                awaitSleep(left);
                SessionReport report = screen.process().terminateSession(Duration.ofSeconds(20));
                assertEquals(new SessionReport(List.of(), List.of(new Member(left, "sleep"))), report);
                assertFalse(Children.hasExited(left));
                ProcessHandle.of(left).ifPresent(ProcessHandle::destroyForcibly);
            }
        });
    }

    /** Waits for the exec of sleep: by then the process has left the session. */
    private static void awaitSleep(long pid) throws Exception {
        Await.until("it sleeps", () -> Files.readString(Path.of("/proc/" + pid + "/comm")).equals("sleep\n"));
    }

    /** Another process has a file of the mount open: stat(2) of that descriptor would wait for the server. */
    @Test
    @Needs({"python3", "umount", "setsid"})
    void terminateSessionDoesNotTouchAMountThatDoesNotAnswer() throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/dev/fuse")), "needs /dev/fuse");
        try (DeadMount mount = new DeadMount(Files.createDirectory(folder.resolve("mount")))) {
            Tools.skipUnless(mount.isMade(), "the right to mount");
            try (PtyProcess process = Programs.sh("(setsid sleep 100 & echo $!); read x")) {
                long left = Long.parseLong(process.inputReader().readLine());
                started.add(left);
                awaitSleep(left);
                CompletableFuture<SessionReport> report = new CompletableFuture<>();
                Thread.ofPlatform().daemon().start(() -> {
                    try {
                        report.complete(process.terminateSession(Duration.ofMillis(200)));
                    } catch (Exception failed) {
                        report.completeExceptionally(failed);
                    }
                });
                SessionReport given = report.get(30, TimeUnit.SECONDS);
                assertEquals(List.of(), given.survivors());
                assertEquals(List.of(left), given.left().stream().map(Member::pid).toList());
                assertFalse(given.cutShort());
            }
        }
    }

    @Test
    @Needs({"strace", "setsid"})
    void descriptorsOfOthersThanTerminalsAreReadAsLinksAndOnlyAfterTheSignals() throws Exception {
        Path trace = folder.resolve("trace");
        new ForkedJvm(TracedSessionEnd.class)
                .by("strace", "-f", "--seccomp-bpf", "-qq", "-o", trace.toString(), "-e", "signal=none",
                        "-e", "trace=%%stat,openat,?readlink,readlinkat,pidfd_send_signal")
                .run();
        Pattern link = Pattern.compile("\"(/proc/[0-9]+/fd/[^\"]+)\"(, \"/dev/pts/\\d+\")?");
        Set<String> terminals = new HashSet<>();
        List<String> followed = new ArrayList<>();
        boolean signalled = false;
        int links = 0;
        try (BufferedReader lines = Files.newBufferedReader(trace, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                signalled |= line.contains("pidfd_send_signal(") && !line.contains(", 0, ");
                Matcher descriptor = link.matcher(line);
                if (!descriptor.find()) {
                    continue;
                }
                if (line.contains("readlink")) {
                    links++;
                    assertTrue(signalled, line);
                    if (descriptor.group(2) != null) {
                        terminals.add(descriptor.group(1));
                    }
                } else if (!terminals.contains(descriptor.group(1))) {
                    followed.add(line);
                }
            }
        }
        assertEquals(List.of(), followed);
        assertTrue(links > 0, "no descriptor was read");
    }

    @Test
    @Needs({"unshare", "mount", "setsid"})
    void aHolderOfATerminalOfAnotherDevptsWithTheSamePathIsNotReported() throws Exception {
        new ForkedJvm(TwoDevpts.class).by(Namespace.after(TwoDevpts.MOUNTS)).run();
    }

    /** Two programs on terminals of the same path, each of a devpts of its own. */
    public static final class TwoDevpts implements ForkedJvm.Body {

        static final String MOUNTS = "mount -t devpts devpts /dev/pts -o newinstance,ptmxmode=0666 && mount --bind /dev/pts/ptmx /dev/ptmx";

        @Override
        public void run(String[] arguments) throws Throwable {
            try (PtyProcess other = Programs.sh("read x")) {
                assertEquals(0, new ProcessBuilder("sh", "-c", MOUNTS).inheritIO().start().waitFor());
                try (PtyProcess process = Programs.sh("(setsid sleep 100 & echo $!); read x")) {
                    assertEquals(other.peer(), process.peer());
                    long left = Long.parseLong(process.inputReader().readLine());
                    awaitSleep(left);
                    SessionReport report = process.terminateSession(Duration.ofMillis(200));
                    ProcessHandle.of(left).ifPresent(ProcessHandle::destroyForcibly);
                    assertEquals(new SessionReport(List.of(), List.of(new Member(left, "sleep"))), report);
                }
            }
        }
    }

    @EachWay
    void manyAtOnceEndEachItsOwnSession() throws Exception {
        Leaks.none(() -> {
            List<PtyProcess> processes = new ArrayList<>();
            List<Long> jobs = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                PtyProcess process = Programs.sh("sh -c \"trap '' HUP TERM; echo \\$\\$; " + Programs.REST + "\" & wait");
                processes.add(process);
                jobs.add(Long.parseLong(process.inputReader().readLine()));
            }
            started.addAll(jobs);
            List<CompletableFuture<SessionReport>> reports = new ArrayList<>();
            for (PtyProcess process : processes) {
                CompletableFuture<SessionReport> report = new CompletableFuture<>();
                reports.add(report);
                Thread.ofVirtual().start(() -> {
                    try {
                        report.complete(process.terminateSession(Duration.ofMillis(300)));
                    } catch (Exception failed) {
                        report.completeExceptionally(failed);
                    }
                });
            }
            for (CompletableFuture<SessionReport> report : reports) {
                assertEquals(List.of(), report.get(60, TimeUnit.SECONDS).left());
            }
            for (long job : jobs) {
                Await.until(job + " has been killed", () -> Children.hasExited(job));
            }
            processes.forEach(PtyProcess::close);
        });
    }
}
