package dev.panpty.cast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.ExitStatus;
import dev.panpty.Tapped;
import dev.panpty.TerminalTap;
import dev.panpty.WindowSize;
import dev.panpty.testing.TapRecorder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read, what is not, and how it is played. */
@Timeout(60)
class RecordingTest {

    /** As the asciinema CLI writes it, with what others add. */
    private static final String THIRD = """
            {"version": 3, "term": {"cols": 100, "rows": 30, "type": "xterm", "theme": {"fg": "#ffffff", "bg": "#000000"}}, \
            "timestamp": 1700000000, "idle_time_limit": 2.5, "command": "vim", "title": "a title", "env": {"SHELL": "/bin/zsh", "NONE": null}, "tags": [1, true]}
            # a comment

            [0.5, "o", "a\\u001b[1mb\\r\\n"]
            [0.25, "i", "x"]
              # another
            [0.25, "r", "120x40"]
            [1, "m", "chapter"]
            [0.000001, "z", "unknown"]
            [0, "o", "\\ud83d\\ude00\\u20ac"]
            [2e-1, "x", "3"]
            """;

    private static final String SECOND = """
            {"version": 2, "width": 80, "height": 24, "timestamp": 1700000000.7, "env": {"TERM": "vt220"}, "theme": {"fg": "#fff"}}
            [0.248848, "o", "one"]
            [1.001376, "o", "two", "more"]
            [0.9, "o", "back"]
            """;

    @TempDir
    Path folder;

    private static Recording read(String text) throws IOException {
        return Recording.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static ByteBuffer bytes(String text) {
        return StandardCharsets.UTF_8.encode(text);
    }

    private static Duration micros(long micros) {
        return Duration.of(micros, java.time.temporal.ChronoUnit.MICROS);
    }

    private static List<String> texts(Recording recording) throws IOException {
        return RecorderTest.events(recording).stream().map(event -> ((CastEvent.Output) event).text()).toList();
    }

    @Test
    void thirdVersionIsReadAsSpecified() throws Exception {
        Recording recording = read(THIRD);
        assertEquals(CastFormat.ASCIICAST_V3, recording.format());
        assertEquals(new WindowSize(30, 100), recording.windowSize());
        assertEquals(Instant.ofEpochSecond(1_700_000_000), recording.timestamp().orElseThrow());
        assertEquals(Duration.ofMillis(2500), recording.idleLimit().orElseThrow());
        assertEquals("vim", recording.command().orElseThrow());
        assertEquals("a title", recording.title().orElseThrow());
        assertEquals(Map.of("SHELL", "/bin/zsh"), recording.environment());
        assertEquals("xterm", recording.terminalType().orElseThrow());
        assertEquals(List.of(
                new CastEvent.Output(micros(500_000), bytes("a\33[1mb\r\n")),
                new CastEvent.Input(micros(750_000), bytes("x")),
                new CastEvent.Resize(micros(1_000_000), new WindowSize(40, 120)),
                new CastEvent.Marker(micros(2_000_000), "chapter"),
                new CastEvent.Other(micros(2_000_001), "z", "unknown"),
                new CastEvent.Output(micros(2_000_001), bytes("\ud83d\ude00\u20ac")),
                new CastEvent.Exit(micros(2_200_001), 3)), RecorderTest.events(recording));
        assertEquals(micros(2_200_001), recording.duration());
        assertEquals("ab\n\ud83d\ude00\u20ac", recording.text());
        assertEquals("ASCIICAST_V3 of vim", recording.toString());
    }

    @Test
    void aControlCharacterInsideASequenceCountsAsBeforeIt() throws IOException {
        String header = "{\"version\":2,\"width\":80,\"height\":24}\n";
        assertEquals("a\nb\tc\nd", read(header + "[0,\"o\",\"a\\u001b[3\\n1mb\\u001b[\\tmc\\u001b\\r\\n(Bd\\u001b]0;t\\nu\\u0007\"]\n").text());
    }

    @Test
    void secondVersionHasTimesSinceTheStart() throws Exception {
        Recording recording = read(SECOND);
        assertEquals(CastFormat.ASCIICAST_V2, recording.format());
        assertEquals("vt220", recording.terminalType().orElseThrow());
        assertEquals(Instant.ofEpochSecond(1_700_000_000, 700_000_000), recording.timestamp().orElseThrow());
        assertEquals(List.of(new CastEvent.Output(micros(248_848), bytes("one")), new CastEvent.Output(micros(1_001_376), bytes("two")),
                new CastEvent.Output(micros(1_001_376), bytes("back"))), RecorderTest.events(recording));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"version\":1,\"width\":80,\"height\":24,\"duration\":1.5,\"command\":\"sh\",\"env\":{},\"stdout\":[[0.5,\"a\"],[1.0,\"b\"]]}",
        "{\n  \"version\": 1,\n  \"width\": 80, \"height\": 24,\n  \"stdout\": [\n    [0.5, \"a\"],\n    [1, \"b\"]\n  ]\n}\n"})
    void firstVersionIsOneDocument(String document) throws Exception {
        Recording recording = read(document);
        assertEquals(CastFormat.ASCIICAST_V1, recording.format());
        assertEquals(List.of(new CastEvent.Output(micros(500_000), bytes("a")), new CastEvent.Output(micros(1_500_000), bytes("b"))),
                RecorderTest.events(recording));
    }

