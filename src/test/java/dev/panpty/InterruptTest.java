package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.Children;
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
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** interrupt, quit and suspend: as the keys do it, but without loss of output and without a half-typed line left behind. */
class InterruptTest {

    private static final int PENDING = 15_000;
    private static final int ROUNDS = 200;
    private static final int DISCARDS = 4;
    private static final String SAY_SIGNALS = "trap 'echo int' INT; trap 'echo quit' QUIT; ";
    /** Who reads ignores the signals; who says them waits, in a way that none comes too early for. */
    private static final String READ_A_LINE =
            "(trap '' INT QUIT; echo ready; read -r x; echo \"got<$x>\") </dev/tty & until wait; do :; done; ";

    @TempDir
    Path folder;

    private static Screen ready(String script) throws Exception {
        return new Screen(Programs.sh(script)).await("ready");
    }

    /** 15,000 bytes on the terminal, in writes so small that the kernel takes them unread, and then the file. */
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

    /** As root it may be opened in any case. */
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
            assertTrue(0 < unwritten && unwritten <= pending, () -> unwritten + " of " + pending); // some may have gone out meanwhile
            assertEquals(0, process.pendingBytes());
            process.write("whole\n".getBytes(StandardCharsets.US_ASCII));
            recorder.awaitOutput("got<whole>");
        }
    }

    /** A command that is discarded does not run; the writer is told how much of it was typed. */
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
    void inRawModeEachIsItsByte() throws Exception {
        try (PtyProcess process = Programs.rawAndThen("head -c 5 | od -An -tx1; exit 3")) {
            process.getOutputStream().write('x');
            process.interrupt();
            process.quit();
            process.suspend();
            process.getOutputStream().write('y');
            assertEquals(" 78 03 1c 1a 79\n", new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
            assertEquals(3, process.waitFor());
        }
    }

    @Test
    void inRawModeTheByteIsTheTerminalsOwn() throws Exception {
        try (PtyProcess process = Programs.rawAndThen("stty intr ^K; printf S; head -c 1 | od -An -tx1")) {
            assertEquals('S', process.getInputStream().read());
            process.interrupt();
            assertEquals(" 0b\n", new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        }
    }

    /** As Midnight Commander and emacs have it: signals are on, but some characters are off, to be keys. */
    @EachWay
    void aKeyWhoseCharacterIsSwitchedOffIsItsByte() throws Exception {
        try (PtyProcess process = Programs.sh("stty -icanon min 1 -echo intr undef quit undef susp undef; printf R; head -c 5 | od -An -tx1; exit 3")) {
            assertEquals('R', process.getInputStream().read());
            process.getOutputStream().write('x');
            process.interrupt();
            process.quit();
            process.suspend();
            process.getOutputStream().write('y');
            assertEquals(" 78 03 1c 1a 79\r\n", new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
            assertEquals(3, process.waitFor());
        }
    }

    /** With EXTPROC the other end of a network makes the signals. */
    @EachWay
    void whereAllThatIsTypedIsDataEachIsItsByte() throws Exception {
        try (PtyProcess process = Programs.sh("stty extproc -echo; printf R; head -c 4 | od -An -tx1; exit 3")) {
            assertEquals('R', process.getInputStream().read());
            process.interrupt();
            process.quit();
            process.suspend();
            process.getOutputStream().write('y');
            assertEquals(" 03 1c 1a 79\r\n", new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
            assertEquals(3, process.waitFor());
        }
    }

    /** To the kernel a character that is both stops output. */
    @Test
    void aKeyWhoseCharacterStopsOutputMakesNoSignal() throws Exception {
        try (Screen screen = ready(SAY_SIGNALS + "stty intr ^S -echo; " + READ_A_LINE)) {
            screen.process().interrupt();
            screen.type("line\n");
            assertFalse(Await.within(Duration.ofMillis(200), () -> screen.text().contains("line")), screen::text);
            screen.type("\21").await("got<line>");
            assertFalse(screen.text().contains("int"), screen::text);
        }
    }

    @EachWay
    void inEventStyleAKeyWhoseCharacterIsSwitchedOffIsItsByte() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = new PtyProcessBuilder("sh", "-c",
                "stty -icanon min 1 -echo quit undef; printf R; head -c 2 | od -An -tx1; exit 3").start(recorder);
        recorder.awaitOutput("R");
        process.quit();
        process.write("y".getBytes(StandardCharsets.US_ASCII));
        recorder.awaitEnd().assertOrderly();
        assertEquals("R 1c 79\r\n", recorder.text());
        assertEquals(3, process.exitValue());
    }

    /** One is off, the others are not: each is asked for as it is. */
    @Test
    void aKeyWhoseCharacterIsOnMakesItsSignalBesideOneThatIsOff() throws Exception {
        try (Screen screen = ready(SAY_SIGNALS + "stty -icanon min 1 -echo quit undef; " + READ_A_LINE)) {
            screen.process().quit();
            screen.process().interrupt();
            screen.await("int");
            assertFalse(screen.text().contains("quit"), screen::text);
        }
    }

    @Test
    @Needs("mc")
    void midnightCommanderHasQuitAsAKey() throws Exception {
        PtyProcessBuilder builder = new PtyProcessBuilder("mc", "--nosubshell", "--nocolor", "--nomouse").directory(folder);
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("MC_TMPDIR", folder.toString()); // /tmp/mc-NAME may be that of another user of this name
        try (Screen screen = new Screen(builder.start())) {
            screen.await("Quit");
            screen.process().quit();
            screen.await("hotlist");
            assertTrue(screen.process().isAlive());
        }
    }

    @Test
    void inRawModeInEventStyleTheByteStandsBehindPendingWrites() throws Exception {
        Path go = folder.resolve("go");
        ProtocolRecorder recorder = new ProtocolRecorder();
        try (PtyProcess process = new PtyProcessBuilder("sh", "-c", "stty raw -echo; printf R; " + Programs.until(go)
                + "; tail -c 2 | od -An -tx1").start(recorder)) {
            recorder.awaitOutput("R");
            process.write(new byte[100_000]);
            process.interrupt();
            assertTrue(process.pendingBytes() > 0);
            Files.createFile(go);
            Await.until("all is written", () -> process.pendingBytes() == 0);
            assertEquals(0, process.unwrittenBytes());
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
    void whatWasTypedBeforeAnInterruptDoesNotCountAsPartOfTheNextLine() throws Exception {
        try (Screen screen = ready(SAY_SIGNALS
                + "stty -echo; (trap '' INT; echo ready; read -r x; echo \"got ${#x}\") </dev/tty & until wait; do :; done")) {
            screen.type("x".repeat(3000));
            screen.process().interrupt();
            screen.await("int");
            screen.type("y".repeat(3000) + "\n").await("got 3000");
        }
    }

    /** A thread of its own waits for the signal, so that the reads go on; only an end of file ends one. */
    @Test
    @Needs("python3")
    void closingTheInputAfterAnInterruptTypesOneEndOfFileOnly() throws Exception {
        try (Screen screen = new Screen(PtyProcess.start("python3", "-c", "from os import read, write\nimport signal, threading\n"
                + "signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})\n"
                + "threading.Thread(target=lambda: (signal.sigwait({signal.SIGINT}), write(1, b'int\\n')), daemon=True).start()\n"
                + "write(1, b'ready\\n'); read(0, 100); write(1, b'first over\\n'); read(0, 100); write(1, b'never\\n')"))) {
            screen.await("ready");
            screen.type("half");
            screen.process().interrupt();
            screen.await("int");
            screen.process().getOutputStream().close();
            screen.await("first over");
            screen.process().stopOutput(); // any round trip: the second reader has had its chance
            screen.process().resumeOutput();
            assertFalse(Await.within(Duration.ofMillis(300), () -> screen.text().contains("never")), screen::text);
        }
    }

    /** Says signals on a thread of its own, and reads nothing before the file is there; then to the end, and says what it read. */
    private PtyProcessBuilder readerInTheEnd(Path go) {
        return new PtyProcessBuilder("python3", "-c", "from os import path, read, write\nimport signal, threading, time\n"
                + "signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})\n"
                + "threading.Thread(target=lambda: (signal.sigwait({signal.SIGINT}), write(1, b'int\\n')), daemon=True).start()\n"
                + "write(1, b'ready\\n')\n"
                + "while not path.exists('" + go + "'): time.sleep(0.02)\n"
                + "write(1, b'read %d\\n' % len(b''.join(iter(lambda: read(0, 10000), b''))))");
    }

    @EachWay
    @Needs("python3")
    void anInterruptAfterTheEndOfTheInputDiscardsWhatWasTypedButNotTheEnd() throws Exception {
        Path go = folder.resolve("go");
        try (Screen screen = new Screen(readerInTheEnd(go).start())) {
            screen.await("ready");
            screen.type("typed\n");
            screen.process().getOutputStream().close();
            screen.process().interrupt();
            screen.await("int");
            Files.createFile(go);
            screen.await("read 0");
        }
    }

    @EachWay
    @Needs("python3")
    void inEventStyleAnInterruptAfterTheEndOfTheInputLeavesTheEnd() throws Exception {
        for (int bytes : new int[] {100, 100_000}) { // the end is typed already, or still to come
            Path go = folder.resolve("go-" + bytes);
            ProtocolRecorder recorder = new ProtocolRecorder();
            try (PtyProcess process = readerInTheEnd(go).start(recorder)) {
                recorder.awaitOutput("ready");
                process.write(("x".repeat(99) + "\n").repeat(bytes / 100).getBytes(StandardCharsets.US_ASCII));
                process.closeStdin();
                process.interrupt();
                recorder.awaitOutput("int");
                Files.createFile(go);
                recorder.awaitOutput("read 0");
                assertEquals(0, process.pendingBytes());
                assertTrue(bytes == 100 || process.unwrittenBytes() > 0, () -> process.unwrittenBytes() + " of " + bytes);
            }
        }
    }

    /** Whatever comes first: the end is typed behind what is discarded, or typed again. */
    @EachWay
    void anEndOfTheInputOutlivesAnInterruptThatComesAtTheSameTime() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            try (Screen screen = ready("trap '' INT; echo ready; exec cat")) {
                PtyProcess process = screen.process();
                process.signal(Signal.STOP); // so that nothing is read meanwhile
                Await.until("it is stopped", () -> Children.fields(process.pid())[0].equals("T"));
                CyclicBarrier together = new CyclicBarrier(2);
                Thread interrupts = Thread.ofPlatform().start(() -> {
                    try {
                        together.await();
                        process.interrupt();
                    } catch (Exception failed) {
                        throw new AssertionError(failed);
                    }
                });
                together.await();
                for (int spins = round % 20 * 50; spins > 0; spins--) {
                    Thread.onSpinWait();
                }
                process.getOutputStream().close();
                interrupts.join();
                process.signal(Signal.CONT);
                int now = round;
                assertTrue(process.waitFor(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS), () -> "round " + now + ": the end is lost");
            }
        }
    }

    /** A full terminal must not stop the reactor: a call there is refused, or does not wait. */
    @Test
    void onAReactorsThreadTypingIntoAFullTerminalDoesNotBlock() throws Exception {
        try (PtyProcess full = Programs.rawAndThen("exec sleep 1000")) {
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    full.getOutputStream().write(new byte[200_000]);
                } catch (IOException closed) {
                    // as is expected at the end
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
    void onceTheTerminalIsClosedEachIsRefused() throws Exception {
        PtyProcess process = PtyProcess.start("cat");
        process.close();
        assertThrows(IOException.class, process::interrupt);
        assertThrows(IOException.class, process::quit);
        assertThrows(IOException.class, process::suspend);
    }
}
