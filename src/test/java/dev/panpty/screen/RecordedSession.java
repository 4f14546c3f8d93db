package dev.panpty.screen;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.WindowSize;
import dev.panpty.cast.Recorder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A program that is typed at, and recorded with a marker at each place that is to be looked at. */
final class RecordedSession implements AutoCloseable {

    private static final Duration QUIET = Duration.ofMillis(700);
    private static final Duration PAUSE = Duration.ofSeconds(8);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Screen screen = new Screen().answering();
    private final Recorded recorded;
    private final Recorder recorder;
    private final PtyProcess process;

    RecordedSession(Recorded recorded, List<String> command, Path home, Map<String, String> environment) throws IOException {
        this.recorded = recorded;
        recorder = Recorder.to(recorded.cast());
        PtyProcessBuilder builder = new PtyProcessBuilder(command).tap(recorder).tap(screen).directory(home);
        builder.environment().putAll(Map.of("TERM", "xterm-256color", "LANG", "C.UTF-8", "LC_ALL", "C.UTF-8", "HOME", home.toString()));
        builder.environment().putAll(environment);
        process = builder.start();
        process.drain();
    }

    /** When nothing has come for a while. */
    Snapshot settled() throws ScreenTimeoutException, InterruptedException {
        return screen.awaitSettled(QUIET, LIMIT);
    }

    /** When nothing has come for a while, and the condition is true, unless it does not come true for long. */
    Snapshot settled(Predicate<Snapshot> condition) throws ScreenTimeoutException, InterruptedException {
        try {
            settled();
            screen.await(condition, PAUSE);
        } catch (ScreenTimeoutException never) {
            return settled(); // it waits for a key without saying so
        }
        return settled();
    }

    void mark(String label) {
        recorder.marker(label);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** A size, a key or text to be typed. */
    void take(Object step) throws IOException {
        switch (step) {
            case WindowSize size -> process.resize(size);
            case Key key -> process.getOutputStream().write(key.encode(screen.snapshot().modes()));
            default -> process.getOutputStream().write(step.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Waits for the program. */
    void end() throws Exception {
        process.onEnd().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        process.close();
        recorder.close();
        System.out.println(recorded + " " + Files.size(recorded.cast()) + " bytes");
    }
}
