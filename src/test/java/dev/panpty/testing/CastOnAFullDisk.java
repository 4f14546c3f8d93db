package dev.panpty.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.cast.CastFormat;
import dev.panpty.cast.Recorder;
import dev.panpty.cast.Recording;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Records more than the disk takes, in all formats with a protocol, else in one. Arguments: the style, the folder of the disk. */
public final class CastOnAFullDisk implements ForkedJvm.Body {

    @Override
    public void run(String[] arguments) throws Exception {
        TapStyle style = TapStyle.valueOf(arguments[0]);
        Path disk = Path.of(arguments[1]);
        for (CastFormat format : CastFormat.values()) {
            if (format == CastFormat.ASCIICAST_V3 || style == TapStyle.PROTOCOL && format != CastFormat.ASCIICAST_V1) {
                record(style, disk.resolve(format + ".1"), format, false, "seq 200000");
                record(style, disk.resolve(format + ".2"), format, true, "head -c 600000 /dev/urandom | od -An -v -tx1");
            }
        }
    }

    private static void record(TapStyle style, Path path, CastFormat format, boolean compressed, String script) throws Exception {
        try (LoggedErrors log = new LoggedErrors()) {
            Recorder recorder = Recorder.to(path, format);
            if (compressed) {
                recorder.gzip();
            }
            TapStyle.Reader reader = style.start(new PtyProcessBuilder("sh", "-c", script + "; read x; echo over").tap(recorder));
            byte[] read;
            try (PtyProcess process = reader.process()) {
                assertThrows(java.util.concurrent.ExecutionException.class, () -> recorder.onEnd().get());
                style.write(process, new byte[] {'\n'});
                read = reader.allRead();
                assertEquals(0, process.waitFor());
            }
            String all = new String(read, StandardCharsets.US_ASCII);
            assertTrue(all.endsWith("over\r\n"));
            Await.until("the report", () -> log.all().size() + reader.errors().size() == 1);
            String report = log.all().toString() + reader.errors();
            assertTrue(report.contains("recording to " + path + " has ended: No space left on device"), report);
            assertThrows(IOException.class, recorder::close);
            byte[] recorded;
            try (InputStream output = Recording.read(path).asInputStream()) {
                recorded = output.readAllBytes();
            }
            assertTrue(recorded.length > 10_000, () -> path + " has " + recorded.length);
            assertTrue(all.startsWith(new String(recorded, StandardCharsets.US_ASCII)), path.toString());
            if (compressed) {
                try (GZIPInputStream whole = new GZIPInputStream(Files.newInputStream(path))) {
                    assertTrue(whole.readAllBytes().length > recorded.length); // its trailer is there
                }
            } else if (!format.hasTimingFile() && format != CastFormat.TTYREC) {
                assertTrue(Files.readString(path).endsWith("]\n"));
            }
        }
        try (var files = Files.list(path.getParent())) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }
}
