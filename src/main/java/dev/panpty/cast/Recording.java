package dev.panpty.cast;

import static java.util.Objects.requireNonNull;

import dev.panpty.TerminalTap;
import dev.panpty.TextDecoder;
import dev.panpty.WindowSize;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A recording that is read: asciicast v1, v2 and v3, both forms of script(1), and ttyrec, each also compressed by gzip(1). The format is
 * found out by the first bytes.
 *
 * {@snippet file="dev/panpty/examples/Casting.java" region="play"}
 *
 * <p>{@link #read(Path)} reads the header. Each call that needs the events reads the file again, event by event, in constant memory; v1
 * alone is held in memory. The events of {@link #read(InputStream)} are held in memory as they are in the stream.
 *
 * <p>A torn tail, as a recorder leaves it whose machine went down, is not an error: the recording ends before it. What cannot be taken
 * elsewhere is a {@link CastException} with its place, of {@code read} or of the call that comes to it.
 *
 * <p>An immutable value, for any thread.
 */
public final class Recording {

    private final Opener opener;
    private final CastFormat format;
    private final Header header;
    private final List<Path> files; // that are read; none for a stream

    /** Opens the recording once more. */
    private interface Opener {
        Opening.Opened open() throws IOException;
    }

    private Recording(Opener opener, Path... files) throws IOException {
        this.opener = opener;
        this.files = List.of(files);
        Opening.Opened opened = opener.open();
        try (EventSource events = opened.events()) {
            format = opened.format();
            header = events.header();
        }
    }

    /**
     * A recording in a file. For script(1) give the advanced timing file, which names its logs, or a typescript whose timing file has the
     * same name and {@code .timing} behind it.
     *
     * @param path the file; it has to stay as it is while the recording is used
     * @return the recording
     * @throws CastException if it has no known format, or its header is wrong
     * @throws IOException if it cannot be read
     */
    public static Recording read(Path path) throws IOException {
        requireNonNull(path, "path");
        return new Recording(() -> Opening.open(Source.of(path), Optional.of(path)), path);
    }

    /**
     * A recording of script(1).
     *
     * @param log the typescript, or the log of output. A log of input is found by the name that the timing file has for it
     * @param timing the timing file, of either form
     * @return the recording
     * @throws CastException if the timing file is not one
     * @throws IOException if a file cannot be read
     */
    public static Recording read(Path log, Path timing) throws IOException {
        requireNonNull(log, "log");
        requireNonNull(timing, "timing");
        return new Recording(() -> Opening.script(log, timing), log, timing);
    }

    /**
     * A recording in a stream, which is read to its end and held in memory; it is not closed. Formats of script(1) have two files, and
     * cannot be read so.
     *
     * @param stream the bytes of the file
     * @return the recording
     * @throws CastException if it has no known format, or its header is wrong
     * @throws IOException if it cannot be read
     */
    public static Recording read(InputStream stream) throws IOException {
        Source source = Source.of(requireNonNull(stream, "stream").readAllBytes());
        return new Recording(() -> Opening.open(source, Optional.empty()));
    }

    private EventSource open() throws IOException {
        return opener.open().events();
    }

    /**
     * Its format.
     *
     * @return the format, without regard to a compression
     */
    public CastFormat format() {
        return format;
    }

    /**
     * The window size at the start.
     *
     * @return the size; 24 rows of 80 columns if the format has none
     */
    public WindowSize windowSize() {
        return header.sizeOrDefault();
    }

    /**
     * When it was made.
     *
     * @return the time of the start; empty if the format has none
     */
    public Optional<Instant> timestamp() {
        return header.timestamp();
    }

    /**
     * The longest time between two events when it is played.
     *
     * @return the limit; empty without one
     */
    public Optional<Duration> idleLimit() {
        return header.idleLimit();
    }

    /**
     * The command.
     *
     * @return as a line for a shell; empty if the recording has none
     */
    public Optional<String> command() {
        return header.command();
    }

    /**
     * The title.
     *
     * @return the title; empty if the recording has none
     */
    public Optional<String> title() {
        return header.title();
    }

    /**
     * The variables that are in the recording.
     *
     * @return unmodifiable
     */
    public Map<String, String> environment() {
        return Map.copyOf(header.environment());
    }

    /**
     * The type of the terminal, TERM.
     *
     * @return the type; empty if the recording has none
     */
    public Optional<String> terminalType() {
        return header.term();
    }

    /**
     * The events, in order, read as the stream is used. Close it, or read it to its end.
     *
     * @return a stream, which throws {@link UncheckedIOException} for what cannot be read
     * @throws IOException if the file cannot be opened
     */
    public Stream<CastEvent> events() throws IOException {
        EventSource source = open();
        return Stream.generate(() -> next(source)).takeWhile(Optional::isPresent).map(Optional::get).onClose(() -> close(source));
    }

    private static Optional<CastEvent> next(EventSource source) {
        try {
            Optional<CastEvent> event = source.next();
            if (event.isEmpty()) {
                source.close();
            }
            return event;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void close(EventSource source) {
        try {
            source.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /**
     * The time of the last event. Reads all of the recording.
     *
     * @return since the start; 0 without an event
     * @throws IOException if it cannot be read
     */
    public Duration duration() throws IOException {
        Duration last = Duration.ZERO;
        try (EventSource source = open()) {
            for (Optional<CastEvent> event = source.next(); event.isPresent(); event = source.next()) {
                last = event.get().time();
            }
        }
        return last;
    }

    /**
     * Plays it to a tap on this thread: {@code started}, output, input and sizes, {@code ended}. The terminal that the tap gets is the
     * recording's: {@link dev.panpty.Tapped#nanoTime} has the recorded times, with idle times shortened, whatever the speed is; the process
     * number is that of this JVM; replies are dropped; there are no attributes. Playing waits while the tap pauses. The status is unknown
     * if it is not in the recording.
     *
     * @param tap what it throws, this throws
     * @param speed how fast
     * @throws IOException if the recording cannot be read; the tap has what came before
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public void play(TerminalTap tap, Speed speed) throws IOException, InterruptedException {
        requireNonNull(tap, "tap");
        requireNonNull(speed, "speed");
        try (EventSource source = open()) {
            new Player(source, tap).play(speed);
        }
    }

    /**
     * Plays the output to a stream, on this thread.
     *
     * @param out is flushed after each event, and not closed
     * @param speed how fast
     * @throws IOException if the recording cannot be read, or of the stream
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public void play(OutputStream out, Speed speed) throws IOException, InterruptedException {
        try {
            play(new OutputTo(requireNonNull(out, "out")), speed);
        } catch (UncheckedIOException failed) {
            throw failed.getCause();
        }
    }

    /**
     * Plays it to a tap up to a moment, without waiting for any: a screen then shows that moment.
     *
     * @param tap as for {@link #play(TerminalTap, Speed)}; {@code ended} is called only if the recording ends by then
     * @param time the events up to this one are played, those at it included
     * @throws IOException if the recording cannot be read
     * @throws InterruptedException if the thread is interrupted while the tap pauses
     */
    public void playUntil(TerminalTap tap, Duration time) throws IOException, InterruptedException {
        requireNonNull(tap, "tap");
        requireNonNull(time, "time");
        try (EventSource source = open()) {
            new Player(source, tap).playUntil(time);
        }
    }

    /**
     * Writes it in another format. What that has no place for is left out, see {@link CastFormat}.
     *
     * @param out is flushed, and not closed
     * @param to asciicast v2, v3 or ttyrec
     * @throws IOException if the recording cannot be read, or of the stream
     * @throws IllegalArgumentException for another format
     */
    public void convert(OutputStream out, CastFormat to) throws IOException {
        requireNonNull(out, "out");
        requireNonNull(to, "to");
        try (EventSource source = open()) {
            new Conversion(source).to(out, to);
        }
    }

    /**
     * Writes it to a file in another format. What that has no place for is left out, see {@link CastFormat}.
     *
     * @param path the file, not that of this recording; the timing file of script(1) has the same name and {@code .timing} behind it
     * @param to any format but {@link CastFormat#ASCIICAST_V1}
     * @throws IOException if the recording cannot be read, or a file not be written
     * @throws IllegalArgumentException for that format, and for a file of this recording
     */
    public void convert(Path path, CastFormat to) throws IOException {
        requireNonNull(path, "path");
        requireNonNull(to, "to");
        Optional<Path> own = Conversion.over(files, path);
        if (own.isPresent()) {
            throw new IllegalArgumentException("the recording is read from " + own.get());
        }
        try (EventSource source = open()) {
            new Conversion(source).to(path, to);
        }
    }

    /**
     * The output as text: decoded as UTF-8, without escape sequences and control characters, with LF at the ends of lines. A program that
     * moves the cursor gives text in the order in which it was written; to see what the terminal showed, play it to a screen.
     *
     * @return all of it
     * @throws IOException if it cannot be read
     */
    public String text() throws IOException {
        PlainText plain = new PlainText();
        TextDecoder decoder = new TextDecoder(StandardCharsets.UTF_8);
        try (EventSource source = open()) {
            for (Optional<CastEvent> event = source.next(); event.isPresent(); event = source.next()) {
                if (event.get() instanceof CastEvent.Output output) {
                    plain.add(decoder.decode(output.data()));
                }
            }
        }
        plain.add(decoder.end());
        return plain.toString();
    }

    /**
     * The output, as the stream of a process has it, without waiting: for tests of what reads one. It is for one thread. Close it, or read
     * it to its end.
     *
     * @return the bytes; asciicast has UTF-8
     * @throws IOException if the file cannot be opened
     */
    public InputStream asInputStream() throws IOException {
        return new OutputBytes(open());
    }

    @Override
    public String toString() {
        return format + " of " + header.command().or(header::title).orElse("a terminal");
    }
}