    @Test
    void eachPrefixOfAFileIsReadUpToItsTornTail() throws Exception {
        List<CastEvent> all = RecorderTest.events(read(THIRD));
        byte[] bytes = THIRD.getBytes(StandardCharsets.UTF_8);
        int header = THIRD.indexOf('\n');
        int most = 0;
        for (int length = header; length <= bytes.length; length++) {
            List<CastEvent> events = RecorderTest.events(Recording.read(new ByteArrayInputStream(bytes, 0, length)));
            assertEquals(all.subList(0, events.size()), events);
            assertTrue(events.size() >= most);
            most = events.size();
        }
        assertEquals(all.size(), most);
        assertThrows(CastException.class, () -> Recording.read(new ByteArrayInputStream(bytes, 0, header - 1)));
    }

    /** The cut line may have got its end. */
    @Test
    void aTornLineThatIsClosedOffIsATailToo() throws Exception {
        assertEquals(List.of("one", "two", "back"), texts(read(SECOND + "[2.5, \"o\", \"cu\n")));
        assertEquals(List.of("one", "two", "back"), texts(read(SECOND + "\0\0\0\0")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "[1, \"o\"]                  | an event is not [time, code, data]",
        "[\"1\", \"o\", \"x\"]       | an event is not [time, code, data]",
        "{\"a\": 1}                  | an event is not an array",
        "[1, \"o\", \"x\"            | the text ends at character 13",
        "[1, \"o\", \"x\"] 2         | more after the value at character 15",
        "[-1, \"o\", \"x\"]          | not a time: -1",
        "[1e99, \"o\", \"x\"]        | not a time: 1e99",
        "[1e999999999, \"o\", \"x\"] | not a time: 1e999999999",
        "[01, \"o\", \"x\"]          | not a value at character 2",
        "[1, \"r\", \"80\"]          | not COLUMNSxROWS: 80",
        "[1, \"r\", \"80x70000\"]    | rows is not 0..65535: 70000",
        "[1, \"x\", \"ok\"]          | not an exit status: ok",
        "[1, \"o\", \"\\q\"]         | an unknown escape at character 13",
        "[1, \"o\", \"\\u12\"]       | not four hexadecimal digits at character 15",
        "hello                       | not a value at character 1"})
    void aLineThatCannotBeTakenIsNamed(String line, String cause) throws Exception {
        Recording recording = read(SECOND + line + "\n[9, \"o\", \"after\"]\n");
        CastException refused = assertThrows(CastException.class, recording::duration);
        assertEquals("stream, line 5 (byte " + SECOND.length() + "): " + cause, refused.getMessage());
        assertEquals(5, refused.line().orElseThrow());
        assertEquals(SECOND.length(), refused.offset());
        try (Stream<CastEvent> events = recording.events()) {
            assertThrows(UncheckedIOException.class, events::count);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"version\":4}                                       | line 1 (byte 0): version 4 of asciicast is not known",
        "{\"version\":2,\"width\":80}                          | line 1 (byte 0): no height",
        "{\"version\":2,\"width\":-1,\"height\":1}             | line 1 (byte 0): width is not 0..65535: -1",
        "{\"version\":3,\"width\":80,\"height\":24}            | line 1 (byte 0): no term",
        "{\"version\":3,\"term\":[]}                           | line 1 (byte 0): term is not an object",
        "{\"version\":\"3\"}                                   | line 1 (byte 0): version is not a number",
        "{\"width\":80}                                        | line 1 (byte 0): no version",
        "{\"version\":3,\"term\":{\"cols\":1,\"rows\":1},\"title\":3} | line 1 (byte 0): title is not a string",
        "{\"version\":3,                                       | line 1 (byte 0): the text ends at character 14",
        "12.5 13                                               | byte 0: one of the two files of script(1): give the log and its timing file",
        "Script started on                                     | byte 0: not a recording of a known format",
        "PK\u0003\u0004 and so on                              | byte 0: not a recording of a known format"})
    void aHeaderThatCannotBeTakenIsNamed(String text, String cause) {
        CastException refused = assertThrows(CastException.class, () -> read(text));
        assertEquals("stream, " + cause, refused.getMessage());
    }

    @Test
    void anEmptyFileIsNoRecording() {
        assertEquals("stream, byte 0: the file is empty", assertThrows(CastException.class, () -> read("")).getMessage());
    }

    /** A time that sums of nanoseconds could not hold. */
    @ParameterizedTest
    @ValueSource(strings = {"[99999999999, \"o\", \"x\"]", "[3155760000, \"o\", \"x\"]\n[0.1, \"o\", \"x\"]"})
    void aTimeAfterAHundredYearsIsRefused(String events) throws Exception {
        Recording recording = read("{\"version\":3,\"term\":{\"cols\":80,\"rows\":24}}\n" + events + "\n[0, \"o\", \"y\"]\n");
        assertThrows(CastException.class, () -> recording.play(new TerminalTap() { }, Speed.UNLIMITED));
    }

    /** Nesting and numbers that cost memory or time elsewhere. */
    @Test
    void hostileJsonIsRefused() {
        assertThrows(CastException.class, () -> read("{\"version\":" + "[".repeat(100_000)));
        assertThrows(CastException.class, () -> read("{\"version\":2,\"width\":80,\"height\":24,\"idle_time_limit\":1e-99999999999}"));
        assertThrows(CastException.class, () -> read("{\"version\":2,\"width\":80,\"height\":24,\"timestamp\":" + "9".repeat(50) + "}"));
    }

    @Test
    void halfASurrogatePairAndMalformedUtf8BecomeReplacements() throws Exception {
        byte[] second = SECOND.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(second);
        file.writeBytes("[2, \"o\", \"\\ud83d-".getBytes(StandardCharsets.US_ASCII));
        file.write(0xff);
        file.writeBytes("\"]\n".getBytes(StandardCharsets.US_ASCII));
        assertEquals("\ufffd-\ufffd", texts(Recording.read(new ByteArrayInputStream(file.toByteArray()))).getLast());
    }

    @Test
    void ttyrecIsReadWithATornTail() throws Exception {
        ByteBuffer frames = ByteBuffer.allocate(100).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        frames.putInt(1_700_000_000).putInt(999_999).putInt(3).put(new byte[] {'a', (byte) 0xff, 0});
        frames.putInt(1_700_000_001).putInt(1).putInt(1).put((byte) 'b');
        frames.putInt(1_700_000_000).putInt(0).putInt(5).put(new byte[] {'c', 'd'});
        byte[] bytes = java.util.Arrays.copyOf(frames.array(), frames.position());
        Recording recording = Recording.read(new ByteArrayInputStream(bytes));
        assertEquals(CastFormat.TTYREC, recording.format());
        assertEquals(List.of(new CastEvent.Output(Duration.ZERO, ByteBuffer.wrap(new byte[] {'a', (byte) 0xff, 0})),
                new CastEvent.Output(micros(2), bytes("b")), new CastEvent.Output(micros(2), bytes("cd"))), RecorderTest.events(recording));
        bytes[15 + 4 + 3] = 0x7f;
        CastException refused = assertThrows(CastException.class, Recording.read(new ByteArrayInputStream(bytes))::duration);
        assertTrue(refused.getMessage().startsWith("stream, byte 15: not the head of a frame: "), refused.getMessage());
        assertEquals(15, refused.offset());
        assertTrue(refused.line().isEmpty());
    }

    /** The first byte of a frame is that of its seconds, which may be the begin of a JSON text. */
    @ParameterizedTest
    @ValueSource(ints = {'{', '\n' | '{' << 8, 1_700_000_000 & ~0xff | '{', '0' | ' ' << 8 | '1' << 16, 'H' | ' ' << 8})
    void ttyrecIsRecognizedInAnySecond(int second) throws Exception {
        ByteBuffer frame = ByteBuffer.allocate(100).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        frame.putInt(second).putInt(0).putInt(1).put((byte) 'b');
        Recording recording = Recording.read(new ByteArrayInputStream(frame.array(), 0, frame.position()));
        assertEquals(CastFormat.TTYREC, recording.format());
    }

    @Test
    void aCompressedFileIsReadUpToItsTornTail() throws Exception {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(file, 512, true)) {
            gzip.write(SECOND.getBytes(StandardCharsets.UTF_8));
            gzip.flush();
            assertEquals(List.of("one", "two", "back"), texts(Recording.read(new ByteArrayInputStream(file.toByteArray()))));
            gzip.write("[2.0, \"o\", \"last\"]\n".getBytes(StandardCharsets.UTF_8));
        }
        assertEquals(List.of("one", "two", "back", "last"), texts(Recording.read(new ByteArrayInputStream(file.toByteArray()))));
        byte[] cut = java.util.Arrays.copyOf(file.toByteArray(), file.size() - 9);
        assertEquals(List.of("one", "two", "back"), texts(Recording.read(new ByteArrayInputStream(cut))).subList(0, 3));
    }

