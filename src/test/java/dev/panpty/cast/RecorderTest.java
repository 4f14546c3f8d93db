package dev.panpty.cast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.SpawnException;
import dev.panpty.TerminalAttributes;
import dev.panpty.TerminalAttributes.LocalFlag;
import dev.panpty.WindowSize;
import dev.panpty.testing.Await;
import dev.panpty.testing.CastOfManyBytes;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.LoggedErrors;
import dev.panpty.testing.Programs;
import dev.panpty.testing.TapRecorder;
import dev.panpty.testing.TapStyle;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a recorder writes, of real programs. */
@Timeout(120)
class RecorderTest {

    @TempDir
    Path folder;

    static List<CastEvent> events(Recording recording) throws IOException {
        try (Stream<CastEvent> events = recording.events()) {
            return events.toList();
        }
    }

    static String output(List<CastEvent> events) {
        return events.stream().filter(CastEvent.Output.class::isInstance).map(event -> ((CastEvent.Output) event).text())
                .collect(Collectors.joining());
    }

    static String input(List<CastEvent> events) {
        return events.stream().filter(CastEvent.Input.class::isInstance).map(event -> ((CastEvent.Input) event).text())
                .collect(Collectors.joining());
    }

    private static String numbers(int last) {
        return IntStream.rangeClosed(1, last).mapToObj(number -> number + "\r\n").collect(Collectors.joining());
    }

