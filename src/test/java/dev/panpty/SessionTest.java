package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.SessionReport.Member;
import dev.panpty.testing.Await;
import dev.panpty.testing.Children;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.Needs;
import dev.panpty.testing.Programs;
import dev.panpty.testing.ProtocolRecorder;
import dev.panpty.testing.Screen;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** terminateSession: it ends every process of the session, and reports those that have left it. */
class SessionTest {

    private static final String STUBBORN = "trap '' HUP TERM; echo $$; " + Programs.REST;

    /** The pids of processes outside the test's session, killed after the test. */
    private final List<Long> started = new ArrayList<>();

    @AfterEach
    void endLeftovers() {
        started.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }

    /** Members of a session that are alive. */
    private static List<Long> session(long leader) {
        return ProcessHandle.allProcesses().map(ProcessHandle::pid)
                .filter(pid -> !Children.hasExited(pid) && Children.fields(pid).length > 3 && Children.fields(pid)[3].equals(Long.toString(leader)))
                .toList();
    }

    /** A member whose main thread has ended has the state of a zombie, but its other threads run. */
    @EachWay
    @Needs({"sh", "python3"})
    void aMemberWhoseMainThreadHasEndedIsEndedToo() throws Exception {
        String script = "import ctypes, threading, time\n"
                + "def rest():\n"
                + "    print('job=%d' % __import__('os').getpid(), flush=True)\n"
                + "    time.sleep(60)\n"
                + "threading.Thread(target=rest).start()\n"
                + "ctypes.CDLL(None).syscall(60 if __import__('platform').machine() == 'x86_64' else 93, 0)\n"; // exit(2), not exit_group(2)
        Leaks.none(() -> {
            Screen screen = new Screen(PtyProcess.start("sh", "-c", "trap '' HUP TERM; python3 -c \"" + script + "\" & sleep 60"));
            long pid = Long.parseLong(screen.awaitMatch("job=(\\d+)\r\n").group(1));
            Await.until("its main thread has ended", () -> Children.fields(pid)[0].equals("Z"));
            assertEquals(List.of(), screen.process().terminateSession(Duration.ofSeconds(1)).survivors());
            Await.until("its other thread has ended", () -> Children.threads(pid) <= 1);
        });
    }

    private long job(Screen screen, String command) throws Exception {
        screen.type(command + "\n");
        long pid = Long.parseLong(screen.awaitMatch("job=(\\d+)\r\n").group(1));
        started.add(pid);
        return pid;
    }

    @EachWay
    @Needs({"bash", "setsid"})
    void nothingOfAnInteractiveShellsSessionIsLeftAndProcessesThatLeftItAreReported() throws Exception {
        Leaks.none(() -> {
            Screen screen = new Screen(PtyProcess.start("bash", "--norc", "-i"));
            PtyProcess shell = screen.process();
            long stubborn = job(screen, "sh -c \"trap '' HUP TERM; echo jo\"\"b=\\$\\$; " + Programs.REST + "\" &");
            long left = job(screen, "setsid sh -c 'echo jo\"\"b=$$; exec sleep 101' &");
            Await.until("it sleeps", () -> Files.readString(Path.of("/proc/" + left + "/comm")).equals("sleep\n"));
            long stopped = job(screen, "sh -c 'echo jo\"\"b=$$; kill -STOP $$; exec sleep 1002' &");
            Await.until("stopped", () -> Children.fields(stopped)[0].equals("T"));
            long front = job(screen, "sh -c 'echo jo\"\"b=$$; exec sleep 1003' | cat");
            Await.until("the pipeline has the foreground", () -> shell.foregroundProcessGroup().orElse(0) != shell.pid());

            long start = System.nanoTime();
            SessionReport report = shell.terminateSession(Duration.ofMillis(700));
            Duration took = Duration.ofNanos(System.nanoTime() - start);

            assertEquals(List.of(), report.survivors());
            assertEquals(List.of(new Member(left, "sleep")), report.left());
            assertFalse(Children.hasExited(left));
            for (long gone : new long[] {stubborn, stopped, front}) {
                assertTrue(Children.hasExited(gone), () -> gone + " is left of " + List.of(stubborn, stopped, front));
            }
            assertEquals(List.of(), session(shell.pid()));
            assertTrue(took.compareTo(Duration.ofSeconds(20)) < 0, took::toString);
            ProcessHandle.of(left).ifPresent(ProcessHandle::destroyForcibly);
            assertTrue(shell.waitFor(Duration.ofSeconds(20)));
            shell.close();
        });
    }

