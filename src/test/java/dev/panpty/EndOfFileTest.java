package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.TerminalAttributes.ControlCharacter;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.Needs;
import dev.panpty.testing.Programs;
import dev.panpty.testing.ProtocolRecorder;
import dev.panpty.testing.Screen;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** sendEndOfFile types VEOF once, after the bytes written before, and the terminal stays open. */
class EndOfFileTest {

    private static final String TWO_READERS = "stty -echo; echo ready; cat; echo first over; cat; echo second over; exit 3";

    private static Screen ready(String script) throws Exception {
        return new Screen(Programs.sh(script)).await("ready");
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    @EachWay
    void endOfFileAfterALineEndsTheProgramAndTheNextOneHasTheTerminal() throws Exception {
        try (Screen screen = ready(TWO_READERS)) {
            screen.type("hi\n").await("hi\r\n");
            screen.process().sendEndOfFile();
            screen.await("first over");
            screen.type("there\n").await("there\r\n");
            screen.process().sendEndOfFile();
            assertEquals(3, screen.awaitExit());
            assertTrue(screen.text().endsWith("there\r\nsecond over\r\n"), screen::text);
        }
    }

    @EachWay
    void endOfFileRightAfterALineIsReadAfterIt() throws Exception {
        try (Screen screen = ready(TWO_READERS)) {
            screen.type("hi\n");
            screen.process().sendEndOfFile();
            screen.awaitMatch("hi\r\nfirst over\r\n");
            screen.type("there\n").await("there\r\n");
        }
    }

    @EachWay
    void endOfFileAfterHalfALinePushesItAndTheSecondOneIsTheEnd() throws Exception {
        try (Screen screen = ready(TWO_READERS)) {
            screen.type("half");
            screen.process().sendEndOfFile();
            screen.await("half");
            screen.type(" and half\n").await(" and half\r\n");
            screen.type("quarter");
            screen.process().sendEndOfFile();
            screen.process().sendEndOfFile();
            screen.awaitMatch("quarterfirst over");
            screen.process().sendEndOfFile();
            assertEquals(3, screen.awaitExit());
        }
    }

    @EachWay
    @Needs("bash")
    void theShellReadsOnAfterAnEndOfFileForItsJob() throws Exception {
        try (Screen screen = new Screen(new PtyProcessBuilder("bash", "--norc", "--noediting", "-i").start())) {
            screen.type("cat; echo after the c\"\"at\n").await("cat; echo");
            screen.type("hi\n").awaitMatch("hi\r\n.*hi\r\n");
            screen.process().sendEndOfFile();
            screen.await("after the cat");
            screen.type("echo still h\"\"ere\n").await("still here");
            screen.process().sendEndOfFile();
            assertEquals(0, screen.awaitExit());
        }
    }

    @Test
    void aVeofThatWasChangedIsTheOneTyped() throws Exception {
        try (Screen screen = ready("stty -echo eof ^X; echo ready; cat; echo over; exit 3")) {
            assertEquals(24, screen.process().attributes().character(ControlCharacter.VEOF));
            screen.type("a\4b\n").await("a\4b\r\n");
            screen.process().sendEndOfFile();
            assertEquals(3, screen.awaitExit());
        }
    }

    @Test
    void withoutAVeofEndOfFileTypesNothing() throws Exception {
        try (Screen screen = ready("stty -echo eof undef; echo ready; cat; echo over")) {
            screen.process().sendEndOfFile();
            screen.type("goes on\n").await("goes on\r\n");
            assertTrue(!screen.text().contains("\4"), screen::text);
        }
    }

    @EachWay
    void inRawModeVeofIsAnOrdinaryByte() throws Exception {
        try (PtyProcess process = Programs.rawAndThen("head -c 3 | od -An -tx1; exit 3")) {
            process.getOutputStream().write('x');
            process.sendEndOfFile();
            process.getOutputStream().write('y');
            assertEquals(" 78 04 79\n", new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        }
    }

    @EachWay
    void inRawModeWithoutAVeofEndOfFileIsWhatTheKeySends() throws Exception {
        try (PtyProcess process = Programs.rawAndThen("stty eof undef; printf S; head -c 3 | od -An -tx1; exit 3")) {
            assertEquals('S', process.getInputStream().read());
            process.getOutputStream().write('x');
            process.sendEndOfFile();
            process.getOutputStream().write('y');
            assertEquals(" 78 04 79\n", new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        }
    }

    @EachWay
    void inEventStyleEndOfFileComesAfterPendingWrites() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = new PtyProcessBuilder("sh", "-c", "stty -echo; echo ready; read go; wc -c; echo over; exit 3").start(recorder);
        recorder.awaitOutput("ready");
        String line = "x".repeat(99) + "\n";
        process.write(ascii("go\n" + line.repeat(2000)));
        process.sendEndOfFile();
        recorder.awaitEnd().assertOrderly();
        assertTrue(recorder.text().endsWith("200000\r\nover\r\n"), recorder::text);
    }

    @EachWay
    void inEventStyleHalfALineIsPushed() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        try (PtyProcess process = new PtyProcessBuilder("sh", "-c", TWO_READERS).start(recorder)) {
            recorder.awaitOutput("ready");
            process.write(ascii("half"));
            process.sendEndOfFile();
            recorder.awaitOutput("half");
            process.sendEndOfFile();
            recorder.awaitOutput("first over");
            process.sendEndOfFile();
            recorder.awaitEnd().assertOrderly();
        }
    }

    @Test
    void endOfFileIsRefusedOnceTheInputOrTheTerminalIsClosed() throws Exception {
        try (PtyProcess process = Programs.sh("cat; sleep 1000")) {
            process.getOutputStream().close();
            assertThrows(IOException.class, process::sendEndOfFile);
        }
        PtyProcess ended = PtyProcess.start("true");
        ended.onEnd().get();
        assertThrows(IOException.class, ended::sendEndOfFile);
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess events = new PtyProcessBuilder("true").start(recorder);
        recorder.awaitEnd();
        assertThrows(IOException.class, events::sendEndOfFile);
    }
}
