package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.ExitStatus.Signaled;
import dev.panpty.internal.sys.ProcessTable;
import dev.panpty.testing.Await;
import dev.panpty.testing.Descriptors;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.ErrorRecorder;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.OtherUser;
import dev.panpty.testing.OwnReactor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Consoles as IDEs have them: no controlling terminal, and standard error on a terminal of its own. */
@Timeout(60)
class ConsoleModeTest extends OwnReactor {

    private static final String LOOP = "echo ready; while :; do sleep 0.02; done";

    private static PtyProcessBuilder console(String script) {
        return new PtyProcessBuilder("sh", "-c", script).controllingTerminal(false);
    }

    private static PtyProcessBuilder twoTerminals(String script) {
        return console(script).stderr(StandardError.OWN_TERMINAL);
    }

    private static String all(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private static String line(PtyProcess process) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = process.getInputStream().read(); next != '\n' && next >= 0; next = process.getInputStream().read()) {
            line.append((char) next);
        }
        return line.toString().strip();
    }

    @EachWay
    void theProgramLeadsASessionWithoutAControllingTerminal() throws Exception {
        String script = "tty; (: </dev/tty) 2>/dev/null || echo none; read line </proc/$$/stat; echo $line; read x";
        try (PtyProcess process = console(script).start()) {
            assertEquals(process.ptsName(), line(process));
            assertEquals("none", line(process));
            String[] stat = line(process).replaceAll(".*\\) ", "").split(" "); // from the state on
            assertEquals(process.pid() + " " + process.pid() + " 0 -1", String.join(" ", stat[2], stat[3], stat[4], stat[5]));
            assertEquals(OptionalInt.empty(), process.foregroundProcessGroup());
            assertEquals(Optional.empty(), process.foregroundProcess());
        }
    }

    @EachWay
    void keysSignalTheGroupOfTheProgram() throws Exception {
        for (String name : List.of("INT", "QUIT", "TSTP", "USR1")) {
            try (PtyProcess process = console("trap 'echo got; exit 3' " + name + "; " + LOOP).start()) {
                assertEquals("ready", line(process));
                switch (name) {
                    case "INT" -> process.interrupt();
                    case "QUIT" -> process.quit();
                    case "TSTP" -> process.suspend();
                    default -> process.signalForeground(Signal.USR1);
                }
                String said = all(process.getInputStream());
                assertTrue(said.endsWith("got\r\n"), said);
                assertEquals(3, process.waitFor());
            }
        }
    }

    @EachWay
    void aKeyThatIsNoSignalIsTyped() throws Exception {
        TerminalAttributes keys = TerminalAttributes.raw();
        try (PtyProcess process = console("echo ready; head -c 1 | od -An -tx1").attributes(keys).start()) {
            assertEquals("ready", line(process));
            process.interrupt();
            assertEquals("03", line(process));
        }
    }

    @EachWay
    void aNewSizeSendsSigwinchAndTheSameSizeDoesNot() throws Exception {
        try (PtyProcess process = console("trap 'stty size; exit 4' WINCH; " + LOOP).start()) {
            assertEquals("ready", line(process));
            process.resize(WindowSize.DEFAULT);
            process.signalGroup(Signal.CONT);
            process.resize(new WindowSize(33, 44));
            assertEquals("33 44", line(process));
            assertEquals(4, process.waitFor());
        }
    }

    @EachWay
    void aProtocolsProgramIsSignalledToo() throws Exception {
        ErrorRecorder recorder = new ErrorRecorder();
        PtyProcess process = console("trap 'stty size' WINCH; trap 'exit 5' INT; " + LOOP).start(reactor, recorder);
        Await.until("the program is ready", () -> recorder.text().contains("ready"));
        process.resize(new WindowSize(33, 44));
        Await.until("the new size", () -> recorder.text().contains("33 44"));
        process.interrupt();
        recorder.awaitEnd().assertOrderly();
        assertEquals(new ExitStatus.Exited(5), recorder.exit());
    }

    private static boolean isGone(String pid) throws IOException {
        return ProcessTable.find(Integer.parseInt(pid)).filter(entry -> !entry.isZombie()).isEmpty();
    }

    /** Neither the program nor the other member of its group reads or writes, so a hang-up alone would end neither. */
    @EachWay
    void closeHangUpAndAbortEndTheGroup() throws Exception {
        Leaks.none(() -> {
            for (String ending : List.of("close", "hangUp", "abort")) {
                String pid;
                PtyProcess process = console("sleep 1000 & echo $!; exec sleep 1000").start();
                try (process) {
                    pid = line(process);
                    switch (ending) {
                        case "close" -> process.close();
                        case "hangUp" -> process.hangUp();
                        default -> process.abortConnection();
                    }
                    process.onEnd().get(PROMPTLY.toSeconds(), TimeUnit.SECONDS);
                }
                assertEquals(Signal.HUP, ((Signaled) process.exitStatus().orElseThrow()).signal(), ending);
                Await.until("the other process is gone after " + ending, () -> isGone(pid));
            }
        });
    }

    @EachWay
    void loseConnectionEndsAProgramThatDoesNotRead() throws Exception {
        ErrorRecorder recorder = new ErrorRecorder();
        PtyProcess process = console("echo ready; exec sleep 1000").start(reactor, recorder);
        Await.until("the program is ready", () -> recorder.text().contains("ready"));
        process.loseConnection();
        recorder.awaitEnd().assertOrderly();
        assertEquals(Signal.HUP, ((Signaled) recorder.exit()).signal());
    }

    @EachWay
    void destroySignalsTheProgramAlone() throws Exception {
        String pid;
        try (PtyProcess process = console("trap '' HUP; sleep 1000 & echo $!; wait").start()) {
            pid = line(process);
            process.destroy();
            process.waitFor();
            assertFalse(isGone(pid));
            assertEquals(0, new ProcessBuilder("kill", "-KILL", pid).start().waitFor());
        }
    }

    @EachWay
    void terminateSessionEndsTheSession() throws Exception {
        try (PtyProcess process = console("sleep 1000 & echo $!; exec sleep 1000").start()) {
            String pid = line(process);
            assertEquals(List.of(), process.terminateSession(Duration.ofSeconds(2)).survivors());
            Await.until("the other process is gone", () -> isGone(pid));
        }
    }

    @EachWay
    void errorsHaveATerminalOfTheirOwn() throws Exception {
        Leaks.none(() -> {
            try (PtyProcess process = twoTerminals("tty; tty <&2; echo err >&2; exit 3").windowSize(new WindowSize(33, 44)).start()) {
                String first = line(process);
                String second = line(process);
                assertEquals(process.ptsName(), first);
                assertTrue(second.startsWith("/dev/pts/"), second);
                assertNotEquals(first, second);
                assertEquals("err\r\n", all(process.getErrorStream()));
                assertEquals("", all(process.getInputStream()));
                assertEquals(3, process.waitFor());
            }
        });
    }

    @EachWay
    void aProtocolHearsErrorsOfTheirOwnTerminal() throws Exception {
        Leaks.none(() -> {
            ErrorRecorder recorder = new ErrorRecorder();
            twoTerminals("echo out; echo err >&2; exit 3").start(recorder);
            recorder.awaitEnd().assertOrderly();
            assertEquals("out\r\n", recorder.text());
            assertEquals("err\r\n", recorder.standardError());
            assertTrue(recorder.isStandardErrorLost());
        });
    }

    @EachWay
    void bothTerminalsHaveTheSizeAndTheAttributes() throws Exception {
        String sizes = "stty size; stty size <&2; ";
        try (PtyProcess process = twoTerminals("stty -g; stty -g <&2; " + sizes + "trap '" + sizes + "exit' WINCH; " + LOOP)
                .windowSize(new WindowSize(33, 44)).attributes(TerminalAttributes.cooked().withEcho(false)).start()) {
            assertEquals(line(process), line(process));
            assertEquals("33 44", line(process));
            assertEquals("33 44", line(process));
            assertEquals("ready", line(process));
            process.resize(new WindowSize(55, 66));
            assertEquals("55 66", line(process));
            assertEquals("55 66", line(process));
        }
    }

    @EachWay
    void theFirstTerminalMayControlTheProgram() throws Exception {
        PtyProcessBuilder builder = twoTerminals("echo in >/dev/tty; echo err >&2").controllingTerminal(true);
        try (PtyProcess process = builder.start()) {
            assertEquals("in\r\n", all(process.getInputStream()));
            assertEquals("err\r\n", all(process.getErrorStream()));
        }
    }

    @EachWay
    void megabytesOfBothArriveWhole() throws Exception {
        String script = "stty -opost; stty -opost <&2; yes 123456789 | head -c 1000000 & yes abcdefghi | head -c 1000000 >&2; wait";
        try (PtyProcess process = twoTerminals(script).start(); ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> errors = executor.submit(() -> all(process.getErrorStream()));
            assertEquals("123456789\n".repeat(100_000).hashCode(), all(process.getInputStream()).hashCode());
            assertEquals("abcdefghi\n".repeat(100_000).hashCode(), errors.get().hashCode());
        }
        ErrorRecorder recorder = new ErrorRecorder();
        twoTerminals(script).start(reactor, recorder);
        recorder.awaitEnd().assertOrderly();
        assertEquals(1_000_000, recorder.size());
        assertEquals("abcdefghi\n".repeat(100_000).hashCode(), recorder.standardError().hashCode());
    }

    @EachWay
    void errorsOfAShortProgramArriveWhole() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (PtyProcess process = twoTerminals("seq 1 500 >&2").start()) {
                process.waitFor();
                assertTrue(all(process.getErrorStream()).endsWith("\n500\r\n"));
            }
            ErrorRecorder recorder = new ErrorRecorder();
            twoTerminals("seq 1 500 >&2").start(reactor, recorder);
            recorder.awaitEnd();
            assertTrue(recorder.standardError().endsWith("\n500\r\n"));
        }
    }

    @EachWay
    void aFailedStartLeavesNoTerminal() throws Exception {
        Leaks.none(() -> {
            for (int i = 0; i < 20; i++) {
                assertThrows(SpawnException.class, () -> new PtyProcessBuilder("/nowhere").stderr(StandardError.OWN_TERMINAL).start());
            }
        });
    }

    @EachWay
    void nothingElseIsOpenInTheProgram() throws Exception {
        try (PtyProcess process = twoTerminals("echo ready; read x").start()) {
            assertEquals("ready", line(process)); // after the descriptors that a program opens and closes at its start
            assertEquals("[0, 1, 2]", Descriptors.of(process.pid()).keySet().toString());
        }
    }

    @Test
    void anotherUserCanOpenBothTerminals() throws Exception {
        OtherUser.require();
        PtyProcessBuilder builder = twoTerminals("echo out >$(tty); echo err >$(tty <&2)").user("nobody");
        try (PtyProcess process = builder.start()) {
            assertEquals("out\r\n", all(process.getInputStream()));
            assertEquals("err\r\n", all(process.getErrorStream()));
        }
    }
}
