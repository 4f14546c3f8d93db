package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.Needs;
import dev.panpty.testing.Programs;
import dev.panpty.testing.ProtocolRecorder;
import dev.panpty.testing.Screen;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The mode changes while a long line is being written. A line that becomes too long ends the write; a line that is no longer too long is
 * written. The kernel processes bytes that it accepted before by the mode at that time.
 */
@Timeout(120)
class LineModeTest {

    private static final int LONG = 100_000;
    /** More than the kernel accepts unread. */
    private static final int MOST_TAKEN = 40_000;
    private static final byte[] LINE = ("x".repeat(LONG) + "\n").getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    private static PtyProcess ready(PtyProcessBuilder builder) throws IOException {
        PtyProcess process = builder.start();
        while (process.getInputStream().read() != '!') {
            continue; // until the shell prints that it is ready
        }
        return process;
    }

    private static PtyProcessBuilder sh(String script, LongLines longLines) {
        return new PtyProcessBuilder("sh", "-c", script).longLines(longLines);
    }

    private static FutureTask<Void> writing(PtyProcess process) throws Exception {
        FutureTask<Void> write = new FutureTask<>(() -> {
            process.getOutputStream().write(LINE);
            return null;
        });
        Thread thread = Thread.ofVirtual().start(write);
        Await.blocked(thread);
        return write;
    }

