package dev.panpty.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.TerminalAttributes;
import dev.panpty.TerminalTap;
import dev.panpty.cast.CastFormat;
import dev.panpty.cast.Recorder;
import dev.panpty.cast.Recording;
import dev.panpty.cast.Speed;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** A JVM with a small heap that records, reads, plays and converts much output. Arguments: the folder, how many bytes. */
public final class CastOfManyBytes implements ForkedJvm.Body {

    private static final class Counter implements TerminalTap {

        private long bytes;

        @Override
        public void output(ByteBuffer data) {
            bytes += data.remaining();
        }
    }

    @Override
    public void run(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        long bytes = Long.parseLong(arguments[1]);
        for (CastFormat format : new CastFormat[] {CastFormat.ASCIICAST_V3, CastFormat.SCRIPT_ADVANCED, CastFormat.TTYREC}) {
            Path path = folder.resolve(format.toString());
            time(format + " recorded", bytes, () -> record(path, format, bytes));
            Recording recording = Recording.read(path);
            time(format + " read", bytes, () -> assertEquals(bytes, count(recording)));
            Counter played = new Counter();
            time(format + " played", bytes, () -> recording.play(played, Speed.UNLIMITED));
            assertEquals(bytes, played.bytes);
            Path other = folder.resolve("converted");
            time(format + " converted", bytes, () -> recording.convert(other, CastFormat.ASCIICAST_V2));
            assertEquals(bytes, count(Recording.read(other)));
            Files.delete(other);
            Files.delete(path);
        }
    }

    private static void record(Path path, CastFormat format, long bytes) throws Exception {
        Recorder recorder = Recorder.to(path, format);
        String command = "yes 'a line of output that is neither short nor very long, \u00e4' | head -c " + bytes;
        PtyProcessBuilder builder = new PtyProcessBuilder("sh", "-c", command).attributes(TerminalAttributes.raw()).tap(recorder);
        ProtocolRecorder protocol = new ProtocolRecorder() {
            @Override
            public void outReceived(ByteBuffer data) {
                // dropped
            }
        };
        try (recorder; PtyProcess process = format == CastFormat.ASCIICAST_V3 ? builder.start(protocol) : builder.start()) {
            if (format != CastFormat.ASCIICAST_V3) {
                process.drain();
            }
            process.onEnd().get();
        }
    }

    private static long count(Recording recording) throws Exception {
        byte[] buffer = new byte[1 << 16];
        long bytes = 0;
        try (InputStream output = recording.asInputStream()) {
            for (int count = output.read(buffer); count >= 0; count = output.read(buffer)) {
                bytes += count;
            }
        }
        return bytes;
    }

    private static void time(String what, long bytes, Step step) throws Exception {
        long start = System.nanoTime();
        step.run();
        long millis = Math.max(1, (System.nanoTime() - start) / 1_000_000);
        System.out.println(what + ": " + bytes / 1000 / millis + " MB/s");
    }

    private interface Step {
        void run() throws Exception;
    }
}
