package dev.panpty.sshd;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.WindowSize;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A program of this machine on a terminal, as a person uses it. */
final class Console implements AutoCloseable {

    private static final long LIMIT_SECONDS = 60;

    private final PtyProcess process;
    private final AtomicReference<String> output = new AtomicReference<>("");
    private volatile boolean ended; // written by the reading thread: all output is there

    private Console(PtyProcess process) {
        this.process = process;
    }

    static Console start(List<String> command) throws IOException {
        PtyProcessBuilder builder = new PtyProcessBuilder(command).windowSize(new WindowSize(30, 100));
        builder.environment().put("TERM", "xterm-256color");
        Console console = new Console(builder.start());
        Thread.ofVirtual().start(console::read);
        return console;
    }

    private void read() {
        try (InputStream in = process.getInputStream()) {
            byte[] bytes = new byte[8192];
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                String more = new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
                output.updateAndGet(before -> before + more);
            }
        } catch (IOException closed) {
            output.updateAndGet(before -> before + "\n" + closed);
        } finally {
            ended = true;
        }
    }

    PtyProcess process() {
        return process;
    }

    void type(String text) throws IOException {
        process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Waits for text behind what was awaited before. */
    void await(String text) throws Exception {
        Await.until("\"" + text + "\"", () -> {
            boolean isComplete = ended;
            int at = output.get().indexOf(text);
            if (at < 0) {
                if (isComplete) {
                    throw new AssertionError("ended, without \"" + text + "\" in: " + output.get());
                }
                return false;
            }
            output.updateAndGet(before -> before.substring(at + text.length()));
            return true;
        });
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("still running: " + process + " " + output.get());
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.close();
    }
}
