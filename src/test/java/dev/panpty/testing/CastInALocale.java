package dev.panpty.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.cast.CastFormat;
import dev.panpty.cast.Recorder;
import dev.panpty.cast.Recording;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A JVM in a locale whose digits, decimal separator or letter case differ: converts a recording to all formats, and records. Arguments: the
 * recording, the folder of the results, what a number is there.
 */
public final class CastInALocale implements ForkedJvm.Body {

    @Override
    public void run(String[] arguments) throws Exception {
        assertEquals(URLDecoder.decode(arguments[2], StandardCharsets.UTF_8), String.format("%.1f", 1.5));
        Path folder = Path.of(arguments[1]);
        Recording recording = Recording.read(Path.of(arguments[0]));
        for (CastFormat format : CastFormat.values()) {
            if (format != CastFormat.ASCIICAST_V1) {
                recording.convert(folder.resolve(format.toString()), format);
                assertEquals(recording.text(), Recording.read(folder.resolve(format.toString())).text());
                record(folder.resolve("recorded"), format);
            }
        }
    }

    private static void record(Path path, CastFormat format) throws Exception {
        Recorder recorder = Recorder.to(path, format);
        try (recorder; PtyProcess process = new PtyProcessBuilder("echo", "TITLE i \u0130").tap(recorder).start()) {
            process.drain();
            process.onEnd().get();
        }
        assertEquals("TITLE i \u0130\n", Recording.read(path).text());
        try (Stream<Path> files = Files.list(path.getParent())) {
            for (Path file : files.filter(each -> each.getFileName().toString().startsWith("recorded")).toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertTrue(format == CastFormat.TTYREC || text.replace("\u00c4\u00b0", "").chars().allMatch(unit -> unit < 0x7f), text);
                Files.delete(file);
            }
        }
    }
}
