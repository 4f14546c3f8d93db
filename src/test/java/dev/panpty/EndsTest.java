package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.Call;
import dev.panpty.testing.Children;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.Needs;
import dev.panpty.testing.Programs;
import dev.panpty.testing.ProtocolRecorder;
import dev.panpty.testing.Screen;
import dev.panpty.testing.Way;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each way to end a process: the signals that it sends, its time limit, and that it affects no other process. */
class EndsTest {

    /** The documented four grace times of a second each, and a margin for a busy machine. */
    private static final Duration BOUND = Duration.ofSeconds(6);

    @TempDir
    Path folder;

    @EachWay
    void destroyLeavesTheLastOutputToBeRead() throws Exception {
        try (Screen screen = new Screen(Programs.sh("trap 'echo bye; exit 3' TERM; echo ready; while :; do sleep 0.02; done"))) {
            screen.await("ready");
            screen.process().destroy();
            assertEquals(3, screen.awaitExit());
            assertEquals("ready\r\nbye\r\n", screen.text());
            assertEquals(new ExitStatus.Exited(3), screen.process().exitStatus().orElseThrow());
        }
    }

    @EachWay
    void aKillAndAnExitWithItsCodeAreDistinguished() throws Exception {
        try (PtyProcess killed = PtyProcess.start("cat"); PtyProcess exited = Programs.sh("exit 137")) {
            killed.destroyForcibly();
            assertEquals(137, killed.waitFor());
            assertEquals(137, exited.waitFor());
            assertEquals(new ExitStatus.Signaled(Signal.KILL, false), killed.exitStatus().orElseThrow());
            assertEquals(new ExitStatus.Exited(137), exited.exitStatus().orElseThrow());
        }
    }

    @EachWay
    @Timeout(120)
    void fourThreadsThatDestroyAroundTheExitHarmNoOtherProcess() throws Exception {
        Leaks.none(() -> {
            try (ExecutorService executor = Executors.newFixedThreadPool(4); PtyProcess bystander = PtyProcess.start("cat")) {
                for (int i = 0; i < Way.times(200); i++) {
                    PtyProcess process = PtyProcess.start("true");
                    CyclicBarrier barrier = new CyclicBarrier(4);
                    List<Future<?>> calls = new ArrayList<>();
                    for (int j = 0; j < 4; j++) {
                        boolean forcibly = j % 2 == 0;
                        calls.add(executor.submit(() -> {
                            barrier.await();
                            do {
                                if (forcibly) {
                                    process.destroyForcibly();
                                } else {
                                    process.destroy();
                                }
                            } while (process.isAlive());
                            process.destroy();
                            return null;
                        }));
                    }
                    for (Future<?> call : calls) {
                        call.get();
                    }
                    int value = process.waitFor();
                    assertTrue(value == 0 || value == 137 || value == 143, process::toString);
                    process.close();
                }
                assertTrue(bystander.isAlive());
            }
        });
    }

    @EachWay
    @Needs("strace")
    void afterTheReapNoSignalIsSentByAnyCall() throws Exception {
        Path trace = folder.resolve("trace");
        Path pids = folder.resolve("pids");
        new ForkedJvm(SignalsAfterTheReap.class)
                .by("strace", "-f", "--seccomp-bpf", "-qq", "-o", trace.toString(), "-e", "trace=kill,tkill,tgkill,pidfd_send_signal,ioctl", "-e", "signal=none")
                .arguments(pids.toString()).run();
        List<String> ended = Files.readAllLines(pids);
        assertEquals(2, ended.size());
        List<String> calls = Files.readAllLines(trace);
        String marker = calls.stream().filter(line -> line.contains("TIOCSWINSZ") && line.contains("ws_row=4242")).findFirst().orElseThrow();
        List<String> after = calls.subList(calls.indexOf(marker), calls.size());
        for (String pid : ended) {
            assertTrue(after.stream().noneMatch(line -> line.matches(".* (kill|tkill|tgkill)\\(-?" + pid + ",.*")), () -> pid + " in " + after);
        }
        assertTrue(after.stream().noneMatch(line -> line.contains("pidfd_send_signal(") || line.contains("TIOCSIG")), after::toString);
        assertTrue(calls.stream().anyMatch(line -> line.contains("pidfd_send_signal(")), "the trace has no signal at all");
    }

    /** Every call that sends a signal, after both processes are reaped; a window size marks the time in the trace. */
    public static final class SignalsAfterTheReap implements ForkedJvm.Body {

