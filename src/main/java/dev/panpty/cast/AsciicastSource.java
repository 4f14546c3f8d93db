package dev.panpty.cast;

import dev.panpty.WindowSize;
import dev.panpty.cast.Json.JsonException;
import dev.panpty.cast.Members.MismatchException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads asciicast. v2 and v3 are read line by line, with constant memory; v1, which is one JSON document, as a whole. A last line that
 * cannot be read is a torn tail.
 */
final class AsciicastSource implements EventSource {

    private final ByteInput input;
    private final AsciicastHeader header;
    private final Iterator<?> first; // the events of v1
    private Duration time = Duration.ZERO;

    /** Reads the header. */
    AsciicastSource(ByteInput input) throws IOException {
        this.input = input;
        input.nextLine();
        Members members = document();
        try {
            header = AsciicastHeader.of(members);
            boolean isFirst = header.format() == CastFormat.ASCIICAST_V1;
            first = isFirst ? list(members.value("stdout").orElse(List.of()), "stdout").iterator() : List.of().iterator();
        } catch (MismatchException wrong) {
            throw input.wrongLine(wrong.getMessage());
        }
    }

    /** The first line, or if that is not an object all lines. */
    private Members document() throws IOException {
        try {
            if (Json.parse(input.line(), input.lineLength()) instanceof Map<?, ?> members) {
                return new Members(members);
            }
            throw new JsonException("the header is not an object");
        } catch (JsonException wrong) {
            input.joinAll();
            try {
                return Members.of(Json.parse(input.line(), input.lineLength()), "the header");
            } catch (JsonException | MismatchException alsoWrong) {
                throw input.wrongLine(wrong.getMessage());
            }
        }
    }

    CastFormat format() {
        return header.format();
    }

    @Override
    public Header header() {
        return header.header();
    }

    @Override
    public Optional<CastEvent> next() throws IOException {
        if (first.hasNext()) {
            return Optional.of(eventOfFirst(first.next()));
        }
        while (header.format() != CastFormat.ASCIICAST_V1 && input.nextLine()) {
            if (!isBlankOrComment()) {
                try {
                    return Optional.of(event(list(Json.parse(input.line(), input.lineLength()), "an event")));
                } catch (JsonException | MismatchException wrong) {
                    CastException refused = input.wrongLine(wrong.getMessage());
                    if (!input.isAtEnd()) {
                        throw refused;
                    }
                }
            }
        }
        return Optional.empty();
    }

    private boolean isBlankOrComment() {
        for (int i = 0; i < input.lineLength(); i++) {
            byte value = input.line()[i];
            if (value != ' ' && value != '\t' && value != '\r') {
                return value == '#' && header.format() == CastFormat.ASCIICAST_V3;
            }
        }
        return true;
    }

    private static List<?> list(Object value, String what) throws MismatchException {
        if (value instanceof List<?> items) {
            return items;
        }
        throw new MismatchException(what + " is not an array");
    }

    private CastEvent eventOfFirst(Object item) throws IOException {
        try {
            List<?> fields = list(item, "an event");
            if (fields.size() == 2 && fields.get(0) instanceof Json.Numeral delay && fields.get(1) instanceof String text) {
                time = later(time, delay);
                return new CastEvent.Output(time, utf8(text));
            }
            throw new MismatchException("an event is not [delay, text]");
        } catch (MismatchException wrong) {
            throw input.wrongLine(wrong.getMessage());
        }
    }

    private CastEvent event(List<?> fields) throws MismatchException {
        if (fields.size() < 3 || !(fields.get(0) instanceof Json.Numeral number && fields.get(1) instanceof String code
                && fields.get(2) instanceof String data)) {
            throw new MismatchException("an event is not [time, code, data]");
        }
        Duration given = later(header.format() == CastFormat.ASCIICAST_V3 ? time : Duration.ZERO, number);
        time = given.compareTo(time) > 0 ? given : time; // one that goes back happens at once
        return switch (code) {
            case "o" -> new CastEvent.Output(time, utf8(data));
            case "i" -> new CastEvent.Input(time, utf8(data));
            case "m" -> new CastEvent.Marker(time, data);
            case "r" -> new CastEvent.Resize(time, size(data));
            case "x" -> new CastEvent.Exit(time, status(data));
            default -> new CastEvent.Other(time, code, data);
        };
    }

    private static Duration later(Duration from, Json.Numeral number) throws MismatchException {
        try {
            return Decimal.later(from, Decimal.parse(number.text()));
        } catch (NumberFormatException wrong) {
            throw new MismatchException("not a time: " + number.text());
        }
    }

    private static WindowSize size(String data) throws MismatchException {
        int cross = data.indexOf('x');
        if (cross < 0) {
            throw new MismatchException("not COLUMNSxROWS: " + data);
        }
        return new WindowSize(Members.cells("rows", data.substring(cross + 1)), Members.cells("columns", data.substring(0, cross)));
    }

    private static int status(String data) throws MismatchException {
        try {
            return Integer.parseInt(data);
        } catch (NumberFormatException wrong) {
            throw new MismatchException("not an exit status: " + data);
        }
    }

    /** Half of a surrogate pair, which an escape can be, becomes U+FFFD and not the question mark that the JDK has for it. */
    private static ByteBuffer utf8(String text) {
        try {
            return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        } catch (CharacterCodingException half) {
            return StandardCharsets.UTF_8.encode(text.codePoints().map(point -> point < 0xd800 || point > 0xdfff ? point : 0xfffd)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString());
        }
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