    @EachWay
    void aBackgroundJobThatIgnoresBothSignalsIsKilledThoughTheLeaderEndedAtOnce() throws Exception {
        try (Screen screen = new Screen(Programs.sh("sh -c \"trap '' HUP TERM; echo job=\\$\\$; " + Programs.REST + "\" & wait"))) {
            long stubborn = Long.parseLong(screen.awaitMatch("job=(\\d+)\r\n").group(1));
            started.add(stubborn);
            SessionReport report = screen.process().terminateSession(Duration.ofMillis(400));
            assertEquals(List.of(), report.survivors());
            assertTrue(Children.hasExited(stubborn));
        }
    }

    @EachWay
    void afterTheExitOfTheLeaderTheOthersAreStillEnded() throws Exception {
        try (PtyProcess process = Programs.sh("trap '' HUP; sleep 100 & echo $!; exit 0")) {
            long holder = Long.parseLong(process.inputReader().readLine());
            started.add(holder);
            process.waitFor();
            SessionReport report = process.terminateSession(Duration.ofMillis(400));
            assertEquals(List.of(), report.survivors());
            assertTrue(Children.hasExited(holder), () -> "survived, and the report is " + report);
        }
    }

    @EachWay
    void theCallDoesNotWaitOnceAllHaveEndedAtTheFirstSignal() throws Exception {
        try (PtyProcess process = PtyProcess.start("cat")) {
            long start = System.nanoTime();
            SessionReport report = process.terminateSession(Duration.ofSeconds(20));
            assertEquals(new SessionReport(List.of(), List.of()), report);
            assertTrue(System.nanoTime() - start < Duration.ofSeconds(8).toNanos());
            assertTrue(process.waitFor(Duration.ofSeconds(20)));
            assertEquals(new ExitStatus.Signaled(Signal.HUP, false), process.exitStatus().orElseThrow());
        }
    }

    @EachWay
    void aStubbornLeaderIsKilledAfterTheGraceTime() throws Exception {
        try (PtyProcess process = Programs.sh(STUBBORN)) {
            process.inputReader().readLine();
            long start = System.nanoTime();
            assertEquals(List.of(), process.terminateSession(Duration.ofMillis(300)).survivors());
            assertTrue(System.nanoTime() - start >= Duration.ofMillis(300).toNanos());
            assertEquals(137, process.waitFor());
        }
    }

    @EachWay
    void theLastOutputCanBeRead() throws Exception {
        try (Screen screen = new Screen(Programs.sh("trap 'echo last output; exit 3' HUP; echo ready; while :; do sleep 0.02; done"))) {
            screen.await("ready");
            screen.process().terminateSession(Duration.ofSeconds(20));
            screen.await("last output");
            assertEquals(3, screen.awaitExit());
        }
    }

    @Test
    void terminateSessionWorksInEventStyleAndTwice() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = new PtyProcessBuilder("cat").start(recorder);
        process.terminateSession(Duration.ofSeconds(2));
        recorder.awaitEnd().assertOrderly();
        assertEquals(new SessionReport(List.of(), List.of()), process.terminateSession(Duration.ofSeconds(2)));
    }

    @Test
    void terminateSessionCanBeInterrupted() throws Exception {
        try (PtyProcess process = Programs.sh(STUBBORN)) {
            process.inputReader().readLine();
            Thread test = Thread.currentThread();
            Thread.ofVirtual().start(() -> {
                try {
                    Await.blocked(test);
                } catch (Exception failed) {
                    throw new AssertionError(failed);
                }
                test.interrupt();
            });
            assertThrows(InterruptedException.class, () -> process.terminateSession(Duration.ofSeconds(60)));
            process.destroyForcibly();
        }
    }

    @Test
    void anInterruptBeforeTerminateSessionThrows() throws Exception {
        try (PtyProcess process = PtyProcess.start("cat")) {
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> process.terminateSession(Duration.ofSeconds(60)));
            assertFalse(Thread.interrupted());
            assertTrue(process.isAlive());
        }
    }

    @Test
    void withoutGraceEverythingIsKilledAtOnce() throws Exception {
        try (PtyProcess process = Programs.sh(STUBBORN)) {
            process.inputReader().readLine();
            assertEquals(List.of(), process.terminateSession(Duration.ZERO).survivors());
            assertEquals(137, process.waitFor());
        }
    }

    @EachWay
    void aHolderOfAReusedTerminalNumberHasNotLeftTheSession() throws Exception {
        Leaks.none(() -> {
            Await.until("another terminal has the number", () -> {
                PtyProcess ended = PtyProcess.start("true");
                ended.onEnd().join();
                try (PtyProcess other = PtyProcess.start("cat")) {
                    if (!other.ptsName().equals(ended.ptsName())) {
                        return false; // another process on this machine has the number: retry
                    }
                    assertEquals(new SessionReport(List.of(), List.of()), ended.terminateSession(Duration.ZERO));
                    return true;
                }
            });
        });
    }
}
