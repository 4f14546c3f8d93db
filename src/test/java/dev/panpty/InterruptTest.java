package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.ExclusiveUse;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.Needs;
import dev.panpty.testing.Programs;
import dev.panpty.testing.ProtocolRecorder;
import dev.panpty.testing.Screen;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** interrupt, quit and suspend: as the keys, but without loss of output, and a half-typed line is discarded. */
class InterruptTest {

    private static final int PENDING = 15_000;
    private static final int DISCARDS = 4;
    static final String SAY_SIGNALS = "trap 'echo int' INT; trap 'echo quit' QUIT; ";
    /** One process reads and ignores the signals; another waits for them and prints them, and misses none that comes early. */
    static final String READ_A_LINE =
            "(trap '' INT QUIT; echo ready; read -r x; echo \"got<$x>\") </dev/tty & until wait; do :; done; ";

    @TempDir
    Path folder;

    static Screen ready(String script) throws Exception {
        return new Screen(Programs.sh(script)).await("ready");
    }

    /** Writes 15,000 bytes to the terminal, in writes so small that the kernel accepts them unread, and then creates the file. */
    private static String writer(Path file) {
        return "trap 'echo interrupted; exit 7' INT; i=0; while [ $i -lt 150 ]; do printf %0100d 0; i=$((i+1)); done; : >" + file
                + "; while :; do sleep 0.05; done";
    }

    @EachWay
    void noPendingOutputIsLost() throws Exception {
        Path file = folder.resolve("written");
        try (PtyProcess process = Programs.sh(writer(file))) {
            Await.until("all is written", () -> Files.exists(file));
            process.interrupt();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertTrue(output.equals("0".repeat(PENDING) + "^Cinterrupted\r\n"), () -> shortly(output));
            assertEquals(7, process.waitFor());
        }
    }

    @EachWay
    void noPendingOutputIsLostInEventStyle() throws Exception {
        Path file = folder.resolve("written");
        ProtocolRecorder recorder = new ProtocolRecorder() {
            @Override
            public void connectionMade(ProcessTransport transport) {
                transport.pauseProducing();
                super.connectionMade(transport);
            }
        };
        PtyProcess process = new PtyProcessBuilder("sh", "-c", writer(file)).start(recorder);
        recorder.awaitEvent("made");
        Await.until("all is written", () -> Files.exists(file));
        process.interrupt();
        process.resumeProducing();
        recorder.awaitEnd().assertOrderly();
        assertTrue(recorder.text().equals("0".repeat(PENDING) + "^Cinterrupted\r\n"), () -> shortly(recorder.text()));
    }

    private static String shortly(String output) {
        return output.length() + " bytes, the last: " + output.substring(Math.max(0, output.length() - 100));
    }

    @EachWay
    @Needs("bash")
    @Timeout(60)
    void aHalfTypedLineNeverReachesThePrompt() throws Exception {
        try (Screen screen = new Screen(PtyProcess.start("bash", "--norc", "-i"))) {
            PtyProcess shell = screen.process();
            for (int i = 0; i < 100; i++) {
                screen.type("sleep 1000\n");
                Await.until("sleep has the foreground", () -> shell.foregroundProcess()
                        .filter(front -> front.command().equals(List.of("sleep", "1000"))).isPresent());
                screen.type("echo EVIL$((1+1)); ");
                shell.interrupt();
                screen.type("echo round$((" + i + "+1))\n").await("round" + (i + 1) + "\r\n");
            }
            assertFalse(screen.text().contains("EVIL2"), screen::text);
        }
    }

    @EachWay
    void aHalfTypedLineIsGone() throws Exception {
        try (Screen screen = ready(SAY_SIGNALS + "stty -echo; " + READ_A_LINE)) {
            screen.type("half ");
            screen.process().interrupt();
            screen.await("int");
            screen.type("whole\n").await("got<whole>");
        }
    }

