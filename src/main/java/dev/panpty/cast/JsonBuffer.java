package dev.panpty.cast;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes JSON in UTF-8 into memory; the same bytes in any locale. One thread. */
final class JsonBuffer {

    private static final int FIRST_BYTES = 4096;
    private static final int MOST_KEPT_BYTES = 1 << 20;
    private static final int MOST_UTF8_BYTES = 6; // of a char, as an escape
    private static final String HEX = "0123456789abcdef";
    private static final int REPLACEMENT = 0xfffd;

    private byte[] bytes = new byte[FIRST_BYTES];
    private int length;

    /** Text in US-ASCII as it is. */
    JsonBuffer raw(String text) {
        room(text.length());
        for (int i = 0; i < text.length(); i++) {
            bytes[length++] = (byte) text.charAt(i);
        }
        return this;
    }

    /** A string in quotes. Half of a surrogate pair becomes U+FFFD. */
    JsonBuffer string(String text) {
        room(text.length() * (long) MOST_UTF8_BYTES + 2);
        bytes[length++] = '"';
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (unit >= ' ' && unit < 0x7f) {
                if (unit == '"' || unit == '\\') {
                    bytes[length++] = '\\';
                }
                bytes[length++] = (byte) unit;
            } else if (unit < 0xa0) {
                control(unit);
            } else if (!Character.isSurrogate(unit)) {
                utf8(unit);
            } else if (Character.isHighSurrogate(unit) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                utf8(Character.toCodePoint(unit, text.charAt(i)));
            } else {
                utf8(REPLACEMENT);
            }
        }
        bytes[length++] = '"';
        return this;
    }

    private void control(char unit) {
        int index = "\b\t\n\f\r".indexOf(unit);
        bytes[length++] = '\\';
        if (index >= 0) {
            bytes[length++] = (byte) "btnfr".charAt(index);
            return;
        }
        bytes[length++] = 'u';
        bytes[length++] = '0';
        bytes[length++] = '0';
        bytes[length++] = (byte) HEX.charAt(unit >> 4);
        bytes[length++] = (byte) HEX.charAt(unit & 0xf);
    }

    private void utf8(int point) {
        if (point < 0x800) {
            bytes[length++] = (byte) (0xc0 | point >> 6);
        } else if (point < 0x10000) {
            bytes[length++] = (byte) (0xe0 | point >> 12);
            bytes[length++] = (byte) (0x80 | point >> 6 & 0x3f);
        } else {
            bytes[length++] = (byte) (0xf0 | point >> 18);
            bytes[length++] = (byte) (0x80 | point >> 12 & 0x3f);
            bytes[length++] = (byte) (0x80 | point >> 6 & 0x3f);
        }
        bytes[length++] = (byte) (0x80 | point & 0x3f);
    }

    /** A value as {@link Json} has it. */
    JsonBuffer value(Object value) {
        switch (value) {
            case Map<?, ?> members -> {
                String separator = "{";
                for (Map.Entry<?, ?> member : members.entrySet()) {
                    raw(separator).string((String) member.getKey()).raw(":").value(member.getValue());
                    separator = ",";
                }
                raw(members.isEmpty() ? "{}" : "}");
            }
            case List<?> items -> {
                String separator = "[";
                for (Object item : items) {
                    raw(separator).value(item);
                    separator = ",";
                }
                raw(items.isEmpty() ? "[]" : "]");
            }
            case String text -> string(text);
            case Json.Numeral number -> raw(number.text());
            case Boolean truth -> raw(truth.toString());
            case Optional<?> nothing -> raw("null");
            default -> throw new IllegalArgumentException("not a JSON value: " + value.getClass());
        }
        return this;
    }

    private void room(long more) {
        long needed = length + more;
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.max(Math.min(bytes.length * 2L, Integer.MAX_VALUE - 8), Math.toIntExact(needed)));
        }
    }

    /** Writes it by one call and empties it. */
    void writeTo(Sink sink) throws IOException {
        int written = length;
        length = 0;
        sink.write(bytes, written);
        if (bytes.length > MOST_KEPT_BYTES) {
            bytes = new byte[FIRST_BYTES];
        }
    }
}
