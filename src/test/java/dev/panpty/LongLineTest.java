package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.EachWay;
import dev.panpty.testing.Needs;
import dev.panpty.testing.Programs;
import dev.panpty.testing.ProtocolRecorder;
import dev.panpty.testing.Screen;
import dev.panpty.testing.Seed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Lines that a terminal in canonical mode would cut are refused or split; none is cut without an exception. */
class LongLineTest {

    @RegisterExtension
    final Seed seed = new Seed();

    private static final int KEPT = 4095;
    private static final int LONG = 10_000;
    private static final String COUNT = "stty -echo; echo ready; wc -c; exit 3";

    private static PtyProcess ready(PtyProcessBuilder builder) throws IOException {
        PtyProcess process = builder.start();
        assertEquals("ready", line(process));
        return process;
    }

    private static PtyProcessBuilder sh(String script, LongLines longLines) {
        return new PtyProcessBuilder("sh", "-c", script).longLines(longLines);
    }

    private static String line(PtyProcess process) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next; (next = process.getInputStream().read()) != '\n' && next >= 0; ) {
            line.append((char) next);
        }
        return line.toString().strip();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void type(PtyProcess process, String text) throws IOException {
        process.getOutputStream().write(ascii(text));
    }

    /** The number that the program prints after the end of the input. */
    private static String counted(PtyProcess process) throws IOException {
        process.getOutputStream().close();
        return line(process);
    }

    @EachWay
    void aLongLineIsRefusedBeforeAnythingOfItIsTyped() throws Exception {
        try (PtyProcess process = ready(sh(COUNT, LongLines.REFUSE))) {
            Exception refused = assertThrows(IOException.class, () -> type(process, "x".repeat(LONG) + "\n"));
            assertTrue(refused.getMessage().contains("0 of 10001 bytes done"), refused::getMessage);
            assertTrue(refused.getMessage().contains("4095"), refused::getMessage);
            type(process, "short\n");
            assertEquals("6", counted(process));
        }
    }

    @Test
    void streamsRefuseLongLinesUnlessSet() throws Exception {
        try (PtyProcess process = Programs.sh(COUNT)) {
            assertEquals("ready", line(process));
            assertThrows(IOException.class, () -> type(process, "x".repeat(LONG) + "\n"));
        }
    }

    @EachWay
    void aLongLineIsSplitAndEveryByteOfItIsRead() throws Exception {
        try (PtyProcess process = ready(sh(COUNT, LongLines.SPLIT))) {
            type(process, "x".repeat(LONG) + "\n");
            assertEquals(Integer.toString(LONG + 1), counted(process));
        }
    }

    @EachWay
    void inEventStyleALongLineIsRefusedBeforeAnythingOfItIsTyped() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = sh(COUNT, LongLines.REFUSE).start(recorder);
        recorder.awaitOutput("ready");
        assertThrows(IllegalArgumentException.class, () -> process.write(ascii("x".repeat(LONG) + "\n")));
        process.write(ascii("short\n"));
        process.closeStdin();
        recorder.awaitEnd().assertOrderly();
        assertTrue(recorder.text().endsWith("ready\r\n6\r\n"), recorder::text);
    }

    @EachWay
    void inEventStyleALongLineIsSplitAndEveryByteOfItIsRead() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = sh(COUNT, LongLines.SPLIT).start(recorder);
        recorder.awaitOutput("ready");
        process.write(ascii("x".repeat(LONG) + "\n"));
        process.closeStdin();
        recorder.awaitEnd().assertOrderly();
        assertTrue(recorder.text().endsWith("\r\n10001\r\n"), recorder::text);
    }

    @EachWay
    void inRawModeALongLinePasses() throws Exception {
        for (LongLines longLines : LongLines.values()) {
            try (PtyProcess process = ready(sh("stty raw -echo; echo ready; head -c 10000 | wc -c", longLines))) {
                type(process, "x".repeat(LONG));
                assertEquals("10000", line(process));
            }
        }
    }

    @EachWay
    void inRawModeInEventStyleALongLinePasses() throws Exception {
        for (LongLines longLines : LongLines.values()) {
            ProtocolRecorder recorder = new ProtocolRecorder();
            PtyProcess process = sh("stty raw -echo; echo ready; head -c 10000 | wc -c", longLines).start(recorder);
            recorder.awaitOutput("ready");
            process.write(ascii("x".repeat(LONG)));
            recorder.awaitEnd().assertOrderly();
            assertTrue(recorder.text().endsWith("\n10000\n"), recorder::text);
        }
    }

    @Test
    void theLongestLineThatIsKeptPasses() throws Exception {
        for (LongLines longLines : LongLines.values()) {
            try (PtyProcess process = ready(sh(COUNT, longLines))) {
                type(process, "x".repeat(KEPT) + "\n");
                assertEquals(Integer.toString(KEPT + 1), counted(process));
            }
        }
    }

    @Test
    void oneByteMoreIsRefused() throws Exception {
        try (PtyProcess process = ready(sh(COUNT, LongLines.REFUSE))) {
            assertThrows(IOException.class, () -> type(process, "x".repeat(KEPT + 1) + "\n"));
        }
    }

    @Test
    void aLineInManyWritesIsOneLine() throws Exception {
        try (PtyProcess process = ready(sh(COUNT, LongLines.REFUSE))) {
            for (int i = 0; i < KEPT; i++) {
                process.getOutputStream().write('x');
            }
            assertThrows(IOException.class, () -> process.getOutputStream().write('x'));
            type(process, "\n");
            assertEquals(Integer.toString(KEPT + 1), counted(process));
        }
    }

    @Test
    void aLineInManyWritesIsSplit() throws Exception {
        try (PtyProcess process = ready(sh(COUNT, LongLines.SPLIT))) {
            for (int i = 0; i < LONG; i++) {
                process.getOutputStream().write('x');
            }
            type(process, "\n");
            assertEquals(Integer.toString(LONG + 1), counted(process));
        }
    }

    @Test
    void anyMixOfLinesAndWritesArrivesWholeWhenSplit() throws Exception {
        Random random = seed.random();
        StringBuilder all = new StringBuilder();
        while (all.length() < 200_000) {
            all.append("y".repeat(random.nextInt(9000))).append('\n');
        }
        try (PtyProcess process = ready(sh("stty -echo; echo ready; sum=$(md5sum); echo $sum; exit 3", LongLines.SPLIT))) {
            for (int at = 0; at < all.length(); ) {
                int length = Math.min(all.length() - at, 1 + random.nextInt(12_000));
                type(process, all.substring(at, at + length));
                at += length;
            }
            byte[] digest = MessageDigest.getInstance("MD5").digest(ascii(all.toString()));
            String said = counted(process);
            assertTrue(said.startsWith(HexFormat.of().formatHex(digest)), said);
        }
    }

    @Test
    void anEndOfFileInMidLineBeginsANewOne() throws Exception {
        try (PtyProcess process = ready(sh(COUNT, LongLines.REFUSE))) {
            type(process, "x".repeat(3000));
            process.sendEndOfFile();
            type(process, "x".repeat(3000) + "\n");
            assertEquals("6001", counted(process));
        }
    }

    @Test
    void whereThereIsNoVeofToSplitByALongLineIsRefused() throws Exception {
        try (PtyProcess process = ready(sh("stty -echo eof undef; echo ready; head -n 1 | wc -c", LongLines.SPLIT))) {
            assertThrows(IOException.class, () -> type(process, "x".repeat(LONG) + "\n"));
            type(process, "short\n");
            assertEquals("6", line(process));
        }
    }

    @Test
    void bytesTypedInRawModeDoNotCountAsPartOfALine() throws Exception {
        try (PtyProcess process = ready(sh("stty raw -echo; echo ready; head -c 5000 | wc -c; stty sane -echo; echo cooked; head -n 1 | wc -c",
                LongLines.REFUSE))) {
            type(process, "x".repeat(5000));
            assertEquals("5000", line(process));
            assertEquals("cooked", line(process));
            type(process, "short\n");
            assertEquals("6", line(process));
        }
    }

    /** ^D does not end a line where VEOF is another character. */
    @Test
    void aLineIsNeverCutWhereItsEndsWereChanged() throws Exception {
        try (PtyProcess process = ready(sh("stty -echo eof ^X; echo ready; head -n 1 | wc -c", LongLines.SPLIT))) {
            type(process, "x".repeat(3000) + "\4");
            type(process, "x".repeat(3000) + "\n");
            assertEquals("6002", line(process));
        }
    }

    /** A carriage return does not end a line unless ICRNL turns it into a newline. */
    @Test
    void aLineIsNeverCutWhereACarriageReturnIsData() throws Exception {
        try (PtyProcess process = ready(sh("stty -echo -icrnl; echo ready; head -n 1 | wc -c", LongLines.SPLIT))) {
            type(process, "x".repeat(3000) + "\r");
            type(process, "x".repeat(3000) + "\n");
            assertEquals("6002", line(process));
        }
    }

    @Test
    void aBareTerminalRefusesALongLineToo() throws Exception {
        try (Pty pty = Pty.open()) {
            assertThrows(IOException.class, () -> pty.ptmxOutputStream().write(ascii("x".repeat(LONG) + "\n")));
        }
    }

    @Test
    @Needs("bash")
    void bashGetsALongLineAsItsEditorIsNotCanonical() throws Exception {
        try (Screen screen = new Screen(PtyProcess.start("bash", "--norc", "-i"))) {
            screen.type("PS1=rea\"\"dy\n").await("ready");
            screen.type("x=" + "y".repeat(LONG) + "; echo le\"\"ngth ${#x}\n");
            screen.await("length " + LONG);
        }
    }
}
