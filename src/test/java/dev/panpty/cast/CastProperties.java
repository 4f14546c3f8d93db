package dev.panpty.cast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Any bytes in any chunks at any times, written and read. jqwik prints the seed. */
class CastProperties {

    private static final List<String> PIECES = List.of("a", "\u00c3\u00a9", "\u00e2\u0082\u00ac", "\u00f0\u009f\u0098\u0080", "\u00ff",
            "\u00c0\u0080", "\u00ed\u00a0\u0080", "\u00f4\u0090", "\0", "\r\n", "\33[0m", "\"", "\\", "\u007f", "\u0085", "\nScript done on x\n",
            "\u00e2\u0080\u00a8", "\n0.5 3\n");

    private static Path folder;

    @BeforeContainer
    static void makeFolder() throws IOException {
        folder = Files.createTempDirectory("panpty-cast");
    }

    @AfterContainer
    static void deleteFolder() throws IOException {
        for (String name : List.of("x", "x.timing")) {
            Files.deleteIfExists(folder.resolve(name));
        }
        Files.delete(folder);
    }

    /** A chunk: what it waits for, in nanoseconds, whether it is input, and its bytes. */
    record Chunk(long delay, boolean input, byte[] data) {

        @Override
        public String toString() {
            return delay + (input ? "<" : ">") + new String(data, StandardCharsets.ISO_8859_1);
        }
    }

    @Provide
    Arbitrary<List<Chunk>> chunks() {
        Arbitrary<String> any = Arbitraries.integers().between(0, 255).map(value -> String.valueOf((char) (int) value));
        Arbitrary<byte[]> bytes = Arbitraries.oneOf(Arbitraries.of(PIECES), any).list().ofMinSize(1).ofMaxSize(5)
                .map(pieces -> String.join("", pieces).getBytes(StandardCharsets.ISO_8859_1))
                .flatMap(data -> Arbitraries.integers().between(1, data.length).map(cut -> java.util.Arrays.copyOf(data, cut)));
        Arbitrary<Long> delays = Arbitraries.oneOf(Arbitraries.longs().between(0, 3000), Arbitraries.longs().between(0, 100_000_000_000_000L));
        return net.jqwik.api.Combinators.combine(delays, Arbitraries.of(true, false), bytes).as(Chunk::new).list().ofMaxSize(12);
    }

    private static List<CastEvent> events(List<Chunk> chunks) {
        List<CastEvent> events = new ArrayList<>();
        long time = 0;
        for (Chunk chunk : chunks) {
            time += chunk.delay;
            Duration at = Duration.ofNanos(time);
            ByteBuffer data = ByteBuffer.wrap(chunk.data);
            events.add(chunk.input ? new CastEvent.Input(at, data) : new CastEvent.Output(at, data));
        }
        return events;
    }

