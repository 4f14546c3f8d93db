package dev.panpty.cast;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a JSON text (RFC 8259) in UTF-8. Values are {@link Map}, in order; {@link List}; String; {@link Numeral}; Boolean; and an empty
 * Optional for null. One thread.
 */
final class Json {

    private static final int MOST_DEPTH = 64;

    private final byte[] text;
    private final int end;
    private int at;
    private int depth;
    private final StringBuilder string = new StringBuilder();

    /** A number as it is written. */
    record Numeral(String text) {}

    /** The text is not JSON. */
    static final class JsonException extends Exception {

        private static final long serialVersionUID = 1;

        JsonException(String message) {
            super(message);
        }
    }

    private Json(byte[] text, int length) {
        this.text = text;
        end = length;
    }

    /** The one value that the first bytes hold. */
    static Object parse(byte[] text, int length) throws JsonException {
        Json json = new Json(text, length);
        Object value = json.value();
        json.space();
        if (json.at < json.end) {
            throw json.wrong("more after the value");
        }
        return value;
    }

    private JsonException wrong(String what) {
        return new JsonException(what + " at character " + (new String(text, 0, at, StandardCharsets.UTF_8).length() + 1));
    }

    private void space() {
        while (at < end && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r' || text[at] == '\n')) {
            at++;
        }
    }

    /** The next byte behind white space, which stays. */
    private int next() throws JsonException {
        space();
        if (at == end) {
            throw wrong("the text ends");
        }
        return text[at];
    }

    private void expect(char wanted) throws JsonException {
        if (next() != wanted) {
            throw wrong("no '" + wanted + "'");
        }
        at++;
    }

    private Object value() throws JsonException {
        return switch (next()) {
            case '{' -> nested(this::object);
            case '[' -> nested(this::array);
            case '"' -> string();
            case 't' -> word("true", Boolean.TRUE);
            case 'f' -> word("false", Boolean.FALSE);
            case 'n' -> word("null", Optional.empty());
            default -> number();
        };
    }

    /** A part of the grammar. */
    private interface Rule {
        Object read() throws JsonException;
    }

    private Object nested(Rule rule) throws JsonException {
        if (depth == MOST_DEPTH) {
            throw wrong("more than " + MOST_DEPTH + " levels");
        }
        depth++;
        at++;
        Object value = rule.read();
        depth--;
        return value;
    }

    private Map<String, Object> object() throws JsonException {
        Map<String, Object> members = new LinkedHashMap<>();
        if (next() == '}') {
            at++;
            return members;
        }
        while (true) {
            next();
            String name = string();
            expect(':');
            members.put(name, value());
            if (next() == '}') {
                at++;
                return members;
            }
            expect(',');
        }
    }

    private List<Object> array() throws JsonException {
        List<Object> items = new ArrayList<>();
        if (next() == ']') {
            at++;
            return items;
        }
        while (true) {
            items.add(value());
            if (next() == ']') {
                at++;
                return items;
            }
            expect(',');
        }
    }

    private Object word(String word, Object value) throws JsonException {
        if (end - at < word.length() || !new String(text, at, word.length(), StandardCharsets.ISO_8859_1).equals(word)) {
            throw wrong("not a value");
        }
        at += word.length();
        return value;
    }

    private Numeral number() throws JsonException {
        int from = at;
        while (at < end && (text[at] >= '0' && text[at] <= '9' || "+-.eE".indexOf(text[at]) >= 0)) {
            at++;
        }
        String numeral = new String(text, from, at - from, StandardCharsets.US_ASCII);
        if (!isNumber(numeral)) {
            at = from;
            throw wrong("not a value");
        }
        return new Numeral(numeral);
    }

    /** {@code -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?}, without the cost of a regular expression. */
    private static boolean isNumber(String numeral) {
        int i = numeral.startsWith("-") ? 1 : 0;
        int whole = digits(numeral, i);
        boolean right = whole > i && (numeral.charAt(i) != '0' || whole == i + 1);
        i = whole;
        if (right && i < numeral.length() && numeral.charAt(i) == '.') {
            int fraction = digits(numeral, i + 1);
            right = fraction > i + 1;
            i = fraction;
        }
        if (right && i < numeral.length() && (numeral.charAt(i) == 'e' || numeral.charAt(i) == 'E')) {
            int from = i + 1 < numeral.length() && (numeral.charAt(i + 1) == '+' || numeral.charAt(i + 1) == '-') ? i + 2 : i + 1;
            i = digits(numeral, from);
            right = i > from;
        }
        return right && i == numeral.length();
    }

    private static int digits(String numeral, int from) {
        int i = from;
        while (i < numeral.length() && numeral.charAt(i) >= '0' && numeral.charAt(i) <= '9') {
            i++;
        }
        return i;
    }

    private String string() throws JsonException {
        expect('"');
        string.setLength(0);
        while (true) {
            int from = at;
            while (at < end && text[at] != '"' && text[at] != '\\' && (text[at] < 0 || text[at] >= ' ')) {
                at++;
            }
            string.append(new String(text, from, at - from, StandardCharsets.UTF_8));
            if (at == end) {
                throw wrong("the text ends in a string");
            }
            byte stop = text[at];
            if (stop >= 0 && stop < ' ') {
                throw wrong("a control character in a string");
            }
            at++;
            if (stop == '"') {
                return string.toString();
            }
            string.append(escape());
        }
    }

    private char escape() throws JsonException {
        if (at == end) {
            throw wrong("the text ends in a string");
        }
        return switch (text[at++]) {
            case '"' -> '"';
            case '\\' -> '\\';
            case '/' -> '/';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unit();
            default -> throw wrong("an unknown escape");
        };
    }

    private char unit() throws JsonException {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            int digit = at < end ? digit(text[at]) : -1;
            if (digit < 0) {
                throw wrong("not four hexadecimal digits");
            }
            unit = unit << 4 | digit;
            at++;
        }
        return (char) unit;
    }

    private static int digit(byte value) {
        return value >= 0 ? Character.digit((char) value, 16) : -1;
    }
}
