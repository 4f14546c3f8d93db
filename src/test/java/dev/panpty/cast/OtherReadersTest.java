package dev.panpty.cast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.WindowSize;
import dev.panpty.testing.Await;
import dev.panpty.testing.Needs;
import dev.panpty.testing.TapRecorder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Our recordings in the hands of the programs that others wrote, and theirs in ours. */
@Timeout(120)
class OtherReadersTest {

    /** Bytes that are no UTF-8 too, for formats that keep them. */
    private static final String SCRIPT = "printf 'h\\303\\244\\302\\200\\033[1mbold\\033[0m \\360\\237\\230\\200\\n'; seq 3000; read a; stty size; exit 3";

    @TempDir
    Path folder;

    private static byte[] run(Path folder, String... command) throws IOException, InterruptedException {
        Path said = Files.createTempFile(folder, "said", "");
        Process process = new ProcessBuilder(command).directory(folder.toFile())
                .redirectOutput(said.toFile()).redirectError(folder.resolve("errors").toFile()).start();
        process.getOutputStream().close();
        int status = process.waitFor();
        String errors = Files.readString(folder.resolve("errors"), StandardCharsets.ISO_8859_1);
        assertEquals(0, status, () -> Arrays.toString(command) + ": " + errors);
        return Files.readAllBytes(said);
    }

