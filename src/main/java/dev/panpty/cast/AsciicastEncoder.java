package dev.panpty.cast;

import dev.panpty.TextDecoder;
import dev.panpty.WindowSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes asciicast v2 or v3: a line for the header and for each event, each by one write. Output and input have a decoder each, over all
 * of their bytes: a character that is split over two events comes with the second. Times are whole microseconds since the start; v3 writes
 * their differences, so that the rounding does not add up.
 */
final class AsciicastEncoder implements Encoder {

    private final Sink sink;
    private final boolean third;
    private final JsonBuffer line = new JsonBuffer();
    private final TextDecoder output = new TextDecoder(StandardCharsets.UTF_8);
    private final TextDecoder input = new TextDecoder(StandardCharsets.UTF_8);
    private long lastMicros;

    /** @param third whether it is v3 */
    AsciicastEncoder(Sink sink, boolean third) {
        this.sink = sink;
        this.third = third;
    }

    @Override
    public void begin(Header header) throws IOException {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("version", new Json.Numeral(third ? "3" : "2"));
        WindowSize size = header.sizeOrDefault();
        Json.Numeral columns = new Json.Numeral(Integer.toString(size.columns()));
        Json.Numeral rows = new Json.Numeral(Integer.toString(size.rows()));
        Map<String, String> environment = new LinkedHashMap<>(header.environment());
        if (third) {
            Map<String, Object> term = new LinkedHashMap<>();
            term.put("cols", columns);
            term.put("rows", rows);
            header.term().ifPresent(type -> term.put("type", type));
            header.theme().ifPresent(theme -> term.put("theme", theme));
            members.put("term", term);
        } else {
            members.put("width", columns);
            members.put("height", rows);
            header.term().ifPresent(type -> environment.putIfAbsent("TERM", type));
            header.theme().ifPresent(theme -> members.put("theme", theme));
        }
        header.timestamp().ifPresent(time -> members.put("timestamp", new Json.Numeral(Long.toString(time.getEpochSecond()))));
        header.idleLimit().ifPresent(limit ->
                members.put("idle_time_limit", new Json.Numeral(Decimal.seconds(Decimal.micros(limit)))));
        header.command().ifPresent(command -> members.put("command", command));
        header.title().ifPresent(title -> members.put("title", title));
        if (!environment.isEmpty()) {
            members.put("env", environment);
        }
        line.value(members).raw("\n").writeTo(sink);
    }

    @Override
    public void event(CastEvent event) throws IOException {
        switch (event) {
            case CastEvent.Output written -> text(event.time(), "o", output, written.data());
            case CastEvent.Input typed -> text(event.time(), "i", input, typed.data());
            case CastEvent.Resize resize -> line(event.time(), "r", resize.size().columns() + "x" + resize.size().rows());
            case CastEvent.Marker marker -> line(event.time(), "m", marker.label());
            case CastEvent.Exit exit -> {
                rest(event.time());
                if (third) {
                    line(event.time(), "x", Integer.toString(exit.status()));
                }
            }
            case CastEvent.Other other -> line(event.time(), other.code(), other.data());
        }
    }

    @Override
    public void end(Duration time) throws IOException {
        rest(time);
    }

    /** The unfinished characters. */
    private void rest(Duration time) throws IOException {
        unlessEmpty(time, "o", output.end());
        unlessEmpty(time, "i", input.end());
    }

    private void text(Duration time, String code, TextDecoder decoder, ByteBuffer data) throws IOException {
        unlessEmpty(time, code, decoder.decode(data));
    }

    private void unlessEmpty(Duration time, String code, String text) throws IOException {
        if (!text.isEmpty()) {
            line(time, code, text);
        }
    }

    private void line(Duration time, String code, String data) throws IOException {
        long micros = Math.max(Decimal.micros(time), lastMicros);
        line.raw("[").raw(Decimal.seconds(third ? micros - lastMicros : micros)).raw(", ").string(code).raw(", ").string(data).raw("]\n");
        lastMicros = micros;
        line.writeTo(sink);
    }
}