    @Test
    void withNoflshAHalfTypedLineStays() throws Exception {
        try (Screen screen = ready(SAY_SIGNALS + "stty -echo noflsh; " + READ_A_LINE)) {
            screen.type("half ");
            screen.process().interrupt();
            screen.await("int");
            screen.type("whole\n").await("got<half whole>");
        }
    }

    /** Root could open it in any case, so this runs as another user. */
    @Test
    void whereTheTerminalMayNotBeOpenedAgainTheSignalIsSentAllTheSame() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path exclusive = Files.copy(Path.of(System.getProperty("panpty.test.native"), "exclusive"), folder.resolve("exclusive"),
                StandardCopyOption.COPY_ATTRIBUTES);
        new ForkedJvm(ExclusiveUse.class).asNobody().arguments(exclusive.toString()).run();
    }

    @EachWay
    void inEventStyleAHalfTypedLineAndWhatIsPendingIsGoneAndCountedAsUnwritten() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        try (PtyProcess process = new PtyProcessBuilder("sh", "-c", "trap 'echo int; cont=1' INT; stty -echo; echo ready; "
                + "while [ -z \"$cont\" ]; do sleep 0.02; done; read -r x; echo \"got<$x>\"").start(recorder)) {
            recorder.awaitOutput("ready");
            process.write(("x".repeat(99) + "\n").repeat(1000).getBytes(StandardCharsets.US_ASCII));
            long pending = process.pendingBytes();
            assertTrue(pending > 0);
            process.interrupt();
            recorder.awaitOutput("int");
            long unwritten = process.unwrittenBytes();
            assertTrue(0 < unwritten && unwritten <= pending, () -> unwritten + " of " + pending); // some may have been written
            assertEquals(0, process.pendingBytes());
            process.write("whole\n".getBytes(StandardCharsets.US_ASCII));
            recorder.awaitOutput("got<whole>");
        }
    }

    /** A command that is discarded does not run; the writer's exception has the number of bytes typed. */
    @EachWay
    @Needs("bash")
    @Timeout(120)
    void aBlockedWriteIsDiscardedAndWritersThatWaitForTheirTurnGoOn() throws Exception {
        byte[] commands = "echo PWNED$((1+1))\n".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
        for (int round = 0; round < DISCARDS; round++) {
            try (Screen screen = new Screen(PtyProcess.start("bash", "--norc", "-i"))) {
                PtyProcess shell = screen.process();
                screen.type("sleep 1000\n");
                Await.until("sleep has the foreground", () -> shell.foregroundProcess()
                        .filter(front -> front.command().equals(List.of("sleep", "1000"))).isPresent());
                FutureTask<Void> write = new FutureTask<>(() -> {
                    shell.getOutputStream().write(commands);
                    return null;
                });
                Thread writer = (round % 2 == 0 ? Thread.ofPlatform().daemon() : Thread.ofVirtual()).unstarted(write);
                writer.start();
                Await.blocked(writer);
                Thread waiter = Thread.ofPlatform().unstarted(() -> assertDoesNotThrow(() -> screen.type("echo wai\"\"ted\n")));
                waiter.start();
                Await.blocked(waiter);
                shell.interrupt();
                screen.await("waited");
                ExecutionException failed = assertThrows(ExecutionException.class, () -> write.get(30, TimeUnit.SECONDS));
                PartialWriteException partial = assertInstanceOf(PartialWriteException.class, failed.getCause());
                assertTrue(partial.bytesWritten() < commands.length, partial::getMessage);
                screen.type("echo la\"\"st\n").await("last");
                assertFalse(screen.text().contains("PWNED2"), screen::text);
            }
        }
    }

    @EachWay
    void typingByte3InterruptsToo() throws Exception {
        try (Screen screen = ready(SAY_SIGNALS + "stty -echo; " + READ_A_LINE)) {
            screen.type("half \3").await("int");
            screen.type("whole\n").await("got<whole>");
        }
    }

    @EachWay
    void quitSendsItsSignalAndDiscardsTheHalfTypedLine() throws Exception {
        try (Screen screen = ready(SAY_SIGNALS + "stty -echo; " + READ_A_LINE)) {
            screen.type("half ");
            screen.process().quit();
            screen.await("quit");
            screen.type("whole\n").await("got<whole>");
        }
    }

    @EachWay
    @Needs("bash")
    void suspendStopsTheJobAndTheShellContinuesIt() throws Exception {
        try (Screen screen = new Screen(PtyProcess.start("bash", "--norc", "-i"))) {
            PtyProcess shell = screen.process();
            screen.type("cat\n");
            Await.until("cat has the foreground",
                    () -> shell.foregroundProcess().filter(front -> front.command().equals(List.of("cat"))).isPresent());
            screen.type("half");
            shell.suspend();
            screen.await("Stopped");
            screen.type("echo back in the sh\"\"ell\n").await("back in the shell");
            screen.type("fg\n").await("cat\r\n");
            screen.type("again\n").awaitMatch("again\r\nagain\r\n");
            shell.interrupt();
            Await.until("the shell has the foreground", () -> shell.foregroundProcessGroup().getAsInt() == shell.pid());
            screen.type("echo code $?\n").await("code 130");
            assertFalse(screen.text().contains("halfagain"), screen::text);
        }
    }

    @EachWay
    @Needs("bash")
    void theSignalGoesToTheForegroundGroupOnly() throws Exception {
        try (Screen screen = new Screen(PtyProcess.start("bash", "--norc", "-i"))) {
            PtyProcess shell = screen.process();
            screen.type("sleep 1000 &\n").awaitMatch("\\[1\\] \\d+");
            screen.type("sh -c 'echo run\"\"ning; exec sleep 1000'; echo code $?\n").await("running");
            shell.interrupt();
            Await.until("the shell has the foreground", () -> shell.foregroundProcessGroup().getAsInt() == shell.pid());
            screen.type("jobs\n").awaitMatch("\\[1\\]\\+ +Running");
        }
    }

    @Test
    void bytesTypedBeforeAnInterruptDoNotCountAsPartOfTheNextLine() throws Exception {
        try (Screen screen = ready(SAY_SIGNALS
                + "stty -echo; (trap '' INT; echo ready; read -r x; echo \"got ${#x}\") </dev/tty & until wait; do :; done")) {
            screen.type("x".repeat(3000));
            screen.process().interrupt();
            screen.await("int");
            screen.type("y".repeat(3000) + "\n").await("got 3000");
        }
    }

    /** A full terminal must not block the reactor: a call on its thread is refused, or does not wait. */
    @Test
    void onAReactorsThreadTypingIntoAFullTerminalDoesNotBlock() throws Exception {
        try (PtyProcess full = Programs.rawAndThen("exec sleep 1000")) {
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    full.getOutputStream().write(new byte[200_000]);
                } catch (IOException closed) {
                    // expected at the end
                }
            });
            Await.blocked(writer);
            CompletableFuture<String> called = new CompletableFuture<>();
            ProtocolRecorder recorder = new ProtocolRecorder() {
                @Override
                public void connectionMade(ProcessTransport transport) {
                    try {
                        full.interrupt();
                        called.complete("returned");
                    } catch (IllegalStateException refused) {
                        called.complete("refused");
                    } catch (IOException failed) {
                        called.completeExceptionally(failed);
                    }
                }
            };
            try (Reactor reactor = Reactor.open()) {
                PtyProcess process = new PtyProcessBuilder("cat").start(reactor, recorder);
                try {
                    String outcome = called.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
                    assertTrue(outcome.equals("refused") || outcome.equals("returned"), outcome);
                } finally {
                    full.hangUp();
                    process.abortConnection();
                }
            }
        }
    }

    @Test
    void eachSignalKeyIsRefusedOnceTheTerminalIsClosed() throws Exception {
        PtyProcess process = PtyProcess.start("cat");
        process.close();
        assertThrows(IOException.class, process::interrupt);
        assertThrows(IOException.class, process::quit);
        assertThrows(IOException.class, process::suspend);
    }
}