    /** It needs a terminal. */
    private byte[] asciinemaCat(Path path) throws IOException, InterruptedException {
        Path said = folder.resolve("said");
        try (PtyProcess cat = new PtyProcessBuilder("sh", "-c", "LC_ALL=C.UTF-8 asciinema cat \"$1\" >\"$2\"", "sh", path.toString(),
                said.toString()).start()) {
            assertEquals("", new String(cat.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            assertEquals(0, cat.waitFor());
        }
        return Files.readAllBytes(said);
    }

    /** Records the script, with input and a new size; returns its output. */
    private byte[] recorded(Recorder recorder, String script) throws Exception {
        TapRecorder log = new TapRecorder();
        try (PtyProcess process = new PtyProcessBuilder("bash", "-c", script).tap(recorder).tap(log).start()) {
            process.drain();
            Await.until("all numbers", () -> log.output().contains("3000"));
            process.resize(new WindowSize(33, 111));
            process.getOutputStream().write("x\n".getBytes(StandardCharsets.US_ASCII));
            process.onEnd().get();
            recorder.onEnd().get();
        }
        return log.output().getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    @Needs("asciinema")
    void asciinemaReadsVersionTwo() throws Exception {
        Path path = folder.resolve("two.cast");
        byte[] output = recorded(Recorder.to(path, CastFormat.ASCIICAST_V2).input().title("t"), SCRIPT);
        assertArrayEquals(output, asciinemaCat(path));
    }

    @Test
    @Needs("asciinema")
    void whatAsciinemaRecordsIsReadAndReadBackAfterAConversion() throws Exception {
        Path path = folder.resolve("theirs.cast");
        run(folder, "sh", "-c", "LC_ALL=C.UTF-8 TERM=xterm exec asciinema rec --title \"$(printf '\\303\\244')\" --command \"printf 'a\\r\\n\\303\\244b'\" \"$1\"",
                "sh", path.toString());
        Recording recording = Recording.read(path);
        assertEquals(CastFormat.ASCIICAST_V2, recording.format());
        assertEquals("\u00e4", recording.title().orElseThrow());
        assertEquals("a\n\u00e4b", recording.text().replace("\n\n", "\n"));
        Path third = folder.resolve("third.cast");
        recording.convert(third, CastFormat.ASCIICAST_V3);
        Path again = folder.resolve("again.cast");
        Recording.read(third).convert(again, CastFormat.ASCIICAST_V2);
        assertEquals(recording.text(), Recording.read(again).text());
        assertArrayEquals(asciinemaCat(path), asciinemaCat(again));
    }

    private static String between(byte[] said, byte[] output) {
        String all = new String(said, StandardCharsets.ISO_8859_1);
        String wanted = new String(output, StandardCharsets.ISO_8859_1);
        assertTrue(all.startsWith(wanted), () -> "replayed " + all.length() + " of " + wanted.length());
        return all.substring(wanted.length());
    }

    @Test
    @Needs("scriptreplay")
    void scriptreplayReadsTheClassicForm() throws Exception {
        Path path = folder.resolve("typescript");
        byte[] output = recorded(Recorder.to(path, CastFormat.SCRIPT), SCRIPT + " $'\\xff\\xfe'");
        byte[] said = run(folder, "scriptreplay", "--divisor", "100000", "--timing", path + ".timing", "--typescript", path.toString());
        assertEquals("\n", between(said, output));
    }

    @Test
    @Needs("scriptreplay")
    void scriptreplayReadsTheAdvancedForm() throws Exception {
        Path path = folder.resolve("session");
        byte[] output = recorded(Recorder.to(path, CastFormat.SCRIPT_ADVANCED).input(), SCRIPT);
        String timing = path + ".timing";
        byte[] said = run(folder, "scriptreplay", "--divisor", "100000", "--log-timing", timing, "--log-io", path.toString());
        assertEquals("\n", between(said, output));
        String input = new String(run(folder, "scriptreplay", "--divisor", "100000", "--stream", "in", "--log-timing", timing,
                "--log-io", path.toString()), StandardCharsets.US_ASCII);
        assertEquals("x\n", input.strip() + "\n");
        String summary = new String(run(folder, "scriptreplay", "--summary", "--log-timing", timing, "--log-io", path.toString()),
                StandardCharsets.UTF_8);
        assertTrue(summary.matches("(?s).*EXIT_CODE: +3\n.*"), summary);
        String signals = new String(run(folder, "scriptreplay", "--divisor", "100000", "--stream", "signal", "--log-timing", timing,
                "--log-io", path.toString()), StandardCharsets.UTF_8);
        assertTrue(signals.contains("ROWS=33 COLS=111"), signals);
    }

    @Test
    @Needs("script")
    void whatScriptRecordsIsRead() throws Exception {
        String command = "printf 'a\\377b\\n'; read x; echo $x; exit 3"; // no %: script(1) of util-linux 2.36 takes it for a format
        Path log = folder.resolve("log");
        Path timing = folder.resolve("timing");
        Process script = new ProcessBuilder("script", "--return", "--quiet", "--log-timing", timing.toString(), "--log-out", log.toString(),
                "--log-in", folder.resolve("input").toString(), "--command", command).directory(folder.toFile())
                .redirectOutput(folder.resolve("said").toFile()).redirectErrorStream(true).start();
        script.getOutputStream().write("typed\n".getBytes(StandardCharsets.US_ASCII));
        script.getOutputStream().flush();
        assertEquals(3, script.waitFor());
        for (Recording recording : List.of(Recording.read(timing), Recording.read(log, timing))) {
            List<CastEvent> events = RecorderTest.events(recording);
            assertEquals(CastFormat.SCRIPT_ADVANCED, recording.format());
            assertEquals(command, recording.command().orElseThrow());
            assertTrue(recording.timestamp().isPresent());
            assertEquals("typed\n", RecorderTest.input(events));
            byte[] output = recording.asInputStream().readAllBytes();
            assertTrue(new String(output, StandardCharsets.ISO_8859_1).contains("a\u00ffb\r\n"));
            assertEquals(new CastEvent.Exit(recording.duration(), 3), events.getLast());
        }
        run(folder, "script", "--quiet", "--timing=classic", "--command", "printf 'one\\n'; exit 0", "typescript");
        Recording classic = Recording.read(folder.resolve("typescript"), folder.resolve("classic"));
        assertEquals(CastFormat.SCRIPT, classic.format());
        List<CastEvent> events = RecorderTest.events(classic);
        assertEquals("one\r\n", RecorderTest.output(events));
        assertEquals(new CastEvent.Exit(classic.duration(), 0), events.getLast());
    }

    @Test
    @Needs({"ttyplay", "ttytime"})
    void ttyplayReadsTtyrec() throws Exception {
        Path path = folder.resolve("x.tty");
        byte[] output = recorded(Recorder.to(path, CastFormat.TTYREC), SCRIPT);
        assertArrayEquals(output, run(folder, "env", "TERM=dumb", "ttyplay", "-n", path.toString()));
        Path timed = folder.resolve("y.tty");
        Path cast = Files.writeString(folder.resolve("y.cast"), "{\"version\":2,\"width\":80,\"height\":24,\"timestamp\":1700000000}\n"
                + "[1.5,\"o\",\"a\"]\n[8.75,\"o\",\"b\"]\n");
        Recording.read(cast).convert(timed, CastFormat.TTYREC);
        String times = new String(run(folder, "ttytime", timed.toString()), StandardCharsets.US_ASCII);
        assertEquals("7", times.strip().split("\\s+")[0]);
    }

    @Test
    @Needs("ttyrec")
    void whatTtyrecRecordsIsRead() throws Exception {
        try (PtyProcess process = new PtyProcessBuilder("ttyrec", "-e", "printf 'a\\377b\\n'", folder.resolve("x.tty").toString()).start()) {
            process.getInputStream().readAllBytes();
            process.waitFor();
        }
        Recording recording = Recording.read(folder.resolve("x.tty"));
        assertEquals(CastFormat.TTYREC, recording.format());
        assertEquals("a\u00ffb\r\n", new String(recording.asInputStream().readAllBytes(), StandardCharsets.ISO_8859_1));
    }

    /** Written by hand, as older versions do: a date and a decimal comma of their locale, no size. */
    @Test
    void olderTypescriptsAreRead() throws Exception {
        Path log = Files.writeString(folder.resolve("old"), "Script started on Mi 01 Jan 2014 12:00:00 CET\nonetwo\nScript done on x\n");
        Files.writeString(folder.resolve("old.timing"), "0,500000 3\n1,250000 3\n0.1");
        Recording recording = Recording.read(log);
        List<CastEvent> expected = new ArrayList<>();
        expected.add(new CastEvent.Output(Duration.ofMillis(500), ByteBuffer.wrap("one".getBytes(StandardCharsets.US_ASCII))));
        expected.add(new CastEvent.Output(Duration.ofMillis(1750), ByteBuffer.wrap("two".getBytes(StandardCharsets.US_ASCII))));
        assertEquals(expected, RecorderTest.events(recording));
        assertEquals(WindowSize.DEFAULT, recording.windowSize());
        assertTrue(recording.timestamp().isEmpty());
    }
}
