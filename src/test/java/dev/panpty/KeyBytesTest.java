package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.Needs;
import dev.panpty.testing.Programs;
import dev.panpty.testing.ProtocolRecorder;
import dev.panpty.testing.Screen;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A signal key that makes no signal, because ISIG or its character is off, is an ordinary byte. */
class KeyBytesTest {

    @TempDir
    Path folder;

    @EachWay
    void inRawModeEachKeyIsItsByte() throws Exception {
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

    /** As Midnight Commander and emacs set it: ISIG is on, but some characters are off, so that they are ordinary keys. */
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

    /** With EXTPROC the other end of a network connection makes the signals. */
    @EachWay
    void withExtprocEachKeyIsItsByte() throws Exception {
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

    /** The kernel treats a character that is both VSTOP and a signal key as VSTOP. */
    @Test
    void aKeyWhoseCharacterStopsOutputMakesNoSignal() throws Exception {
        try (Screen screen = InterruptTest.ready(InterruptTest.SAY_SIGNALS + "stty intr ^S -echo; " + InterruptTest.READ_A_LINE)) {
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

    /** One key is off, the others are on: the library looks up each. */
    @Test
    void aKeyWhoseCharacterIsOnMakesItsSignalBesideOneThatIsOff() throws Exception {
        try (Screen screen = InterruptTest.ready(InterruptTest.SAY_SIGNALS + "stty -icanon min 1 -echo quit undef; " + InterruptTest.READ_A_LINE)) {
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
        builder.environment().put("MC_TMPDIR", folder.toString()); // /tmp/mc-NAME may belong to another user of this name
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
}
