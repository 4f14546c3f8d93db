package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.TerminalControl.ForegroundProcess;
import dev.panpty.testing.Await;
import dev.panpty.testing.Children;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.Needs;
import dev.panpty.testing.Programs;
import dev.panpty.testing.ProtocolRecorder;
import dev.panpty.testing.Screen;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Queries and controls of a live terminal, other than bytes, attributes, size and signals. */
class ControlTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(50);

    @TempDir
    Path folder;

    @EachWay
    void ptsNameIsWhatTheProgramCallsItsTerminal() throws Exception {
        try (PtyProcess process = Programs.sh("tty; read x")) {
            assertEquals(process.ptsName(), process.inputReader().readLine());
        }
    }

    @EachWay
    void theProgramsOwnGroupHasTheForegroundFromItsStart() throws Exception {
        try (PtyProcess process = PtyProcess.start("cat")) {
            assertEquals(OptionalInt.of((int) process.pid()), process.foregroundProcessGroup());
            assertEquals(process.pid(), process.foregroundProcess().orElseThrow().pid());
            Await.until("its command is seen", () -> command(process).equals(List.of("cat"))); // the kernel sets it after the exec
        }
    }

    @EachWay
    @Needs("bash")
    void theForegroundProcessIsTheShellsJobWhileItRuns() throws Exception {
        Path directory = folder.toRealPath();
        try (Screen screen = new Screen(new PtyProcessBuilder("bash", "--norc", "-i").start())) {
            PtyProcess shell = screen.process();
            screen.type("cd " + directory + "; sh -c 'echo run\"\"ning; exec sleep 1234'; echo ba\"\"ck\n").await("running");
            Await.until("sleep has the foreground", () -> command(shell).equals(List.of("sleep", "1234")));
            ForegroundProcess front = shell.foregroundProcess().orElseThrow();
            assertEquals(Optional.of(directory), front.directory());
            assertEquals(front.pid(), shell.foregroundProcessGroup().orElseThrow());
            assertTrue(shell.children().anyMatch(child -> child.pid() == front.pid()));
            shell.signalForeground(Signal.KILL);
            screen.await("back");
            Await.until("the shell has it again", () -> command(shell).equals(List.of("bash", "--norc", "-i")));
        }
    }

    private static List<String> command(PtyProcess process) throws IOException {
        return process.foregroundProcess().map(ForegroundProcess::command).orElse(List.of());
    }

    @EachWay
    @Needs("bash")
    void aForegroundGroupWithoutItsLeaderIsSeenByAMember() throws Exception {
        try (Screen screen = new Screen(PtyProcess.start("bash", "--norc", "-i"))) {
            screen.type("true | sh -c 'echo run\"\"ning; exec sleep 1235'\n").await("running");
            Await.until("sleep is what is seen", () -> command(screen.process()).equals(List.of("sleep", "1235")));
        }
    }

    @Test
    void afterTheExitThereIsNoForeground() throws Exception {
        try (PtyProcess process = Programs.sh("trap '' HUP; sleep 100 & echo $!; exit 0")) {
            long holder = Long.parseLong(process.inputReader().readLine());
            process.waitFor();
            try {
                assertEquals(OptionalInt.empty(), process.foregroundProcessGroup());
                assertEquals(Optional.empty(), process.foregroundProcess());
                assertThrows(ProcessExitedException.class, () -> process.signalForeground(Signal.HUP));
            } finally {
                ProcessHandle.of(holder).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }

    @EachWay
    void echoIsAwaitedBothWays() throws Exception {
        try (PtyProcess process = Programs.sh("read a; stty -echo; read b; stty echo; read c")) {
            assertTrue(process.awaitEcho(true, LONG));
            assertFalse(process.awaitEcho(false, SHORT));
            process.getOutputStream().write('\n');
            assertTrue(process.awaitEcho(false, LONG));
            assertFalse(process.awaitEcho(true, SHORT));
            process.getOutputStream().write('\n');
            assertTrue(process.awaitEcho(true, LONG));
        }
    }

    @Test
    void awaitingReturnsFalseSoonAfterTheExit() throws Exception {
        Leaks.none(() -> {
            for (int i = 0; i < 100; i++) {
                try (PtyProcess process = PtyProcess.start("true")) {
                    assertFalse(process.awaitEcho(false, LONG));
                    assertFalse(process.awaitPasswordPrompt(LONG));
                }
            }
        });
    }

    @Test
    void awaitingCanBeInterrupted() throws Exception {
        try (PtyProcess process = PtyProcess.start("cat")) {
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> process.awaitPasswordPrompt(LONG));
        }
    }

    @EachWay
    @Needs("python3")
    void getpassIsAPasswordPrompt() throws Exception {
        passwordIsAskedFor(new PtyProcessBuilder("python3", "-c", "import getpass; print('got ' + getpass.getpass())"));
    }

    @EachWay
    @Needs("bash")
    void readWithoutEchoIsAPasswordPrompt() throws Exception {
        passwordIsAskedFor(new PtyProcessBuilder("bash", "-c", "read -s -p 'Password: ' x; echo; echo got $x"));
    }

    private static void passwordIsAskedFor(PtyProcessBuilder builder) throws Exception {
        try (Screen screen = new Screen(builder.start())) {
            assertTrue(screen.process().awaitPasswordPrompt(LONG));
            screen.await("assword: ");
            screen.type("secret\n").await("got secret");
            assertEquals(1, screen.text().split("secret", -1).length - 1, screen::text);
        }
    }

    @Test
    @Needs("bash")
    void aLineEditorIsNoPasswordPrompt() throws Exception {
        try (Screen screen = new Screen(PtyProcess.start("bash", "--norc", "-i"))) {
            assertTrue(screen.process().awaitEcho(false, LONG));
            assertFalse(screen.process().awaitPasswordPrompt(SHORT));
        }
    }

    @EachWay
    void stoppedOutputIsHeldBackUntilItIsResumed() throws Exception {
        try (Screen screen = new Screen(Programs.sh("stty -echo; echo ready; read x; echo one; read x"))) {
            screen.await("ready\r\n");
            screen.process().stopOutput();
            screen.type("\n");
            Await.until("the program is stuck in writing", () -> Programs.output("cat", "/proc/" + screen.process().pid() + "/wchan")
                    .matches(".*(tty|wait_woken).*") || !screen.text().endsWith("ready\r\n"));
            assertTrue(screen.text().endsWith("ready\r\n"), screen::text);
            screen.process().resumeOutput();
            screen.await("one");
        }
    }

    @EachWay
    void aHangUpReachesTheProgramAndEndsTheTerminal() throws Exception {
        Leaks.none(() -> {
            PtyProcess process = PtyProcess.start("sleep", "1000"); // a program that reads may get the end of its input before the signal
            process.hangUp();
            assertTrue(process.waitFor(LONG));
            assertEquals(new ExitStatus.Signaled(Signal.HUP, false), process.exitStatus().orElseThrow());
            assertEquals(-1, process.getInputStream().read());
            process.onEnd().get();
        });
    }

    @EachWay
    void aHangUpReachesTheForegroundGroup() throws Exception {
        PtyProcess process = Programs.sh("sh -c 'echo $$; exec sleep 1000'; exit 3");
        long job = Long.parseLong(process.inputReader().readLine());
        process.hangUp();
        Await.until("the job has ended", () -> Children.hasExited(job));
        process.close();
    }

    @Test
    void hangingUpIsIdempotentAndHarmlessAfterTheEnd() throws Exception {
        PtyProcess process = PtyProcess.start("true");
        process.onEnd().get();
        process.hangUp();
        process.hangUp();
        assertEquals(0, process.exitValue());
    }

    @Test
    void onceTheTerminalIsClosedEveryCallSaysSo() throws Exception {
        PtyProcess process = PtyProcess.start("cat");
        String name = process.ptsName();
        process.close();
        assertEquals(name, process.ptsName());
        for (Executable call : List.<Executable>of(
                process::attributes, () -> process.attributes(TerminalAttributes.raw()), process::foregroundProcessGroup,
                process::foregroundProcess, process::stopOutput, process::resumeOutput)) {
            Exception refused = assertThrows(IOException.class, call);
            assertTrue(refused.getMessage().contains("closed") && refused.getMessage().contains("pts "), refused::getMessage);
        }
    }

    @Test
    void onAReactorsThreadCallsThatWaitAreRefused() throws Exception {
        List<Class<?>> refusals = new ArrayList<>();
        ProtocolRecorder recorder = new ProtocolRecorder() {
            @Override
            public void connectionMade(ProcessTransport transport) {
                super.connectionMade(transport);
                PtyProcess process = (PtyProcess) transport;
                for (Executable call : List.<Executable>of(
                        () -> process.awaitEcho(false, LONG), () -> process.awaitPasswordPrompt(LONG),
                        () -> process.terminateSession(LONG), process::close)) {
                    refusals.add(assertThrows(IllegalStateException.class, call).getClass());
                }
                transport.abortConnection();
            }
        };
        new PtyProcessBuilder("cat").start(recorder);
        recorder.awaitEnd();
        assertEquals(List.of(), recorder.errors());
        assertEquals(4, refusals.size());
    }

    @Test
    void inEventStyleTheTerminalIsControlledAsWell() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        try (PtyProcess process = new PtyProcessBuilder("sh", "-c", "stty -echo; echo ready; read x; stty -a; read y").start(recorder)) {
            recorder.awaitOutput("ready");
            assertTrue(process.awaitPasswordPrompt(LONG));
            process.attributes(process.attributes().with(TerminalAttributes.LocalFlag.TOSTOP, true));
            process.write("\n".getBytes(StandardCharsets.US_ASCII));
            recorder.awaitOutput(" tostop ");
            assertTrue(process.foregroundProcessGroup().isPresent());
        }
    }
}
