package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Needs;
import dev.panpty.testing.ProtocolRecorder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A user pastes one long line, and a protocol's callback writes it, as a terminal in a browser does: unless it is set otherwise, each
 * program reads every byte, in canonical and raw mode, and no callback throws.
 */
class LongPasteTest {

    private static final List<Integer> SIZES = List.of(4_095, 4_096, 10_000, 100_000);
    private static final String PASTED = "go\n";

    /** Types the paste inside a callback, when the program has said that it is ready. */
    private static final class Paster extends ProtocolRecorder {

        private final String ready;
        private final byte[] paste;
        private boolean pasted;

        Paster(String ready, String paste) {
            this.ready = ready;
            this.paste = paste.getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        public void outReceived(ByteBuffer data) {
            super.outReceived(data);
            if (!pasted && text().contains(ready)) {
                pasted = true;
                transport().write(paste);
            }
        }
    }

    private static void paste(String ready, String text, String answer, String... command) throws Exception {
        Paster paster = new Paster(ready, text);
        try (PtyProcess process = new PtyProcessBuilder(command).start(paster)) {
            paster.awaitOutput(answer);
            assertEquals(List.of(), paster.errors());
            assertEquals(0, process.unwrittenBytes());
        }
    }

    @Test
    void catReadsIt() throws Exception {
        for (int size : SIZES) {
            paste("R", "x".repeat(size) + "\n", "x".repeat(size) + "\r\n", "sh", "-c", "stty -echo; echo R; cat");
        }
    }

    @Test
    void catInRawModeReadsIt() throws Exception {
        for (int size : SIZES) {
            paste("R", "x".repeat(size) + "\n", "x".repeat(size) + "\n", "sh", "-c", "stty raw -echo; echo R; cat");
        }
    }

    /** It reads byte by byte until the newline. */
    @Test
    void readOfAShellReadsItAsOneLine() throws Exception {
        for (int size : SIZES) {
            paste("R", "x".repeat(size) + "\n", "(" + size + ")", "sh", "-c", "stty -echo; echo R; read line; echo \"(${#line})\"");
        }
    }

    /** Standard I/O joins the pieces. */
    @Test
    @Needs("python3")
    void inputOfPythonReadsItAsOneLine() throws Exception {
        for (int size : SIZES) {
            paste("R", "x".repeat(size) + "\n", "(" + size + ")", "python3", "-c",
                    "import os, sys; os.system('stty -echo'); print('R', flush=True); print('(%d)' % len(sys.stdin.readline().rstrip()))");
        }
    }

    /** Its line editor reads in raw mode. */
    @Test
    @Needs("bash")
    void bashReadsIt() throws Exception {
        for (int size : SIZES) {
            paste("rea" + "dy", "x=" + "y".repeat(size) + "; echo \"(${#x})\"\n", "(" + size + ")",
                    "bash", "--norc", "-c", "PS1=ready exec bash --norc -i");
        }
    }

    /** Without a line editor the terminal is canonical. */
    @Test
    @Needs("bash")
    void bashWithoutALineEditorReadsIt() throws Exception {
        for (int size : SIZES) {
            paste("ready", "x=" + "y".repeat(size) + "; echo \"(${#x})\"\n", "(" + size + ")",
                    "bash", "--norc", "-c", "PS1=ready exec bash --norc --noediting -i");
        }
    }

    @Test
    @Needs("python3")
    void thePythonPromptReadsIt() throws Exception {
        for (int size : List.of(4_095, 4_096, 10_000)) {
            paste(">>> ", "x = '" + "y".repeat(size) + "'; print('(%d)' % len(x))\n", "(" + size + ")", "python3", "-q", "-i");
        }
    }

    @Test
    void whereItIsSetALongPasteIsRefused() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = new PtyProcessBuilder("sh", "-c", "stty -echo; echo R; wc -c").longLines(LongLines.REFUSE).start(recorder);
        recorder.awaitOutput("R");
        assertThrows(IllegalArgumentException.class, () -> process.write(("x".repeat(4_096) + "\n").getBytes(StandardCharsets.US_ASCII)));
        process.write(PASTED.getBytes(StandardCharsets.US_ASCII));
        process.closeStdin();
        recorder.awaitEnd().assertOrderly();
        assertTrue(recorder.text().endsWith("R\r\n3\r\n"), recorder::text);
    }
}
