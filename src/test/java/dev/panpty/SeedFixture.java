package dev.panpty;

import dev.panpty.testing.ProtocolRecorder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of Twisted's names share: processes with a recorder, ended after the test. */
abstract class SeedFixture {

    static final String RAW_CAT = "stty raw -echo; printf R; exec cat";

    @TempDir
    Path folder;

    private final List<PtyProcess> started = new ArrayList<>();

    /** The protocol of the process. */
    ProtocolRecorder recorder = new ProtocolRecorder();

    final PtyProcess start(PtyProcessBuilder builder) throws Exception {
        PtyProcess process = builder.start(recorder);
        started.add(process);
        return process;
    }

    final PtyProcess sh(String script) throws Exception {
        return start(new PtyProcessBuilder("sh", "-c", script));
    }

    final PtyProcess rawCat() throws Exception {
        PtyProcess process = sh(RAW_CAT);
        recorder.awaitOutput("R");
        return process;
    }

    /** It reads nothing. */
    final PtyProcess deaf() throws Exception {
        PtyProcess process = sh("stty raw -echo; printf R; exec sleep 1000");
        recorder.awaitOutput("R");
        return process;
    }

    @AfterEach
    void end() throws Exception {
        for (PtyProcess process : started) {
            process.abortConnection();
            process.destroyForcibly();
            process.onEnd().get(20, TimeUnit.SECONDS);
        }
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static ByteBuffer buffer(String text) {
        return ByteBuffer.wrap(ascii(text));
    }
}
