package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.TerminalAttributes.InputFlag;
import dev.panpty.testing.Await;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.Needs;
import dev.panpty.testing.Programs;
import dev.panpty.testing.ProtocolRecorder;
import dev.panpty.testing.Screen;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Output that a key or tcflow(3) stops, and that signal keys, resumeOutput or VSTART start again. */
class StoppedOutputTest {

    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(100);
    /** Prints a counter, a line every few milliseconds, and reads nothing. */
    private static final String COUNT = "stty -echo; trap : INT; echo ready; i=0; while :; do i=$((i+1)); echo line $i; sleep 0.005; done";
    private static final int PRESSES = 300;
    private static final int BLOCKS = 6;
    private static final int BLOCK_BYTES = 800_000;

    private static Screen bash() throws Exception {
        Screen screen = new Screen(new PtyProcessBuilder("bash", "--norc", "--noprofile", "-i").start());
        screen.type("PS1='prompt> '\n").await("prompt> ").await("prompt> ");
        return screen;
    }

    private static Screen counting() throws Exception {
        return new Screen(Programs.sh(COUNT)).await("line 3");
    }

    private static boolean goesOn(Screen screen, Duration time) throws Exception {
        int before = screen.text().length();
        return Await.within(time, () -> screen.text().length() > before);
    }

    /** Waits until the output in flight has arrived. */
    private static void awaitStop(Screen screen) throws Exception {
        Await.until("output stops", () -> !goesOn(screen, SHORT));
    }

    /** Starts a command that writes without end, and stops its output by a key. */
    private static void stopEndless(Screen screen, String command) throws Exception {
        screen.type(command + "\n").await("y\r\ny\r\n");
        screen.type("\23");
        awaitStop(screen);
    }

    private static void assertAnInterruptBringsThePromptBackAfter(String endless) throws Exception {
        try (Screen screen = bash()) {
            stopEndless(screen, endless);
            screen.process().interrupt();
            screen.await("prompt> ");
        }
    }

    private static void assertStopped(Screen screen) throws Exception {
        assertFalse(goesOn(screen, SHORT), screen::text);
    }

    private static void assertGoesOn(Screen screen) throws Exception {
        assertTrue(goesOn(screen, LONG), screen::text);
    }

    @EachWay
    @Needs("bash")
    void anInterruptBringsThePromptBackAfterATypedStop() throws Exception {
        assertAnInterruptBringsThePromptBackAfter("yes");
    }

    @EachWay
    @Needs("bash")
    void quitAndSuspendBringThePromptBackToo() throws Exception {
        try (Screen screen = bash()) {
            stopEndless(screen, "yes");
            screen.process().suspend();
            screen.await("Stopped").await("prompt> ");
            stopEndless(screen, "fg");
            screen.process().quit();
            screen.await("prompt> ");
        }
    }

