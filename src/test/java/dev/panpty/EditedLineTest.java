package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.panpty.TerminalAttributes.ControlCharacter;
import dev.panpty.TerminalAttributes.InputFlag;
import dev.panpty.TerminalAttributes.LocalFlag;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.ProtocolRecorder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An edited line counts with the length that the kernel has, for refusal, for pushing and for the end of input. */
class EditedLineTest {

    private static final String READ = "trap '' INT; stty -echo; printf !; head -n 1 | wc -c; exec cat";
    private static final String X = "x".repeat(3000);
    private static final String Y = "y".repeat(2000);
    /** Keys that erase 3,000 bytes: VKILL, VWERASE, VERASE, VINTR. */
    private static final List<String> TAKEN_BACK = List.of("\25", "\27", "\177".repeat(3000), "\3");

    private static PtyProcess ready(PtyProcessBuilder builder) throws IOException {
        PtyProcess process = builder.start();
        awaitReady(process.getInputStream());
        return process;
    }

    private static void awaitReady(InputStream output) throws IOException {
        while (output.read() != '!') {
            continue; // until the shell prints that it is ready
        }
    }

    private static PtyProcessBuilder sh(String script) {
        return new PtyProcessBuilder("sh", "-c", script);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String line(InputStream output) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next; (next = output.read()) != '\n' && next >= 0; ) {
            line.append((char) next);
        }
        return line.toString().strip();
    }

    @EachWay
    void aLineThatWasTakenBackDoesNotCount() throws Exception {
        for (LongLines longLines : LongLines.values()) {
            for (String taken : TAKEN_BACK) {
                try (PtyProcess process = ready(sh(READ).longLines(longLines))) {
                    process.getOutputStream().write(bytes(X + taken + Y + "\n"));
                    assertEquals("2001", line(process.getInputStream()));
                }
            }
        }
    }

    @Test
    void aLineTakenBackInManyWritesDoesNotCount() throws Exception {
        for (String taken : TAKEN_BACK) {
            try (PtyProcess process = ready(sh(READ))) {
                for (byte key : bytes(X + taken + Y + "\n")) {
                    process.getOutputStream().write(key);
                }
                assertEquals("2001", line(process.getInputStream()));
            }
        }
    }

    @EachWay
    void inEventStyleALineThatWasTakenBackDoesNotCount() throws Exception {
        for (LongLines longLines : LongLines.values()) {
            for (String taken : TAKEN_BACK) {
                ProtocolRecorder recorder = new ProtocolRecorder();
                try (PtyProcess process = sh(READ).longLines(longLines).start(recorder)) {
                    recorder.awaitOutput("!");
                    process.write(bytes(X));
                    process.write(bytes(taken + Y + "\n"));
                    recorder.awaitOutput("2001\r\n");
                    assertEquals(List.of(), recorder.errors());
                }
            }
        }
    }

    @Test
    void onABareTerminalALineThatWasTakenBackDoesNotCount() throws Exception {
        for (String taken : TAKEN_BACK) {
            try (Pty pty = Pty.open()) {
                pty.attributes(pty.attributes().withEcho(false));
                pty.ptmxOutputStream().write(bytes(X + taken + Y + "\n"));
                assertEquals(Y, line(pty.ptsInputStream()));
            }
        }
    }

    @EachWay
    void whereSignalsDoNotFlushALineGoesOnAfterOne() throws Exception {
        try (PtyProcess process = ready(sh("stty noflsh; " + READ))) {
            assertThrows(IOException.class, () -> process.getOutputStream().write(bytes(X + "\3" + Y + "\n")));
            process.getOutputStream().write(bytes(X + "\3"));
            assertThrows(IOException.class, () -> process.getOutputStream().write(bytes(Y + "\n")));
            process.getOutputStream().write(bytes("y".repeat(1000) + "\n"));
            assertEquals("4001", line(process.getInputStream()));
        }
        ProtocolRecorder recorder = new ProtocolRecorder();
        try (PtyProcess process = sh("stty noflsh; " + READ).longLines(LongLines.REFUSE).start(recorder)) {
            recorder.awaitOutput("!");
            process.write(bytes(X + "\3"));
            assertThrows(IllegalArgumentException.class, () -> process.write(bytes(Y + "\n")));
            process.write(bytes("y".repeat(1000) + "\n"));
            recorder.awaitOutput("4001\r\n");
        }
    }

    /** The opposite: the byte of a key is data. */
    @EachWay
    void aQuotedKeyIsDataAndALineThatIsTooLongWithItIsRefused() throws Exception {
        try (PtyProcess process = ready(sh(READ))) {
            assertThrows(IOException.class, () -> process.getOutputStream().write(bytes(X + "\26\25" + Y + "\n")));
            process.getOutputStream().write(bytes(X + "\26"));
            assertThrows(IOException.class, () -> process.getOutputStream().write(bytes("\25" + Y + "\n")));
            process.getOutputStream().write(bytes("\nyy\n")); // a quoted newline does not end a line, but head counts one
            assertEquals("3001", line(process.getInputStream()));
        }
    }

    @Test
    void aLineIsNotPushedBetweenVlnextAndTheByteThatItQuotes() throws Exception {
        String fits = "x".repeat(4095);
        try (PtyProcess process = ready(sh("stty -echo; printf !; wc -c").longLines(LongLines.SPLIT))) {
            process.getOutputStream().write(bytes(fits + "\26"));
            process.getOutputStream().write(bytes("\4" + fits + "\26\4\n"));
            process.getOutputStream().close();
            assertEquals("8193", line(process.getInputStream()));
        }
    }

    @Test
    void markedBytesCountTwice() throws Exception {
        try (Pty pty = Pty.open()) {
            pty.attributes(pty.attributes().with(InputFlag.PARMRK, true).with(InputFlag.IUTF8, false).withEcho(false));
            assertThrows(IOException.class, () -> pty.ptmxOutputStream().write(bytes("\377".repeat(2048) + "\n")));
            pty.ptmxOutputStream().write(bytes("\377".repeat(2047) + "x\n"));
            assertEquals("\377".repeat(4094) + "x", line(pty.ptsInputStream()));
        }
    }

    /** Types the text; the program reads the expected text and then exactly one end of input. */
    private static void endsOnce(TerminalAttributes attributes, String typed, String expected) throws Exception {
        try (Pty pty = Pty.open()) {
            pty.attributes(attributes);
            InputStream input = pty.ptsInputStream();
            pty.ptmxOutputStream().write(bytes(typed));
            pty.ptmxOutputStream().close();
            assertEquals(expected, new String(input.readAllBytes(), StandardCharsets.ISO_8859_1));
            pty.attributes(attributes.with(LocalFlag.ICANON, false));
            assertEquals(0, input.available(), "a second end");
        }
    }

    @Test
    void theEndOfTheInputIsTypedOnceOrTwiceAsTheEditedLineNeedsIt() throws Exception {
        TerminalAttributes cooked = TerminalAttributes.cooked().withEcho(false);
        for (String taken : TAKEN_BACK) {
            endsOnce(cooked, X + taken, "");
            endsOnce(cooked, X + taken + "y", "y");
            endsOnce(cooked, X + taken + "y\n", "y\n");
        }
        endsOnce(cooked.with(LocalFlag.NOFLSH, true), X + "\3", X);
        endsOnce(cooked, "\n\25", "\n");
        endsOnce(cooked, "a\26\n", "a\n");
        endsOnce(cooked, "a\26\4", "a\4");
        endsOnce(cooked, "a\177", "");
        endsOnce(cooked, "\u00c3\u00a9\177", "");
        endsOnce(cooked, "a\4", "a");
        endsOnce(cooked, "\21\23", "");
        endsOnce(cooked, "\22", "\22");
        endsOnce(cooked.withEcho(true), "\22", "");
        endsOnce(cooked.with(LocalFlag.IEXTEN, false), "a\26\n", "a\26\n");
        endsOnce(cooked.with(InputFlag.IGNCR, true), "\r", "");
        endsOnce(cooked.with(InputFlag.ICRNL, false), "\r", "\r");
        endsOnce(cooked.with(InputFlag.INLCR, true).with(InputFlag.ICRNL, false), "\n", "\r");
        endsOnce(cooked.with(InputFlag.IUCLC, true).with(ControlCharacter.VEOL, 'a'), "A", "a");
        endsOnce(cooked.with(InputFlag.ISTRIP, true), "\u008a", "\n");
    }

    @EachWay
    void sendEndOfFileTypesOneVeof() throws Exception {
        try (PtyProcess process = ready(sh("stty -echo; printf !; cat; printf 1; cat; printf 2; exec cat"))) {
            process.getOutputStream().write(bytes(X + "\25"));
            process.sendEndOfFile();
            assertEquals('1', process.getInputStream().read());
            process.getOutputStream().write(bytes("y"));
            process.sendEndOfFile();
            assertEquals('y', process.getInputStream().read());
            process.sendEndOfFile();
            assertEquals('2', process.getInputStream().read());
        }
    }

    @EachWay
    void theInputOfAProcessEndsOnceAfterALineThatWasTakenBack() throws Exception {
        for (String taken : TAKEN_BACK) {
            try (PtyProcess process = ready(sh("trap '' INT; stty -echo; printf !; cat; printf 1; cat; printf 2"))) {
                process.getOutputStream().write(bytes(X + taken));
                process.getOutputStream().close();
                assertEquals('1', process.getInputStream().read());
                assertEquals(0, process.getInputStream().available());
            }
            ProtocolRecorder recorder = new ProtocolRecorder();
            try (PtyProcess process = sh("trap '' INT; stty -echo; printf !; cat; printf 1; cat; printf 2").start(recorder)) {
                recorder.awaitOutput("!");
                process.write(bytes(X + taken + "y"));
                process.closeStdin();
                recorder.awaitOutput("y1");
            }
        }
    }
}
