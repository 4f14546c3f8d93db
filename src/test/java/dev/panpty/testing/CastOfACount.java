package dev.panpty.testing;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.cast.CastFormat;
import dev.panpty.cast.Recorder;
import java.nio.file.Path;

/** A JVM that records a count without an end, until it is killed. Arguments: the file, the format, whether it is compressed. */
public final class CastOfACount implements ForkedJvm.Body {

    @Override
    public void run(String[] arguments) throws Exception {
        Recorder recorder = Recorder.to(Path.of(arguments[0]), CastFormat.valueOf(arguments[1]));
        if (Boolean.parseBoolean(arguments[2])) {
            recorder.gzip();
        }
        try (PtyProcess process = new PtyProcessBuilder("sh", "-c", "seq 1 2000000; read x").tap(recorder).start()) {
            process.drain();
            process.waitFor();
        }
    }
}