    @Test
    void playingTellsATapAllOfIt() throws Exception {
        TapRecorder tap = new TapRecorder();
        Recording recording = read(THIRD);
        recording.play(tap, Speed.UNLIMITED);
        assertEquals(List.of(), tap.faults());
        assertEquals(List.of("started", "output", "input", "resized 40 120", "output", "ended"), tap.events());
        assertEquals("x", tap.input());
        assertEquals(new ExitStatus.Exited(3), tap.status());
        Tapped terminal = tap.terminal();
        assertEquals(List.of("vim"), terminal.command());
        assertEquals(Map.of("SHELL", "/bin/zsh", "TERM", "xterm"), terminal.environment());
        assertEquals(new WindowSize(40, 120), terminal.windowSize());
        assertTrue(terminal.pid() > 0 && terminal.foregroundProcess().isEmpty() && terminal.foregroundProcessGroup().isEmpty());
        assertFalse(terminal.reply(ByteBuffer.allocate(3)));
        assertEquals(3, terminal.droppedReplyBytes());
        assertThrows(IOException.class, terminal::attributes);
        TapRecorder second = new TapRecorder();
        read(SECOND).play(second, Speed.UNLIMITED);
        assertTrue(second.status() instanceof ExitStatus.Unknown);
        assertEquals("onetwoback", second.output());
    }