    @EachWay
    @Needs("bash")
    void inEventStyleAnInterruptBringsThePromptBack() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        try (PtyProcess process = new PtyProcessBuilder("bash", "--norc", "--noprofile", "-i").start(recorder)) {
            process.write(ascii("PS1='>>'; sh -c 'echo run\"\"ning; exec sleep 1000'\n"));
            recorder.awaitOutput("running");
            process.write(ascii("\23"));
            process.interrupt();
            recorder.awaitOutput(">>");
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    @Needs("bash")
    void withoutAStartCharacterAnInterruptStartsOutputToo() throws Exception {
        assertAnInterruptBringsThePromptBackAfter("stty start undef; yes");
    }

    @EachWay
    @Needs("bash")
    void theKeyIsEchoedAsTheTerminalWould() throws Exception {
        try (Screen screen = bash()) {
            PtyProcess shell = screen.process();
            for (List<String> one : List.of(List.of("echo echoctl", "^C"), List.of("echo -echoctl", "\3"), List.of("-echo", ""),
                    List.of("echo echoctl intr x", "x"))) {
                screen.type("stty " + one.get(0) + "; sh -c 'echo run\"\"ning; exec sleep 1000'\n").await("running\r\n");
                Await.until("sleep has the foreground", () -> shell.foregroundProcess()
                        .filter(front -> front.command().equals(List.of("sleep", "1000"))).isPresent());
                int before = screen.text().length();
                shell.interrupt();
                screen.await("prompt> ");
                String said = screen.text().substring(before);
                assertTrue(said.matches("(?s)" + Pattern.quote(one.get(1)) + "\\s*(\\e\\[\\?2004h)?prompt> .*"), said);
            }
        }
    }

    @EachWay
    @Timeout(60)
    void interruptsWhileAProgramWritesCostNoOutput() throws Exception {
        try (PtyProcess process = Programs.sh("trap '' INT; stty -echo; printf R; i=0; "
                + "while [ $i -lt " + BLOCKS + " ]; do seq 100000 199999; i=$((i+1)); done")) {
            assertEquals('R', process.getInputStream().read());
            Thread presser = Thread.ofPlatform().start(() -> {
                try {
                    for (int i = 0; i < PRESSES; i++) {
                        process.interrupt();
                    }
                } catch (IOException over) {
                    // the program has exited first
                }
            });
            byte[] output = process.getInputStream().readAllBytes();
            presser.join();
            assertEquals(BLOCKS * BLOCK_BYTES, output.length);
        }
    }

    @EachWay
    void resumeOutputStartsWhatATypedStopHasStopped() throws Exception {
        try (Screen screen = counting()) {
            screen.type("\23");
            awaitStop(screen);
            screen.process().resumeOutput();
            assertGoesOn(screen);
        }
    }

    @EachWay
    void resumeOutputUndoesBothStopsAtOnce() throws Exception {
        try (Screen screen = counting()) {
            screen.type("\23");
            screen.process().stopOutput();
            screen.type("\23");
            awaitStop(screen);
            screen.process().resumeOutput();
            assertGoesOn(screen);
        }
    }

    @EachWay
    @Needs("python3")
    void resumeOutputUndoesAProgramsOwnTcflow() throws Exception {
        try (Screen screen = new Screen(PtyProcess.start("python3", "-c",
                "import signal, termios\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nprint('ready', flush=True); termios.tcflow(0, termios.TCOOFF); print('later', flush=True); input()"))) {
            screen.await("ready\r\n");
            assertStopped(screen);
            screen.process().interrupt();
            assertStopped(screen); // no key undoes it
            screen.process().resumeOutput();
            screen.await("later");
        }
    }

    @EachWay
    void noSignalKeyUndoesOurStop() throws Exception {
        try (Screen screen = counting()) {
            screen.process().stopOutput();
            awaitStop(screen);
            screen.process().interrupt();
            screen.type("\3");
            assertStopped(screen);
            screen.process().resumeOutput();
            assertGoesOn(screen);
        }
    }

    @EachWay
    void aTypedStartUndoesOurStop() throws Exception {
        try (Screen screen = counting()) {
            screen.process().stopOutput();
            awaitStop(screen);
            screen.type("something else\n");
            assertStopped(screen);
            screen.process().getOutputStream().write('\21');
            assertGoesOn(screen);
        }
    }

    @Test
    void aStopTypedBehindTheStartStopsOutputAgain() throws Exception {
        try (Screen screen = counting()) {
            screen.process().stopOutput();
            awaitStop(screen);
            screen.type("x\21y\23z");
            awaitStop(screen);
            screen.type("\21");
            assertGoesOn(screen);
        }
    }

    @EachWay
    void inEventStyleATypedStartUndoesOurStop() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        try (PtyProcess process = new PtyProcessBuilder("sh", "-c", COUNT).start(recorder)) {
            recorder.awaitOutput("line 3");
            process.stopOutput();
            int[] before = new int[1];
            Await.until("output stops", () -> {
                before[0] = recorder.text().length();
                return !Await.within(SHORT, () -> recorder.text().length() > before[0]);
            });
            process.write(ascii("\21"));
            Await.until("output goes on", () -> recorder.text().length() > before[0]);
        }
    }

    @Test
    void outputIsStartedOnlyByAKeyThatTheModeAllows() throws Exception {
        try (Screen screen = counting()) {
            PtyProcess process = screen.process();
            process.attributes(process.attributes().with(InputFlag.IXON, false));
            process.stopOutput();
            awaitStop(screen);
            screen.type("\21");
            assertStopped(screen);
            process.attributes(process.attributes().with(InputFlag.IXON, true).with(InputFlag.IXANY, true));
            screen.type("\23");
            assertStopped(screen);
            screen.type("x");
            assertGoesOn(screen);
        }
    }
}