    private static byte[] joined(List<CastEvent> events, boolean input) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (CastEvent event : events) {
            ByteBuffer data = switch (event) {
                case CastEvent.Output output when !input -> output.data();
                case CastEvent.Input typed when input -> typed.data();
                default -> ByteBuffer.allocate(0);
            };
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            all.writeBytes(bytes);
        }
        return all.toByteArray();
    }

    private static Recording written(CastFormat format, List<CastEvent> events) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        write(Outputs.encoder(format, new StreamSink(file)), events);
        return Recording.read(new ByteArrayInputStream(file.toByteArray()));
    }

    private static void write(Encoder encoder, List<CastEvent> events) throws IOException {
        encoder.begin(Header.empty());
        for (CastEvent event : events) {
            encoder.event(event);
        }
        encoder.end(events.isEmpty() ? Duration.ZERO : events.getLast().time());
    }

    private static Recording script(CastFormat format, List<CastEvent> events) throws IOException {
        Path log = folder.resolve("x");
        List<FileSink> files = Outputs.open(log, Outputs.timing(log), format);
        for (FileSink file : files) {
            file.begin();
        }
        write(Outputs.encoder(format, files, List.copyOf(files)), events);
        for (FileSink file : files) {
            file.close();
        }
        return Recording.read(log);
    }

    private static Duration cut(Duration time) {
        return Duration.ofNanos(Decimal.micros(time) * 1000);
    }

    /** The same events, with their times in whole microseconds. */
    @Property(tries = 300)
    void advancedScriptKeepsEachChunk(@ForAll("chunks") List<Chunk> chunks) throws IOException {
        List<CastEvent> events = events(chunks);
        List<CastEvent> expected = new ArrayList<>();
        for (CastEvent event : events) {
            expected.add(event instanceof CastEvent.Output output ? new CastEvent.Output(cut(event.time()), output.data())
                    : new CastEvent.Input(cut(event.time()), ((CastEvent.Input) event).data()));
        }
        assertEquals(expected, RecorderTest.events(script(CastFormat.SCRIPT_ADVANCED, events)));
    }

    @Property(tries = 300)
    void classicScriptKeepsEachChunkOfOutput(@ForAll("chunks") List<Chunk> chunks) throws IOException {
        List<CastEvent> events = events(chunks);
        List<CastEvent> expected = new ArrayList<>();
        for (CastEvent event : events) {
            if (event instanceof CastEvent.Output output) {
                expected.add(new CastEvent.Output(cut(event.time()), output.data()));
            }
        }
        assertEquals(expected, RecorderTest.events(script(CastFormat.SCRIPT, events)));
    }

    @Property
    void ttyrecKeepsEachByteOfOutput(@ForAll("chunks") List<Chunk> chunks) throws IOException {
        List<CastEvent> events = events(chunks);
        byte[] output = joined(events, false);
        if (output.length > 0) {
            Recording recording = written(CastFormat.TTYREC, events);
            assertArrayEquals(output, joined(RecorderTest.events(recording), false));
            assertArrayEquals(output, recording.asInputStream().readAllBytes());
        }
    }

    /** No event ends inside a character: each text is whole, and all of them joined are what one decoder makes of all bytes. */
    @Property
    void asciicastHasTheTextThatOneDecoderMakes(@ForAll("chunks") List<Chunk> chunks, @ForAll boolean third) throws IOException {
        List<CastEvent> events = events(chunks);
        Recording recording = written(third ? CastFormat.ASCIICAST_V3 : CastFormat.ASCIICAST_V2, events);
        List<CastEvent> read = RecorderTest.events(recording);
        assertEquals(new String(joined(events, false), StandardCharsets.UTF_8), RecorderTest.output(read));
        assertEquals(new String(joined(events, true), StandardCharsets.UTF_8), RecorderTest.input(read));
        for (CastEvent event : read) {
            String text = event instanceof CastEvent.Output output ? output.text() : ((CastEvent.Input) event).text();
            assertEquals(text.replace("\ufffd", "").length(), text.codePoints().filter(point -> point != 0xfffd).map(Character::charCount).sum());
        }
        if (!read.isEmpty()) {
            assertEquals(0, read.getLast().time().toNanos() % 1000);
        }
    }

    /** A file of one asciicast version converted to the other and back has the same events. */
    @Property(tries = 200)
    void conversionIsLossless(@ForAll("chunks") List<Chunk> chunks) throws IOException {
        Recording third = written(CastFormat.ASCIICAST_V3, events(chunks));
        ByteArrayOutputStream second = new ByteArrayOutputStream();
        third.convert(second, CastFormat.ASCIICAST_V2);
        ByteArrayOutputStream again = new ByteArrayOutputStream();
        Recording.read(new ByteArrayInputStream(second.toByteArray())).convert(again, CastFormat.ASCIICAST_V3);
        assertEquals(RecorderTest.events(third), RecorderTest.events(Recording.read(new ByteArrayInputStream(again.toByteArray()))));
    }

    /** Whatever the bytes are: events, or a refusal that names its place. */
    @Property
    void noBytesBreakAReader(@ForAll("heads") String head, @ForAll("chunks") List<Chunk> chunks) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
        chunks.forEach(chunk -> file.writeBytes(chunk.data));
        Path path = folder.resolve("x");
        Files.write(path, file.toByteArray());
        Files.writeString(Outputs.timing(path), "0.5 3\n0.25 100\n");
        try {
            Recording.read(path).duration();
        } catch (CastException refused) {
            assertEquals(0, refused.getMessage().indexOf(path.toString()));
        }
    }

    @Provide
    Arbitrary<String> heads() {
        return Arbitraries.of("", "{\"version\":2,\"width\":80,\"height\":24}\n", "{\"version\":3,\"term\":{\"cols\":80,\"rows\":24}}\n[", "[",
                "{\"version\":1,\"width\":1,\"height\":1,\"stdout\":[[", "Script started on ", "Script started on 2020\n", "H 0.0 A b\nO ",
                "O 0.5 3\n", "\1\0\0\0\2\0\0\0\3\0\0\0", "\u001f\u008b", "\u001f\u008b\u0008\0\0\0\0\0\0\u00ff");
    }
}