    @Test
    void playingUntilAMomentDoesNotWaitAndDoesNotEnd() throws Exception {
        String slow = SECOND + "[3600, \"o\", \"late\"]\n";
        TapRecorder tap = new TapRecorder();
        read(slow).playUntil(tap, micros(248_848));
        assertEquals("one", tap.output());
        assertEquals(List.of("started", "output"), tap.events());
        TapRecorder whole = new TapRecorder();
        read(slow).playUntil(whole, Duration.ofHours(1));
        assertEquals("onetwobacklate", whole.output());
        assertEquals("ended", whole.events().getLast());
    }

    private static long nanosOf(Recording recording, Speed speed) throws Exception {
        long start = System.nanoTime();
        recording.play(OutputStream.nullOutputStream(), speed);
        return System.nanoTime() - start;
    }

    /** Lower bounds alone: a loaded machine is late. */
    @Test
    void theSpeedAndTheIdleLimitDecideHowLongItTakes() throws Exception {
        Recording recording = read("{\"version\":2,\"width\":80,\"height\":24,\"idle_time_limit\":0.2}\n[0.1,\"o\",\"a\"]\n[3600,\"o\",\"b\"]\n");
        assertTrue(nanosOf(recording, Speed.NORMAL) >= TimeUnit.MILLISECONDS.toNanos(300));
        assertTrue(nanosOf(recording, Speed.times(3)) >= TimeUnit.MILLISECONDS.toNanos(100));
        assertTrue(nanosOf(recording, Speed.NORMAL.idleLimit(Duration.ofMillis(50))) >= TimeUnit.MILLISECONDS.toNanos(100));
        assertThrows(IllegalArgumentException.class, () -> Speed.times(0));
        assertThrows(IllegalArgumentException.class, () -> Speed.times(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> Speed.NORMAL.idleLimit(Duration.ofNanos(-1)));
        assertEquals(Speed.times(2).idleLimit(Duration.ZERO), Speed.times(2).idleLimit(Duration.ZERO));
    }

    @Test
    void aPlayerThatWaitsIsInterrupted() throws Exception {
        Recording recording = read("{\"version\":2,\"width\":80,\"height\":24}\n[3600,\"o\",\"b\"]\n");
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> recording.play(new TerminalTap() { }, Speed.NORMAL));
    }

