package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.Children;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.Needs;
import dev.panpty.testing.ProtocolRecorder;
import dev.panpty.testing.Screen;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An interrupt before, at and after the end of the input: it discards typed bytes, and not the end. */
class InterruptedEndTest {

    private static final int ROUNDS = 200;

    @TempDir
    Path folder;

    /** A separate thread waits for the signal, so that the reads continue; only an end of file ends one. */
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
            screen.process().stopOutput(); // any round trip gives the second reader time to read
            screen.process().resumeOutput();
            assertFalse(Await.within(Duration.ofMillis(300), () -> screen.text().contains("never")), screen::text);
        }
    }

    /** Prints signals on a separate thread. Reads only after the file exists, then to the end, and prints what it read. */
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
        for (int bytes : new int[] {100, 100_000}) { // the end is typed already, or still pending
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

    /** In either order: the end is typed after the discarded bytes, or typed again. */
    @EachWay
    void anEndOfTheInputOutlivesAnInterruptThatComesAtTheSameTime() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            try (Screen screen = InterruptTest.ready("trap '' INT; echo ready; exec cat")) {
                PtyProcess process = screen.process();
                process.signal(Signal.STOP); // so that the program reads nothing yet
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
}
