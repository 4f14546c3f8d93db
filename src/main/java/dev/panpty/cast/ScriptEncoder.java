package dev.panpty.cast;

import dev.panpty.WindowSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * Writes a log and a timing file as script(1) of util-linux does, in the classic or the advanced form. The bytes of an event come before
 * its line in the timing file: what a kill leaves has all bytes that the timing file names.
 */
final class ScriptEncoder implements Encoder {

    private final Sink log;
    private final Sink timing;
    private final boolean advanced;
    private final String logName;
    private final String timingName;
    private Instant start;
    private IdleLimit idle;
    private long lastMicros;
    private Optional<Integer> status = Optional.empty();

    /** @param logName as the timing file is to name the log, and itself */
    ScriptEncoder(Sink log, Sink timing, boolean advanced, String logName, String timingName) {
        this.log = log;
        this.timing = timing;
        this.advanced = advanced;
        this.logName = logName;
        this.timingName = timingName;
    }

    @Override
    public void begin(Header header) throws IOException {
        start = header.timestamp().orElse(Instant.EPOCH);
        idle = new IdleLimit(header.idleLimit());
        WindowSize size = header.sizeOrDefault();
        String command = oneLine(header.command().orElse(""));
        String term = oneLine(header.term().orElse("unknown"));
        write(log, "Script started on " + date(start) + " [COMMAND=\"" + command + "\" TERM=\"" + term + "\" COLUMNS=\"" + size.columns()
                + "\" LINES=\"" + size.rows() + "\"]\n");
        if (advanced) {
            String shell = header.environment().getOrDefault("SHELL", "");
            StringBuilder names = new StringBuilder();
            name(names, "START_TIME", date(start));
            name(names, "TERM", term);
            name(names, "COLUMNS", Integer.toString(size.columns()));
            name(names, "LINES", Integer.toString(size.rows()));
            name(names, "SHELL", oneLine(shell));
            name(names, "COMMAND", command);
            name(names, "TIMING_LOG", oneLine(timingName));
            name(names, "OUTPUT_LOG", oneLine(logName));
            name(names, "INPUT_LOG", oneLine(logName));
            write(timing, names.toString());
        }
    }

    private static void name(StringBuilder names, String name, String value) {
        if (!value.isEmpty()) {
            names.append("H 0.000000 ").append(name).append(' ').append(value).append('\n');
        }
    }

    @Override
    public void event(CastEvent event) throws IOException {
        long micros = Math.max(Decimal.micros(idle.next(event.time())), lastMicros);
        switch (event) {
            case CastEvent.Output output -> data("O", micros, output.data());
            case CastEvent.Input input when advanced -> data("I", micros, input.data());
            case CastEvent.Resize resize when advanced ->
                    entry("S", micros, "SIGWINCH ROWS=" + resize.size().rows() + " COLS=" + resize.size().columns());
            case CastEvent.Exit exit -> status = Optional.of(exit.status());
            case CastEvent.Input _, CastEvent.Resize _, CastEvent.Marker _, CastEvent.Other _ -> { }
        }
    }

    private void data(String stream, long micros, ByteBuffer data) throws IOException {
        if (data.hasRemaining()) { // scriptreplay takes an entry of 0 bytes for the end
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            log.write(bytes, bytes.length);
            entry(stream, micros, Integer.toString(bytes.length));
        }
    }

    private void entry(String stream, long micros, String what) throws IOException {
        String delay = Decimal.seconds(micros - lastMicros);
        lastMicros = micros;
        write(timing, (advanced ? stream + " " : "") + delay + " " + what + "\n");
    }

    @Override
    public void end(Duration time) throws IOException {
        write(log, "\nScript done on " + date(start.plus(time)) + status.map(code -> " [COMMAND_EXIT_CODE=\"" + code + "\"]").orElse("") + "\n");
        if (advanced) {
            StringBuilder names = new StringBuilder();
            name(names, "DURATION", Decimal.seconds(Decimal.micros(time)));
            status.ifPresent(code -> name(names, "EXIT_CODE", Integer.toString(code)));
            write(timing, names.toString());
        }
    }

    private static String date(Instant time) {
        return ScriptHeader.DATE.format(time.atOffset(ZoneOffset.UTC));
    }

    /** A line must hold it. */
    private static String oneLine(String text) {
        return text.replace('\n', ' ').replace('\r', ' ');
    }

    private static void write(Sink sink, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        sink.write(bytes, bytes.length);
    }
}