    @Test
    void theTapsTimeIsTheRecordedOne() throws Exception {
        StringBuilder times = new StringBuilder();
        read(THIRD).play(new TerminalTap() {

            private Tapped terminal;
            private long start;

            @Override
            public void started(Tapped started) {
                terminal = started;
                start = started.nanoTime();
            }

            @Override
            public void output(ByteBuffer data) {
                times.append((terminal.nanoTime() - start) / 1000).append(' ');
            }
        }, Speed.UNLIMITED);
        assertEquals("500000 2000001 ", times.toString());
    }

    @Test
    void conversionKeepsWhatTheFormatHas() throws Exception {
        Recording third = read(THIRD);
        ByteArrayOutputStream second = new ByteArrayOutputStream();
        third.convert(second, CastFormat.ASCIICAST_V2);
        Recording converted = Recording.read(new ByteArrayInputStream(second.toByteArray()));
        assertEquals(RecorderTest.events(third).subList(0, 6), RecorderTest.events(converted));
        ByteArrayOutputStream again = new ByteArrayOutputStream();
        converted.convert(again, CastFormat.ASCIICAST_V3);
        String line = again.toString(StandardCharsets.UTF_8).lines().findFirst().orElseThrow();
        assertEquals("{\"version\":3,\"term\":{\"cols\":100,\"rows\":30,\"type\":\"xterm\",\"theme\":{\"fg\":\"#ffffff\",\"bg\":\"#000000\"}},"
                + "\"timestamp\":1700000000,\"idle_time_limit\":2.500000,\"command\":\"vim\",\"title\":\"a title\","
                + "\"env\":{\"SHELL\":\"/bin/zsh\",\"TERM\":\"xterm\"}}", line);
        for (CastFormat format : List.of(CastFormat.SCRIPT_ADVANCED, CastFormat.SCRIPT, CastFormat.TTYREC)) {
            Path path = folder.resolve(format.toString());
            third.convert(path, format);
            Recording there = Recording.read(path);
            assertEquals(format, there.format());
            assertEquals(third.text(), there.text());
            if (format == CastFormat.SCRIPT_ADVANCED) {
                assertEquals(Recording.read(Path.of(path + ".timing")).duration(), there.duration());
                assertEquals(List.of("Output", "Input", "Resize", "Output", "Exit"),
                        RecorderTest.events(there).stream().map(event -> event.getClass().getSimpleName()).toList());
                assertEquals(third.windowSize(), there.windowSize());
                assertEquals(third.timestamp(), there.timestamp());
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            if (format.hasTimingFile()) {
                assertThrows(IllegalArgumentException.class, () -> third.convert(out, format));
            } else {
                third.convert(out, format);
                assertEquals(out.size(), Files.size(path));
            }
        }
        assertThrows(IllegalArgumentException.class, () -> third.convert(new ByteArrayOutputStream(), CastFormat.ASCIICAST_V1));
        Path path = folder.resolve("own.cast");
        third.convert(path, CastFormat.ASCIICAST_V3);
        assertThrows(IllegalArgumentException.class, () -> Recording.read(path).convert(path, CastFormat.ASCIICAST_V2));
        assertEquals(RecorderTest.events(third), RecorderTest.events(Recording.read(path)));
    }

    /** Each interval is rounded, and the sum is right: a third of a second, ten thousand times. */
    @Test
    void roundingDoesNotDrift() throws Exception {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        Sink sink = new StreamSink(file);
        Encoder encoder = Outputs.encoder(CastFormat.ASCIICAST_V3, sink);
        encoder.begin(Header.empty());
        Duration time = Duration.ZERO;
        for (int i = 0; i < 10_000; i++) {
            time = Duration.ofSeconds(i + 1).dividedBy(3);
            encoder.event(new CastEvent.Output(time, bytes("x")));
        }
        encoder.end(time);
        Duration read = Recording.read(new ByteArrayInputStream(file.toByteArray())).duration();
        assertEquals(Decimal.micros(time), Decimal.micros(read));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {
        "`a\33[1;31mred\33[0m b`, `ared b`", "`\33]0;title\7x\33]8;;http://a\33\\link\33]8;;\33\\`, `xlink`",
        "`\33P1$r0m\33\\a\33_apc\33\\b`, `ab`", "`\33(Ba\33Mb\33=c`, `abc`", "`\u009b1mx\u009d0;t\u009cy`, `xy`", "`1%\r2%\r\n3`, `1%\n2%\n3`",
        "`a\7\b\tb\177`, `a\tb`", "`\33[1\30x\33[2\33[0my`, `xy`"})
    void textHasNoEscapes(String output, String plain) {
        for (int cut = 0; cut <= output.length(); cut++) {
            PlainText text = new PlainText();
            text.add(output.substring(0, cut));
            text.add(output.substring(cut));
            assertEquals(plain, text.toString());
        }
    }

    @Test
    void theStreamOfTheOutputIsAnInputStream() throws Exception {
        InputStream stream = read(SECOND).asInputStream();
        assertEquals('o', stream.read());
        assertEquals(2, stream.available());
        byte[] buffer = new byte[10];
        assertEquals(0, stream.read(buffer, 3, 0));
        assertEquals(2, stream.read(buffer, 1, 9));
        assertEquals("twoback", new String(stream.readAllBytes(), StandardCharsets.US_ASCII));
        assertEquals(-1, stream.read());
        stream.close();
        assertThrows(IOException.class, stream::read);
    }

    @Test
    void anEventKeepsACopyOfItsData() {
        byte[] data = {'a', 'b'};
        CastEvent.Output output = new CastEvent.Output(Duration.ZERO, ByteBuffer.wrap(data));
        data[0] = 'x';
        output.data().get();
        assertEquals("ab", output.text());
        assertEquals(new CastEvent.Output(Duration.ZERO, bytes("ab")), output);
        assertTrue(output.data().isReadOnly());
        assertThrows(IllegalArgumentException.class, () -> new CastEvent.Marker(Duration.ofNanos(-1), ""));
        assertEquals("Output[time=PT0S, text=ab]", output.toString());
    }

    @Test
    void shellWordsAreOneLineForAShell() throws Exception {
        List<String> words = List.of("a", "b c", "it's", "", "x\ny\\'", "$HOME", "\u00e9", "-o=/x:1");
        String line = ShellWords.join(words);
        assertEquals(1, line.lines().count());
        Path script = Files.writeString(folder.resolve("script"), "printf '%s\\0' " + line);
        Process bash = new ProcessBuilder("bash", script.toString()).start();
        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(words.stream().collect(Collectors.joining("\0")) + "\0", said);
    }
}
