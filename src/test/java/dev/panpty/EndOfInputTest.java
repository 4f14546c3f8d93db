package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.Call;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.Programs;
import dev.panpty.testing.Screen;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** close() of the output stream is the end of input for the program. */
class EndOfInputTest {

    private static final String QUIET_CAT = "stty -echo; printf R; cat; echo over; exit 3";
    /** A kernel worker moves input on, which makes room: usually within two milliseconds. */
    private static final long LONGEST_BEHIND_OUR_BACK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static PtyProcess ready(String script) throws IOException {
        PtyProcess process = Programs.sh(script);
        assertEquals('R', process.getInputStream().read());
        return process;
    }

    private static void endsAfter(String script, String typed, String expected) throws Exception {
        try (PtyProcess process = ready(script)) {
            process.getOutputStream().write(typed.getBytes(StandardCharsets.ISO_8859_1));
            process.getOutputStream().close();
            assertEquals(expected, new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1));
            assertEquals(3, process.waitFor());
        }
    }

    @EachWay
    void catEndsWhenNothingWasTyped() throws Exception {
        endsAfter(QUIET_CAT, "", "over\r\n");
    }

    @EachWay
    void catEndsAfterALine() throws Exception {
        endsAfter(QUIET_CAT, "line\n", "line\r\nover\r\n");
    }

    @EachWay
    void catEndsAfterHalfALineWhichItGets() throws Exception {
        endsAfter(QUIET_CAT, "line\nhalf", "line\r\nhalfover\r\n");
    }

    @Test
    void catEndsAfterALineEndedByACarriageReturn() throws Exception {
        endsAfter(QUIET_CAT, "line\r", "line\r\nover\r\n");
    }

    @Test
    void catEndsAfterAPushedHalfLine() throws Exception {
        try (PtyProcess process = ready(QUIET_CAT)) {
            process.getOutputStream().write("half\4".getBytes(StandardCharsets.US_ASCII));
            assertArrayEquals("half".getBytes(StandardCharsets.US_ASCII), process.getInputStream().readNBytes(4));
            process.getOutputStream().close();
            assertEquals("over\r\n", new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
            assertEquals(3, process.waitFor());
        }
    }

    @Test
    void veofIsTypedOnceAfterALineSoThatTheNextReaderIsNotEndedToo() throws Exception {
        try (PtyProcess process = ready("stty -echo; printf R; cat; printf S; cat; echo never")) {
            process.getOutputStream().write("line\n".getBytes(StandardCharsets.US_ASCII));
            process.getOutputStream().close();
            assertArrayEquals("line\r\n".getBytes(StandardCharsets.US_ASCII), process.getInputStream().readNBytes(6));
            assertThrows(IOException.class, () -> process.getOutputStream().write('x'));
            assertEquals('S', process.getInputStream().read());
            Await.until("the second cat runs", () -> process.children().count() == 1);
            assertTrue(process.isAlive());
        }
    }

    @EachWay
    void aVeofThatWasChangedIsTheOneTyped() throws Exception {
        endsAfter("stty -echo eof ^X; printf R; cat; echo over; exit 3", "a\4b\n", "a\4b\r\nover\r\n");
    }

    @Test
    void aVeofThatWasChangedAfterHalfALineIsTypedTwice() throws Exception {
        endsAfter("stty -echo eof ^X; printf R; cat; echo over; exit 3", "a\4", "a\4over\r\n");
    }

    @Test
    void inRawModeTheProgramGetsTheByteOnce() throws Exception {
        try (PtyProcess process = Programs.rawAndThen("head -c 2 | od -An -tx1; exit 3")) {
            process.getOutputStream().write('x');
            process.getOutputStream().close();
            assertEquals(" 78 04\n", new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
            assertEquals(3, process.waitFor());
        }
    }

    @Test
    void closingTwiceTypesNothingMore() throws Exception {
        try (PtyProcess process = ready("stty -echo; printf R; cat; printf S; cat; echo over; exit 3")) {
            process.getOutputStream().close();
            process.getOutputStream().close();
            assertEquals('S', process.getInputStream().read());
            Await.until("the second cat runs", () -> process.children().count() == 1);
            assertTrue(process.isAlive());
        }
    }

    @Test
    void closingTheInputIsNoHangUpAndTheOutputGoesOn() throws Exception {
        try (Screen screen = new Screen(Programs.sh("trap 'echo hung up' HUP; echo ready; cat; echo over; seq 1 500; exit 3"))) {
            screen.await("ready");
            screen.process().getOutputStream().close();
            assertEquals(3, screen.awaitExit());
            assertFalse(screen.text().contains("hung up"));
            assertTrue(screen.text().endsWith("\r\n500\r\n"));
        }
    }

    @Test
    void afterTheEndOfTheProgramClosingIsHarmless() throws Exception {
        try (PtyProcess process = PtyProcess.start("true")) {
            process.onEnd().get();
            process.getOutputStream().close();
            process.getInputStream().close();
        }
    }

    @Test
    void closingTheProcessTypesNoEndOfFile() throws Exception {
        Path file = Files.createTempFile("panpty", null);
        try {
            PtyProcess process = ready("trap '' HUP; stty -echo; printf R; cat; echo \"end of file\" >" + file);
            process.close();
            assertEquals("", Files.readString(file));
        } finally {
            Files.delete(file);
        }
    }

    /** Writes until the terminal stays full, repeatedly, since the kernel moves bytes on and makes room; returns their number. */
    private static int fill(PtyProcess process) throws Exception {
        int total = 0;
        long vainSince = System.nanoTime();
        while (System.nanoTime() - vainSince < LONGEST_BEHIND_OUR_BACK_NANOS) {
            Call<Void> write = Call.blocked(Call.writing(process, 1 << 20));
            write.thread().interrupt();
            int written = assertInstanceOf(InterruptedIOException.class, write.failure()).bytesTransferred;
            total += written;
            vainSince = written == 0 ? vainSince : System.nanoTime();
        }
        return total;
    }

    @Test
    void anInterruptedCloseOfTheInputCanBeRepeatedAndThenTypesTheEnd(@TempDir Path folder) throws Exception {
        Path go = folder.resolve("go");
        try (PtyProcess process = Programs.rawAndThen(Programs.until(go) + "; exec cat")) {
            int written = fill(process);
            Call<Void> first = Call.blocked(() -> {
                process.getOutputStream().close();
                return null;
            });
            first.thread().interrupt();
            assertInstanceOf(InterruptedIOException.class, first.failure());
            Files.createFile(go);
            process.getOutputStream().close();
            Call<byte[]> read = Call.of(() -> process.getInputStream().readNBytes(written + 1));
            assertEquals(4, read.result()[written], "VEOF");
            assertThrows(IOException.class, () -> process.getOutputStream().write('x'));
        }
    }
}