    /** Runs the program to its end, and waits for the file. */
    private static void record(PtyProcessBuilder builder, Recorder recorder) throws Exception {
        try (PtyProcess process = builder.tap(recorder).start()) {
            process.drain();
            process.onEnd().get();
            recorder.onEnd().get();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSessionIsRecordedInOrderInEachStyle(TapStyle style) throws Exception {
        Leaks.none(() -> {
            Path path = folder.resolve(style + ".cast");
            TapRecorder log = new TapRecorder();
            TapRecorder after = new TapRecorder();
            Instant before = Instant.now();
            Recorder recorder = Recorder.to(path).title("a \"title\" \u20ac").input();
            TapStyle.Reader reader = style.start(Programs.shell("read a; echo \"<$a>\"; stty size; read b; exit 3")
                    .windowSize(new WindowSize(30, 90)).tap(log).tap(recorder).tap(after));
            try (PtyProcess process = reader.process()) {
                style.write(process, "d\u00fcke\n".getBytes(StandardCharsets.UTF_8));
                Await.until("the size", () -> log.output().contains("30 90"));
                process.resize(new WindowSize(40, 100));
                recorder.marker("here");
                style.write(process, new byte[] {'\n'});
                process.onEnd().get();
                recorder.onEnd().get();
            }
            Recording recording = Recording.read(path);
            assertEquals(CastFormat.ASCIICAST_V3, recording.format());
            assertEquals(new WindowSize(30, 90), recording.windowSize());
            assertEquals("a \"title\" \u20ac", recording.title().orElseThrow());
            assertTrue(recording.command().orElseThrow().startsWith("sh -c 'read a;"), recording.command()::toString);
            assertFalse(recording.timestamp().orElseThrow().isBefore(before.minusSeconds(1)));
            List<CastEvent> events = events(recording);
            assertEquals("d\u00fcke\n\n", input(events));
            assertEquals("d\u00fcke\r\n<d\u00fcke>\r\n30 90\r\n\r\n", output(events));
            assertEquals(log.output(), after.output());
            assertInstanceOf(CastEvent.Input.class, events.getFirst());
            assertEquals(new CastEvent.Exit(recording.duration(), 3), events.getLast());
            List<String> kinds = new ArrayList<>(events.stream().map(event -> event.getClass().getSimpleName()).toList());
            kinds.removeIf(kind -> kind.equals("Output"));
            assertEquals(List.of("Input", "Resize", "Marker", "Input", "Exit"), kinds);
            Duration last = Duration.ZERO;
            for (CastEvent event : events) {
                assertTrue(event.time().compareTo(last) >= 0, events::toString);
                last = event.time();
            }
        });
    }

    /** The echo of each line comes after its input; the program's answers come in order, although input and output pour. */
    @ParameterizedTest
    @EnumSource
    void orderIsKeptUnderLoad(TapStyle style) throws Exception {
        Path path = folder.resolve(style + ".cast");
        Recorder recorder = Recorder.to(path).input();
        TapRecorder log = new TapRecorder().echoes();
        TerminalAttributes echoing = TerminalAttributes.raw().with(LocalFlag.ECHO, true);
        TapStyle.Reader reader = style.start(new PtyProcessBuilder("sh", "-c", "exec cat >/dev/null").attributes(echoing).tap(recorder).tap(log));
        StringBuilder typed = new StringBuilder();
        try (PtyProcess process = reader.process()) {
            for (int i = 0; i < 3000; i++) {
                String piece = i + ",";
                typed.append(piece);
                style.write(process, piece.getBytes(StandardCharsets.US_ASCII));
            }
            Await.until("the echo", () -> reader.readSize() == typed.length());
        }
        recorder.close();
        List<CastEvent> events = events(Recording.read(path));
        assertEquals(typed.toString(), input(events));
        assertEquals(typed.toString(), output(events));
        int ahead = 0;
        for (CastEvent event : events) {
            ahead += event instanceof CastEvent.Input input ? input.data().remaining() : 0;
            ahead -= event instanceof CastEvent.Output output ? output.data().remaining() : 0;
            assertTrue(ahead >= 0, "an echo before its input");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ASCIICAST_V1")
    void eachFormatHoldsALongOutput(CastFormat format) throws Exception {
        Path path = folder.resolve(format.toString());
        record(new PtyProcessBuilder("sh", "-c", "seq 200000; exit 7"), Recorder.to(path, format));
        Recording recording = Recording.read(path);
        assertEquals(format, recording.format());
        List<CastEvent> events = events(recording);
        assertEquals(numbers(200_000), output(events));
        boolean hasStatus = format != CastFormat.TTYREC && format != CastFormat.ASCIICAST_V2;
        assertEquals(hasStatus, events.getLast() instanceof CastEvent.Exit exit && exit.status() == 7);
        assertEquals(numbers(200_000).replace("\r", ""), recording.text());
        assertEquals(numbers(200_000), new String(recording.asInputStream().readAllBytes(), StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ASCIICAST_V1")
    void aCompressedRecordingIsReadByGzipAndByUs(CastFormat format) throws Exception {
        Path path = folder.resolve(format.toString());
        record(new PtyProcessBuilder("seq", "100000"), Recorder.to(path, format).gzip());
        try (GZIPInputStream plain = new GZIPInputStream(Files.newInputStream(path))) {
            assertTrue(plain.readAllBytes().length > numbers(100_000).length());
        }
        assertTrue(Files.size(path) < numbers(100_000).length() / 2);
        assertEquals(numbers(100_000), output(events(Recording.read(path))));
    }

    /** A flush a second: a reader gets what was recorded, while the program runs. */
    @Test
    void aCompressedRecordingIsReadWhileItIsWritten() throws Exception {
        Path path = folder.resolve("now.cast.gz");
        try (Recorder recorder = Recorder.to(path).gzip(); PtyProcess cat = new PtyProcessBuilder("cat").tap(recorder).start()) {
            cat.drain();
            for (int i = 1; i <= 2; i++) {
                int line = i;
                cat.getOutputStream().write((line + "line\n").getBytes(StandardCharsets.US_ASCII));
                Await.until("it is in the file", () -> outputSoFar(path).contains(line + "line\r\n" + line + "line\r\n"));
            }
        }
    }

    private static String outputSoFar(Path path) throws IOException {
        try {
            return output(events(Recording.read(path)));
        } catch (CastException noHeader) {
            return "";
        }
    }

    @Test
    void aReadOnlyFolderIsRefusedBeforeAnythingRuns() throws Exception {
        Path missing = folder.resolve("missing/x.cast");
        assertThrows(IOException.class, () -> Recorder.to(missing));
        assertThrows(IOException.class, () -> Recorder.to(folder.resolve("x"), missing, CastFormat.SCRIPT));
        assertFalse(Files.exists(folder.resolve("x")), "the log is not left behind");
        Path refused = Files.createDirectory(folder.resolve("refused"));
        Files.setPosixFilePermissions(refused, PosixFilePermissions.fromString("r-xr-xr-x"));
        Path place = Files.isWritable(refused) ? Path.of("/proc/x.cast") : refused.resolve("x.cast"); // root may write anywhere else
        assertThrows(IOException.class, () -> Recorder.to(place));
    }

    @Test
    void aStartThatFailsLeavesNoNewFileAndAnOldOneAsItWas() throws Exception {
        Path old = Files.writeString(folder.resolve("old.cast"), "old");
        Path fresh = folder.resolve("new.cast");
        for (Path path : List.of(old, fresh)) {
            try (Recorder recorder = Recorder.to(path)) {
                assertThrows(SpawnException.class, () -> new PtyProcessBuilder("/no/such/program").tap(recorder).start());
                assertThrows(IllegalStateException.class, () -> recorder.marker("none"));
                assertThrows(IllegalStateException.class, () -> recorder.resized(WindowSize.DEFAULT));
            }
        }
        assertEquals("old", Files.readString(old));
        assertFalse(Files.exists(fresh));
        record(new PtyProcessBuilder("true"), Recorder.to(old));
        assertEquals(CastFormat.ASCIICAST_V3, Recording.read(old).format());
    }

    @Test
    void closeEndsTheRecordingAndTheProgramGoesOn() throws Exception {
        Path path = folder.resolve("part.cast");
        Recorder recorder = Recorder.to(path);
        try (PtyProcess process = new PtyProcessBuilder("sh", "-c", "echo one; read a; echo two").tap(recorder).start()) {
            assertEquals("one", process.inputReader(StandardCharsets.UTF_8).readLine());
            recorder.close();
            recorder.close();
            process.getOutputStream().write('\n');
            process.drain();
            assertEquals(0, process.waitFor());
        }
        assertEquals("one\r\n", output(events(Recording.read(path))));
        assertThrows(IllegalStateException.class, recorder::gzip);
    }

    @Test
    void aRecorderRecordsOneProcess() throws Exception {
        Path path = folder.resolve("one.cast");
        Recorder recorder = Recorder.to(path);
        PtyProcessBuilder builder = new PtyProcessBuilder("echo", "x");
        record(builder, recorder);
        try (LoggedErrors log = new LoggedErrors(); PtyProcess second = builder.start()) {
            second.drain();
            assertEquals(0, second.waitFor());
            Await.until("the tap is removed and reported", () -> log.all().toString().contains("a recorder records one process"));
        }
        assertEquals("x\r\n", output(events(Recording.read(path))));
    }

    @Test
    void optionsAreChecked() throws Exception {
        assertThrows(IllegalArgumentException.class, () -> Recorder.to(folder.resolve("a"), CastFormat.ASCIICAST_V1));
        assertThrows(IllegalArgumentException.class, () -> Recorder.to(folder.resolve("a"), folder.resolve("b"), CastFormat.TTYREC));
        assertThrows(IllegalArgumentException.class, () -> Recorder.to(folder.resolve("a"), folder.resolve("a"), CastFormat.SCRIPT));
        assertFalse(Files.exists(folder.resolve("a")));
        try (Recorder recorder = Recorder.to(folder.resolve("b"), CastFormat.SCRIPT)) {
            assertThrows(IllegalStateException.class, recorder::input);
            assertThrows(IllegalArgumentException.class, () -> recorder.idleLimit(Duration.ZERO));
        }
    }

    @Test
    void aLimitOfAnyLengthLeavesAFileThatCanBeRead() throws Exception {
        Path path = folder.resolve("x.cast");
        record(new PtyProcessBuilder("true"), Recorder.to(path).idleLimit(ChronoUnit.FOREVER.getDuration()));
        assertEquals(Duration.ofDays(36_525), Recording.read(path).idleLimit().orElseThrow());
    }

    @Test
    void theHeaderHasTheVariablesThatAreAskedForAndTheLimit() throws Exception {
        Path path = folder.resolve("x.cast");
        PtyProcessBuilder builder = new PtyProcessBuilder("true");
        builder.environment().put("SHELL", "/bin/zsh");
        builder.environment().put("TERM", "vt100");
        builder.environment().put("PANPTY", "\u20ac");
        record(builder, Recorder.to(path).environment("PANPTY", "PANPTY_MISSING").idleLimit(Duration.ofMillis(1500)));
        Recording recording = Recording.read(path);
        assertEquals(java.util.Map.of("PANPTY", "\u20ac"), recording.environment());
        assertEquals("vt100", recording.terminalType().orElseThrow());
        assertEquals(Duration.ofMillis(1500), recording.idleLimit().orElseThrow());
        String line = Files.readString(path).lines().findFirst().orElseThrow();
        assertTrue(line.startsWith("{\"version\":3,\"term\":{\"cols\":80,\"rows\":24,\"type\":\"vt100\"},\"timestamp\":"), line);
        assertTrue(line.endsWith(",\"idle_time_limit\":1.500000,\"command\":\"true\",\"env\":{\"PANPTY\":\"\u20ac\"}}"), line);
        PtyProcessBuilder other = new PtyProcessBuilder("true");
        other.environment().put("SHELL", "/bin/zsh");
        other.environment().put("TERM", "vt100");
        Path second = folder.resolve("y.cast");
        record(other, Recorder.to(second, CastFormat.ASCIICAST_V2));
        String header = Files.readString(second).lines().findFirst().orElseThrow();
        assertTrue(header.contains("{\"version\":2,\"width\":80,\"height\":24,\"timestamp\":"), header);
        assertTrue(header.endsWith("\"env\":{\"SHELL\":\"/bin/zsh\",\"TERM\":\"vt100\"}}"), header);
    }

    @Test
    void memoryDoesNotGrowWithTheRecording() throws Exception {
        new ForkedJvm(CastOfManyBytes.class).options("-Xmx16m").arguments(folder.toString(), "20000000").run();
    }

    /** A program that ends before all is read, and a signal. */
    @Test
    void theStatusOfASignalIsThatOfAShell() throws Exception {
        Path path = folder.resolve("x.cast");
        record(new PtyProcessBuilder("sh", "-c", "echo x; kill -TERM $$"), Recorder.to(path));
        assertEquals(new CastEvent.Exit(Recording.read(path).duration(), 143), events(Recording.read(path)).getLast());
    }

    @Test
    void whatIsPlayedIntoARecorderIsTheSameRecording() throws Exception {
        Path first = folder.resolve("first.cast");
        record(new PtyProcessBuilder("sh", "-c", "seq 300000; exit 4"), Recorder.to(first));
        Path second = folder.resolve("second.cast");
        try (Recorder recorder = Recorder.to(second)) {
            Recording.read(first).play(recorder, Speed.UNLIMITED); // the recorder pauses the player where it is full
        }
        assertEquals(events(Recording.read(first)), events(Recording.read(second)));
        ByteArrayInputStream bytes = new ByteArrayInputStream(Files.readAllBytes(second));
        assertEquals(events(Recording.read(first)), events(Recording.read(bytes)));
    }
}
