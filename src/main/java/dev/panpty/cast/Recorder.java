package dev.panpty.cast;

import static java.util.Objects.requireNonNull;

import dev.panpty.ExitStatus;
import dev.panpty.Tapped;
import dev.panpty.TerminalTap;
import dev.panpty.WindowSize;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A tap that records what passes through a terminal in a file. Give it to {@link dev.panpty.PtyProcessBuilder#tap}, for one process.
 *
 * {@snippet file="dev/panpty/examples/Casting.java" region="record"}
 *
 * <pre>
 *   new: options may be set --started--> recording --ended, close, or the JVM ends--> ending --all is written--> over
 *   new --close--> over: the file is deleted if it was created here
 *   recording --a write fails--> failed: the next call of the tap reports it, and the program goes on
 * </pre>
 *
 * <p>The file is opened by {@link #to}, so a folder that cannot be written to is refused before the program runs. An old file keeps its
 * content until the program has started. Each event is written by one write(2), to each file if there are two, on a virtual thread of the
 * recorder, so that what a killed JVM leaves can be read; about 1 MiB at most waits for that thread. When so much waits, the recorder
 * pauses the output by {@link Tapped#pauseProducing}; it blocks no thread. When the JVM ends, a recorder writes for a second at most what
 * still waits.
 *
 * <p>If a write fails, for example because the disk is full, the file is cut behind its last whole event and stays readable. The program
 * goes on. The failure is reported once, as that of a tap which throws: to {@link dev.panpty.ProcessProtocol#onError}, or with streams to
 * the {@link System.Logger} {@code dev.panpty}; and {@link #onEnd} and {@link #close} have it.
 *
 * <p>asciicast has text: what one decoder of UTF-8 makes of all bytes, with U+FFFD for malformed ones; no event ends inside a character.
 * The other formats keep the bytes.
 *
 * <p>Options are set by one thread, before the start. Other methods may be called from any thread; {@link #close} waits, so not from a tap
 * or a reactor's thread.
 */
public final class Recorder implements TerminalTap, AutoCloseable {

    private static final long SHUTDOWN_SECONDS = 1;

    private final CastFormat format;
    private final List<FileSink> files;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final AtomicReference<Running> running = new AtomicReference<>(); // null before the start
    private Optional<String> title = Optional.empty();
    private Optional<List<String>> variables = Optional.empty();
    private Optional<Duration> idleLimit = Optional.empty();
    private boolean withInput;
    private boolean compressed;
    private boolean reported; // guarded by the terminal's lock, as all calls of the tap

    /** From the start on. */
    private record Running(Tapped terminal, long startNanos, EventBuffer buffer, RecordingThread thread) {

        Duration time(long nanoTime) {
            return Duration.ofNanos(Math.max(0, nanoTime - startNanos));
        }

        Duration now() {
            return time(terminal.nanoTime());
        }
    }

    private Recorder(CastFormat format, List<FileSink> files) {
        this.format = format;
        this.files = files;
    }

    /**
     * A recorder of asciicast v3.
     *
     * @param path the file, conventionally {@code *.cast}
     * @return the recorder
     * @throws IOException if the file cannot be written
     */
    public static Recorder to(Path path) throws IOException {
        return to(path, CastFormat.ASCIICAST_V3);
    }

    /**
     * A recorder of any format.
     *
     * @param path the file; the timing file of script(1) has the same name and {@code .timing} behind it
     * @param format any but {@link CastFormat#ASCIICAST_V1}
     * @return the recorder
     * @throws IOException if a file cannot be written
     * @throws IllegalArgumentException if the format is not written
     */
    public static Recorder to(Path path, CastFormat format) throws IOException {
        requireNonNull(path, "path");
        requireNonNull(format, "format");
        return new Recorder(format, Outputs.open(path, Outputs.timing(path), format));
    }

    /**
     * A recorder of a format of script(1).
     *
     * @param log the typescript
     * @param timing the timing file
     * @param format {@link CastFormat#SCRIPT} or {@link CastFormat#SCRIPT_ADVANCED}
     * @return the recorder
     * @throws IOException if a file cannot be written
     * @throws IllegalArgumentException if the format has no timing file
     */
    public static Recorder to(Path log, Path timing, CastFormat format) throws IOException {
        requireNonNull(log, "log");
        requireNonNull(timing, "timing");
        if (!requireNonNull(format, "format").hasTimingFile()) {
            throw new IllegalArgumentException(format + " has no timing file");
        }
        return new Recorder(format, Outputs.open(log, timing, format));
    }

    private void option() {
        if (running.get() != null) {
            throw new IllegalStateException("the recording has begun");
        }
    }

    /**
     * A title, for asciicast.
     *
     * @param text any
     * @return this
     * @throws IllegalStateException once it is recording
     */
    public Recorder title(String text) {
        option();
        title = Optional.of(requireNonNull(text, "text"));
        return this;
    }

    /**
     * The variables of the program's environment that the recording has, for asciicast. Unless this is called, SHELL. TERM is always there.
     *
     * @param names of the variables; those that are not set are left out
     * @return this
     * @throws IllegalStateException once it is recording
     */
    public Recorder environment(String... names) {
        option();
        variables = Optional.of(List.of(requireNonNull(names, "names")));
        return this;
    }

    /**
     * The longest time between two events when it is played. asciicast records the limit, the other formats the shortened times.
     *
     * @param limit more than 0; more than 100 years are taken as that
     * @return this
     * @throws IllegalArgumentException if it is 0 or less
     * @throws IllegalStateException once it is recording
     */
    public Recorder idleLimit(Duration limit) {
        option();
        if (!requireNonNull(limit, "limit").isPositive()) {
            throw new IllegalArgumentException("limit must be positive, was " + limit);
        }
        idleLimit = Optional.of(limit.compareTo(Decimal.MOST_TIME) < 0 ? limit : Decimal.MOST_TIME);
        return this;
    }

    /**
     * Records the input too, but no secret, see {@link TerminalTap#input}: neither what is typed at a prompt for a password nor what
     * {@link dev.panpty.TerminalControl#typeSecret} types, as {@code sendSecret} of a dialog does. A prompt behind a second terminal, such
     * as that of {@code ssh host sudo}, and one by a line editor, cannot be recognized: what is typed there in another way is recorded.
     *
     * @return this
     * @throws IllegalStateException once it is recording, or if the format has no input
     */
    public Recorder input() {
        option();
        if (!format.hasInput()) {
            throw new IllegalStateException(format + " has no input");
        }
        withInput = true;
        return this;
    }

    /**
     * Compresses by gzip(1). What was recorded can be read from the file after a second at the latest.
     *
     * @return this
     * @throws IllegalStateException once it is recording
     */
    public Recorder gzip() {
        option();
        compressed = true;
        return this;
    }

    /**
     * Names this moment. Formats other than asciicast do not have it.
     *
     * @param label its name
     * @throws IllegalStateException before the program has started
     */
    public void marker(String label) {
        requireNonNull(label, "label");
        Running now = begun();
        now.buffer.add(new CastEvent.Marker(now.time(System.nanoTime()), label));
    }

    private Running begun() {
        Running now = running.get();
        if (now == null) {
            throw new IllegalStateException("the program has not started");
        }
        return now;
    }

    @Override
    public void started(Tapped terminal) {
        EventBuffer buffer = new EventBuffer(terminal);
        List<Sink> sinks = new ArrayList<>();
        files.forEach(file -> sinks.add(compressed ? new GzipSink(file) : file));
        Encoder encoder = Outputs.encoder(format, files, sinks);
        RecordingThread thread = new RecordingThread(buffer, encoder, files, sinks, compressed, done);
        Thread hook = new Thread(this::endWithTheJvm, "panpty-recorder-shutdown");
        Running begun = new Running(terminal, terminal.nanoTime(), buffer, thread);
        if (!running.compareAndSet(null, begun)) {
            throw new IllegalStateException("a recorder records one process");
        }
        if (done.isDone()) {
            throw new IllegalStateException("the recorder is closed");
        }
        try {
            thread.start(header(terminal));
        } catch (RuntimeException | Error refused) {
            done.completeExceptionally(refused);
            throw refused;
        }
        addHook(hook);
    }

    private void addHook(Thread hook) {
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException ending) {
            return; // the JVM is ending: the file has what is written until then
        }
        done.whenComplete((_, _) -> removeHook(hook));
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // it runs, or has run
        }
    }

    private Header header(Tapped terminal) {
        Map<String, String> kept = new LinkedHashMap<>();
        for (String name : variables.orElse(List.of("SHELL"))) {
            Optional.ofNullable(terminal.environment().get(name)).ifPresent(value -> kept.put(name, value));
        }
        return new Header(size(terminal), Optional.of(Instant.now()), idleLimit, Optional.of(ShellWords.join(terminal.command())), title,
                kept, Optional.ofNullable(terminal.environment().get("TERM")), Optional.empty());
    }

    private static Optional<WindowSize> size(Tapped terminal) {
        try {
            return Optional.of(terminal.windowSize());
        } catch (IOException closed) {
            return Optional.empty(); // hung up already: the default stands for it
        }
    }

    @Override
    public void output(ByteBuffer data) {
        add(new CastEvent.Output(now(), data));
    }

    @Override
    public void input(ByteBuffer data, boolean secret) {
        if (withInput && !secret) {
            add(new CastEvent.Input(now(), data));
        }
    }

    @Override
    public void resized(WindowSize size) {
        add(new CastEvent.Resize(now(), size));
    }

    @Override
    public void ended(ExitStatus status) {
        report();
        Optional<CastEvent> exit = status.exitValue() < 0 ? Optional.empty() : Optional.of(new CastEvent.Exit(now(), status.exitValue()));
        begun().buffer.end(exit, now());
        done.whenComplete((_, failure) -> log(failure));
    }

    /** No call of the tap follows that could report it. */
    private void log(Throwable failure) {
        if (failure != null) {
            System.getLogger("dev.panpty").log(System.Logger.Level.WARNING, "recording to " + files.getFirst().path() + " is not complete", failure);
        }
    }

    private Duration now() {
        return begun().now();
    }

    private void add(CastEvent event) {
        report();
        begun().buffer.add(event);
    }

    /** Throws what has failed, once: the process then removes and reports this tap. */
    private void report() {
        Optional<IOException> failure = begun().thread.failure();
        if (failure.isPresent() && !reported) {
            reported = true;
            throw new UncheckedIOException("recording to " + files.getFirst().path() + " has ended: " + failure.get().getMessage(), failure.get());
        }
    }

    /**
     * Completes when all is in the file and the file is closed.
     *
     * @return a future, with an {@link IOException} if a write has failed
     */
    public CompletableFuture<Void> onEnd() {
        return done.copy();
    }

    /**
     * Ends the recording and waits until all is in the file. If the program still runs, it goes on without the recorder. Idempotent.
     *
     * @throws IOException if a write has failed; {@link InterruptedIOException} if the thread is interrupted
     */
    @Override
    public void close() throws IOException {
        Running now = running.get();
        if (now == null) {
            closeUnused();
            return;
        }
        now.buffer.end(Optional.empty(), now.time(System.nanoTime()));
        try {
            done.get();
        } catch (ExecutionException failed) {
            throw new IOException("recording to " + files.getFirst().path() + ": " + failed.getCause().getMessage(), failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while " + files.getFirst().path() + " is written");
        }
    }

    private void closeUnused() throws IOException {
        if (done.complete(null)) {
            for (FileSink file : files) {
                file.close();
            }
        }
    }

    /** On a thread of the JVM's shutdown. */
    private void endWithTheJvm() {
        Running now = running.get();
        now.buffer.end(Optional.empty(), now.time(System.nanoTime()));
        try {
            done.get(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException late) {
            // the file has what is written until now; a failure has been reported
        }
    }

    @Override
    public String toString() {
        return "recorder to " + files.getFirst().path();
    }
}