    private static PartialWriteException partial(FutureTask<Void> write) {
        ExecutionException failed = assertThrows(ExecutionException.class, () -> write.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS));
        return assertInstanceOf(PartialWriteException.class, failed.getCause());
    }

    @EachWay
    @Needs("bash")
    void aLineForTheProgramThatAShellIsAboutToStartFailsTheWrite() throws Exception {
        Path file = folder.resolve("file");
        byte[] all = ("cat > " + file + "\n" + "x".repeat(LONG) + "\n").getBytes(StandardCharsets.US_ASCII);
        try (Screen screen = new Screen(PtyProcess.start("bash", "--norc", "-i"))) {
            screen.type("PS1=rea\"\"dy\n").await("ready");
            PartialWriteException partial =
                    assertThrows(PartialWriteException.class, () -> screen.process().getOutputStream().write(all));
            assertTrue(partial.bytesWritten() > 0 && partial.bytesWritten() < MOST_TAKEN, partial::getMessage);
            assertTrue(partial.getMessage().contains(partial.bytesWritten() + " of " + all.length), partial::getMessage);
            screen.process().getOutputStream().close();
            Await.until("cat has begun", () -> Files.exists(file));
            Await.until("cat has ended", () -> screen.process().foregroundProcessGroup().getAsInt() == screen.process().pid()
                    || screen.isEnded());
            assertTrue(Files.size(file) <= partial.bytesWritten(), () -> partial.getMessage());
        }
    }

    @EachWay
    @Needs("bash")
    void inEventStyleALineThatBecomesTooLongIsUnwrittenAndReported() throws Exception {
        Path file = folder.resolve("file");
        byte[] all = ("cat > " + file + "\n" + "x".repeat(LONG) + "\n").getBytes(StandardCharsets.US_ASCII);
        ProtocolRecorder recorder = new ProtocolRecorder();
        try (PtyProcess process = new PtyProcessBuilder("bash", "--norc", "-i").longLines(LongLines.REFUSE).start(recorder)) {
            byte[] prompt = "PS1=rea\"\"dy\n".getBytes(StandardCharsets.US_ASCII);
            process.write(prompt);
            recorder.awaitOutput("ready");
            process.write(all);
            recorder.awaitEvent("error");
            PartialWriteException partial = assertInstanceOf(PartialWriteException.class, recorder.errors().getFirst());
            assertEquals(prompt.length + all.length, partial.bytesWritten() + process.unwrittenBytes());
            assertTrue(process.unwrittenBytes() > LONG - MOST_TAKEN, partial::getMessage);
            assertEquals(0, process.pendingBytes());
            process.write(new byte[] {'\n', 4}); // ends the unfinished line
            process.write("echo go\"\"on\n".getBytes(StandardCharsets.US_ASCII));
            recorder.awaitOutput("goon");
        }
    }

    /** The program sets it, in mid-line. */
    @EachWay
    void aProgramThatSetsCanonicalModeEndsTheWrite() throws Exception {
        try (PtyProcess process = ready(sh("stty raw -echo; printf !; head -c 20000 >/dev/null; stty sane -echo; exec cat >/dev/null",
                LongLines.REFUSE))) {
            PartialWriteException partial = assertThrows(PartialWriteException.class, () -> process.getOutputStream().write(LINE));
            assertTrue(partial.bytesWritten() >= 20000 && partial.bytesWritten() < 20000 + MOST_TAKEN, partial::getMessage);
            process.getOutputStream().write("\nshort\n".getBytes(StandardCharsets.US_ASCII));
            process.getOutputStream().close();
            assertEquals(0, process.waitFor());
        }
    }

    /** We set it, in mid-line. */
    @EachWay
    void canonicalModeThatIsSetWhileAWriteWaitsEndsIt() throws Exception {
        Path go = folder.resolve("go");
        try (PtyProcess process = ready(sh("stty raw -echo; printf !; " + Programs.until(go) + "; exec cat >/dev/null", LongLines.REFUSE))) {
            FutureTask<Void> write = writing(process);
            process.attributes(TerminalAttributes.cooked().withEcho(false));
            Files.createFile(go);
            PartialWriteException partial = partial(write);
            assertTrue(partial.bytesWritten() > 0 && partial.bytesWritten() < MOST_TAKEN, partial::getMessage);
        }
    }

    @EachWay
    void inEventStyleCanonicalModeThatIsSetWhileBytesArePendingLeavesThemUnwritten() throws Exception {
        Path go = folder.resolve("go");
        ProtocolRecorder recorder = new ProtocolRecorder();
        try (PtyProcess process = sh("stty raw -echo; printf !; " + Programs.until(go) + "; cat >/dev/null", LongLines.REFUSE).start(recorder)) {
            recorder.awaitOutput("!");
            process.write(LINE);
            process.attributes(TerminalAttributes.cooked().withEcho(false));
            Files.createFile(go);
            recorder.awaitEvent("error");
            PartialWriteException partial = assertInstanceOf(PartialWriteException.class, recorder.errors().getFirst());
            assertEquals(LINE.length, partial.bytesWritten() + process.unwrittenBytes());
            process.closeStdin();
            recorder.awaitEnd();
            assertEquals(1, recorder.errors().size(), recorder.errors()::toString);
            assertEquals(LINE.length, partial.bytesWritten() + process.unwrittenBytes());
        }
    }

    /** In canonical mode the line would be cut; raw mode has no lines, so the rest is written. */
    @EachWay
    void rawModeThatIsSetWhileASplitLineIsWrittenTakesTheRestWithoutAPush() throws Exception {
        try (PtyProcess process = ready(sh("stty -echo eof ^D; printf !; head -c 5000 >/dev/null; stty raw -echo; head -c 60000 | tr -cd '\\004' | wc -c",
                LongLines.SPLIT))) {
            Thread.ofVirtual().start(writeAll(process));
            assertTrue(Integer.parseInt(line(process)) <= 4, "pushes in raw mode");
        }
    }

    @EachWay
    void inEventStyleRawModeTakesTheRestOfASplitLineWithoutAPush() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        try (PtyProcess process = sh("stty -echo eof ^D; printf !; head -c 5000 >/dev/null; stty raw -echo; head -c 60000 | tr -cd '\\004' | wc -c; echo over",
                LongLines.SPLIT).start(recorder)) {
            recorder.awaitOutput("!");
            process.write(LINE);
            recorder.awaitOutput("over");
            assertTrue(Integer.parseInt(recorder.text().replaceAll("(?s).*!", "").replaceAll("(?s)over.*", "").strip()) <= 4, recorder::text);
        }
    }

    private static FutureTask<Void> writeAll(PtyProcess process) {
        return new FutureTask<>(() -> {
            process.getOutputStream().write(LINE);
            return null;
        });
    }

    private static String line(PtyProcess process) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next; (next = process.getInputStream().read()) != '\n' && next >= 0; ) {
            line.append((char) next);
        }
        return line.toString().strip();
    }

    /** Complete lines pass in any mode, however often it changes. */
    @Test
    void shortLinesPassWhileTheModeChanges() throws Exception {
        byte[] lines = ("y".repeat(99) + "\n").repeat(3000).getBytes(StandardCharsets.US_ASCII);
        try (PtyProcess process = ready(sh("stty -echo; printf !; head -c 50000 >/dev/null; stty raw -echo; head -c 50000 >/dev/null; "
                + "stty sane -echo; cat >/dev/null", LongLines.REFUSE))) {
            process.getOutputStream().write(lines);
            process.getOutputStream().close();
            assertEquals(0, process.waitFor());
        }
    }
}