        @Override
        public void run(String[] arguments) throws Throwable {
            PtyProcess killed = PtyProcess.start("cat");
            killed.destroyForcibly().waitFor();
            killed.onEnd().get();
            PtyProcess exited = PtyProcess.start("true");
            exited.waitFor();
            exited.onEnd().get();
            Files.write(Path.of(arguments[0]), List.of(killed.pid() + "", exited.pid() + ""));
            try (Pty marker = Pty.open()) {
                marker.resize(new WindowSize(4242, 1));
            }
            for (PtyProcess process : List.of(killed, exited)) {
                process.destroy();
                process.destroyForcibly();
                for (Call call : List.<Call>of(() -> process.signal(Signal.TERM), () -> process.signalGroup(Signal.TERM),
                        () -> process.signalForeground(Signal.TERM), () -> process.signalProcess("KILL"), process::interrupt,
                        process::quit, process::suspend, process::sendEndOfFile, () -> process.toHandle().destroy())) {
                    try {
                        call.run();
                    } catch (IOException refused) {
                        // expected of most calls
                    }
                }
                process.terminateSession(Duration.ofMillis(20));
                process.hangUp();
                process.abortConnection();
                process.close();
            }
        }

        private interface Call {
            void run() throws Exception;
        }
    }

    private static Duration timeOf(AutoCloseable block) throws Exception {
        long start = System.nanoTime();
        block.close();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static void assertGone(long pid) {
        assertEquals(0, Children.fields(pid).length, () -> pid + " is there: " + List.of(Children.fields(pid)));
    }

    @EachWay
    @Needs("bash")
    void aBlockAroundAnIdleShellEndsAtOnceAndTheShellIsGone() throws Exception {
        Leaks.none(() -> {
            Screen screen = new Screen(PtyProcess.start("bash", "--norc", "-i"));
            try (screen) {
                screen.type("echo idl\"\"ing\n").await("idling");
                Duration took = timeOf(screen); // as the end of the try block does
                assertTrue(took.compareTo(BOUND) < 0, took::toString);
            }
            assertGone(screen.process().pid());
        });
    }

    @Test
    void aBlockAroundOneThatIgnoresHangUpAndTerminationEndsWithinTheBound() throws Exception {
        Leaks.none(() -> {
            PtyProcess process = Programs.sh("trap '' HUP TERM; echo ready; " + Programs.REST);
            Duration took = timeOf(() -> {
                try (process) {
                    assertEquals("ready", process.inputReader().readLine());
                }
            });
            process.waitFor(); // killed by now; the reap follows a moment later
            assertGone(process.pid());
            assertTrue(took.compareTo(BOUND) < 0, took::toString);
        });
    }

    @EachWay
    void aBlockWhoseBodyThrowsEndsTheProcessAndThrowsWhatTheBodyThrew() throws Exception {
        Leaks.none(() -> {
            long[] pid = new long[1];
            IllegalStateException thrown = assertThrows(IllegalStateException.class, () -> {
                try (PtyProcess process = PtyProcess.start("cat")) {
                    pid[0] = process.pid();
                    throw new IllegalStateException("the body's");
                }
            });
            assertEquals("the body's", thrown.getMessage());
            assertEquals(0, thrown.getSuppressed().length);
            assertGone(pid[0]);
        });
    }

    @EachWay
    void aCallerThatHoldsTheMonitorOfTheProcessIsNotDeadlocked() throws Exception {
        Leaks.none(() -> {
            PtyProcess process = PtyProcess.start("cat");
            synchronized (process) {
                process.getOutputStream().write("x\n".getBytes(StandardCharsets.US_ASCII));
                assertEquals("x", process.inputReader().readLine());
                process.close();
                process.waitFor();
                process.onEnd().get();
            }
            assertGone(process.pid());
        });
    }

    @Test
    void processesAliveWhenTheJvmExitsAreHungUp() throws Exception {
        Path streams = folder.resolve("streams");
        Path events = folder.resolve("events");
        new ForkedJvm(LeavesProcesses.class).arguments(streams.toString(), events.toString()).run();
        Await.until("both got SIGHUP", () -> Files.exists(streams) && Files.exists(events));
    }

    /** Starts two processes, one in each style, and returns. */
    public static final class LeavesProcesses implements ForkedJvm.Body {

        @Override
        public void run(String[] arguments) throws Throwable {
            String script = "trap ': >\"$0\"; exit' HUP; echo ready; while :; do sleep 0.02; done";
            PtyProcess process = PtyProcess.start("sh", "-c", script, arguments[0]);
            if (!process.inputReader().readLine().equals("ready")) {
                throw new AssertionError("not ready");
            }
            CountDownLatch ready = new CountDownLatch(1);
            new PtyProcessBuilder("sh", "-c", script, arguments[1]).start(new ProcessProtocol() {
                @Override
                public void outReceived(ByteBuffer data) {
                    ready.countDown();
                }
            });
            ready.await();
        }
    }

    @EachWay
    void abortingEndsTheConnectionAtOnce() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = new PtyProcessBuilder("sh", "-c", "stty raw -echo; echo ready; exec sleep 1000").start(recorder);
        recorder.awaitOutput("ready");
        process.write(new byte[100_000]);
        process.abortConnection();
        recorder.awaitEnd().assertOrderly();
        assertEquals(new ExitStatus.Signaled(Signal.HUP, false), recorder.exit());
        assertTrue(process.unwrittenBytes() > 0);
    }
}
