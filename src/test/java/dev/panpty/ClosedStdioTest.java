package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.Call;
import dev.panpty.testing.Descriptors;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.OwnReactor;
import dev.panpty.testing.Programs;
import dev.panpty.testing.ProtocolRecorder;
import dev.panpty.testing.Threads;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that closes its standard input, output and error and runs on: it keeps its controlling terminal, and may open it again. */
class ClosedStdioTest extends OwnReactor {

    @TempDir
    Path folder;

    /** Returns when the child is blocked in a write and its pending output no longer changes. */
    private static void awaitSettled(InputStream output) throws Exception {
        int[] seen = new int[2];
        Await.until("the child is blocked in its write", () -> {
            int available = output.available();
            seen[1] = available > 0 && available == seen[0] ? seen[1] + 1 : 0;
            seen[0] = available;
            return seen[1] == 100;
        });
    }

    @Test
    void aChildThatOpensItsTerminalAgainEndsOnceItsOutputIsClosed() throws Exception {
        Path go = folder.resolve("go");
        String script = "exec 0<&- 1>&- 2>&-; " + Programs.until(go) + "; exec 1>/dev/tty; head -c 300000 /dev/zero; exit 7";
        try (PtyProcess process = Programs.sh(script)) {
            InputStream output = process.getInputStream();
            Call<Integer> read = Call.blocked(() -> output.read(new byte[100]));
            Await.until("the child lets go of its terminal", () -> !Descriptors.holdsTerminal(process));
            Files.createFile(go);
            assertEquals(100, read.result());
            awaitSettled(output);
            Call<Void> close = Call.of(() -> {
                output.close();
                return null;
            });
            close.result();
            assertTrue(process.waitFor(PROMPTLY), "the child is still blocked");
            assertEquals(7, process.exitValue());
            process.onEnd().get(PROMPTLY.toSeconds(), TimeUnit.SECONDS);
            assertEquals(300_000 - 100, process.droppedBytes());
        }
    }

    @Test
    void aWriterToALiveChildThatIsHungUpDoesNotSpin() throws Exception {
        try (PtyProcess process = Programs.rawAndThen("exec </dev/null >/dev/null 2>&1; exec sleep 1000")) {
            Call<Void> write = Call.blocked(Call.writing(process, 100_000));
            Await.until("the child lets go of its terminal", () -> !Descriptors.holdsTerminal(process));
            assertEquals("", Threads.spinning("panpty-reactor"));
            assertEquals("", Threads.spinning("caller"));
            process.destroyForcibly();
            assertInstanceOf(IOException.class, write.failure());
        }
    }

    @Test
    void aWriteQueueToALiveChildThatIsHungUpDoesNotSpin() throws Exception {
        Path closed = folder.resolve("closed");
        Programs.shell("exec </dev/null >/dev/null 2>&1; : >" + closed + "; exec sleep 1000").attributes(TerminalAttributes.raw())
                .start(reactor, new ProtocolRecorder() {
                    @Override
                    public void connectionMade(ProcessTransport transport) {
                        super.connectionMade(transport);
                        transport.write(new byte[100_000]);
                    }
                });
        Await.until("the child has closed its terminal", () -> Files.exists(closed));
        assertEquals("", Threads.spinning("panpty-reactor"));
    }

    private static void warmUp(Reactor reactor) throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        Programs.shell("exec 0<&- 1>&- 2>&-").start(reactor, recorder);
        recorder.awaitEnd();
    }

    @EachWay
    void aProgramThatClosesItsStdioAndSleepsLeavesTheLoopIdleAndExitsWithItsCode() throws Exception {
        try (Reactor reactor = Reactor.open()) {
            warmUp(reactor);
            long cpu = Threads.cpuNanos(reactor);
            ProtocolRecorder recorder = new ProtocolRecorder();
            Programs.shell("exec 0<&- 1>&- 2>&-; sleep 1; exit 7").start(reactor, recorder);
            recorder.awaitEnd().assertOrderly();
            assertEquals(new ExitStatus.Exited(7), recorder.exit());
            assertTrue(Threads.cpuNanos(reactor) - cpu < 150_000_000, () -> "busy for " + (Threads.cpuNanos(reactor) - cpu) + " ns");
        }
    }

    @EachWay
    void withAProtocolAProgramThatReopensItsTerminalIsReadAgain() throws Exception {
        try (Reactor reactor = Reactor.open()) {
            warmUp(reactor);
            long cpu = Threads.cpuNanos(reactor);
            ProtocolRecorder recorder = new ProtocolRecorder();
            Programs.shell("for i in 1 2 3; do exec 0<&- 1>&- 2>&-; sleep 0.1; exec 0</dev/tty 1>/dev/tty; echo again $i; done; exec 0<&- 1>&-;"
                    + " sleep 0.1; exit 7").start(reactor, recorder);
            recorder.awaitEnd().assertOrderly();
            assertEquals("again 1\r\nagain 2\r\nagain 3\r\n", recorder.text());
            assertEquals(new ExitStatus.Exited(7), recorder.exit());
            assertTrue(Threads.cpuNanos(reactor) - cpu < 150_000_000, () -> "busy for " + (Threads.cpuNanos(reactor) - cpu) + " ns");
        }
    }

    @EachWay
    void inStreamStyleAProgramThatReopensItsTerminalIsReadAgain() throws Exception {
        try (PtyProcess process = Programs.sh("echo one; exec </dev/null >/dev/null 2>&1; sleep 0.2; echo two >/dev/tty; "
                + "sleep 0.1; echo three >/dev/tty; sleep 0.1; exit 6")) {
            assertEquals("one\r\ntwo\r\nthree\r\n", new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
            assertEquals(6, process.waitFor());
        }
    }
}
