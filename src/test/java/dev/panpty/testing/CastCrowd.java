package dev.panpty.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.WindowSize;
import dev.panpty.cast.CastEvent;
import dev.panpty.cast.CastFormat;
import dev.panpty.cast.Recorder;
import dev.panpty.cast.Recording;
import dev.panpty.cast.Speed;
import dev.panpty.screen.Screen;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A recorder and a recording, used by many threads at once. */
public final class CastCrowd {

    /** The methods of a recorder that this calls. */
    public static final Set<String> CALLED_TO_RECORD = Set.of("to(Path)", "to(Path,CastFormat)", "to(Path,Path,CastFormat)", "title(String)",
            "environment(String[])", "idleLimit(Duration)", "input()", "gzip()", "marker(String)", "onEnd()", "close()", "toString()");

    /** The methods of a recording that this calls. */
    public static final Set<String> CALLED_TO_PLAY = Set.of("read(Path)", "read(Path,Path)", "read(InputStream)", "format()", "windowSize()",
            "timestamp()", "idleLimit()", "command()", "title()", "environment()", "terminalType()", "events()", "duration()",
            "play(TerminalTap,Speed)", "play(OutputStream,Speed)", "playUntil(TerminalTap,Duration)", "convert(OutputStream,CastFormat)",
            "convert(Path,CastFormat)", "text()", "asInputStream()", "toString()");

    private static final int THREADS = 8;
    private static final int ROUNDS = 10;
    private static final String CAST = """
            {"version":2,"width":80,"height":24,"timestamp":1,"idle_time_limit":2,"command":"x","title":"t","env":{"TERM":"xterm"}}
            [0.5,"o","one\\r\\n"]
            [1.5,"o","two\\r\\n"]
            """;

    private CastCrowd() {}

    /** Records and plays in a folder. */
    public static void run(Path folder) throws Exception {
        record(folder);
        play(folder);
    }

    private static void record(Path folder) throws Exception {
        Path shared = folder.resolve("shared.cast");
        AtomicInteger marked = new AtomicInteger();
        Recorder recorder = Recorder.to(shared);
        try (recorder; PtyProcess cat = new PtyProcessBuilder("cat").tap(recorder).start()) {
            Crowd.run(THREADS, (number, count) -> {
                recorder.marker(number + " " + count);
                marked.incrementAndGet();
                assertTrue(!recorder.onEnd().isDone() && recorder.toString().contains("shared.cast"));
                unused(folder.resolve(number + " " + count));
                return count < ROUNDS;
            });
            Crowd.run(THREADS, (number, count) -> {
                recorder.close();
                recorder.onEnd().get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
                return false;
            });
            assertTrue(cat.isAlive());
        }
        try (Stream<CastEvent> events = Recording.read(shared).events()) {
            assertEquals(marked.get(), events.filter(CastEvent.Marker.class::isInstance).count());
        }
    }

    /** Each thread sets the options of its own. */
    private static void unused(Path name) throws IOException {
        Recorder.to(name).title("title").environment("TERM").idleLimit(Duration.ofSeconds(1)).input().gzip().close();
        Recorder.to(name, CastFormat.TTYREC).close();
        Recorder.to(name, name.resolveSibling(name.getFileName() + ".t"), CastFormat.SCRIPT).close();
        assertTrue(Files.notExists(name));
    }

    private static void play(Path folder) throws Exception {
        Path cast = Files.writeString(folder.resolve("played.cast"), CAST);
        Path log = folder.resolve("log");
        Recording recording = Recording.read(cast);
        recording.convert(log, CastFormat.SCRIPT);
        Crowd.run(THREADS, (number, count) -> {
            assertEquals("one\ntwo\n", recording.text());
            assertEquals("one\ntwo\n", Recording.read(log, folder.resolve("log.timing")).text());
            assertEquals("one\ntwo\n", Recording.read(new java.io.ByteArrayInputStream(CAST.getBytes(StandardCharsets.UTF_8))).text());
            header(recording);
            assertEquals(Duration.ofMillis(1500), recording.duration());
            try (Stream<CastEvent> events = recording.events()) {
                assertEquals(2, events.count());
            }
            Screen screen = new Screen();
            recording.playUntil(screen, Duration.ofSeconds(1));
            assertEquals("one", screen.snapshot().text());
            recording.play(screen, Speed.UNLIMITED);
            assertEquals("one\none\ntwo", screen.snapshot().text());
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            recording.play(bytes, Speed.UNLIMITED);
            try (InputStream stream = recording.asInputStream()) {
                assertEquals(bytes.toString(StandardCharsets.UTF_8), new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            }
            recording.convert(bytes, CastFormat.ASCIICAST_V3);
            Path copy = folder.resolve("copy " + number);
            recording.convert(copy, CastFormat.TTYREC);
            assertEquals("one\ntwo\n", Recording.read(copy).text());
            return count < ROUNDS;
        });
    }

    private static void header(Recording recording) {
        assertEquals(CastFormat.ASCIICAST_V2, recording.format());
        assertEquals(new WindowSize(24, 80), recording.windowSize());
        assertEquals(1, recording.timestamp().orElseThrow().getEpochSecond());
        assertEquals(Duration.ofSeconds(2), recording.idleLimit().orElseThrow());
        assertEquals("x", recording.command().orElseThrow());
        assertEquals("t", recording.title().orElseThrow());
        assertEquals("xterm", recording.environment().get("TERM"));
        assertEquals("xterm", recording.terminalType().orElse("xterm"));
        assertEquals("ASCIICAST_V2 of x", recording.toString());
    }
}
