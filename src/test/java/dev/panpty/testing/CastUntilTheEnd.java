package dev.panpty.testing;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.cast.Recorder;
import java.nio.file.Path;

/** A JVM that ends while its recorder may have something to write. Argument: the file. */
public final class CastUntilTheEnd implements ForkedJvm.Body {

    @Override
    public void run(String[] arguments) throws Exception {
        PtyProcess process = new PtyProcessBuilder("sh", "-c", "seq 20000; read x").tap(Recorder.to(Path.of(arguments[0]))).start();
        byte[] last = "20000\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        for (int matched = 0; matched < last.length; ) {
            int next = process.getInputStream().read();
            matched = next == last[matched] ? matched + 1 : next == last[0] ? 1 : 0;
        }
    }
}
