package dev.panpty.screen;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Bytes as text with escapes: \e, \n, \r, \t, \b, \xHH, and \\u with four digits; {@code 20*a} repeats the character behind it. */
final class Escapes {

    private static final Pattern REPEATED = Pattern.compile("(\\d+)\\*(\\\\u....|.)");

    private Escapes() {}

    static String show(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte next : bytes) {
            int value = next & 0xFF;
            if (value == 0x1B) {
                text.append("\\e");
            } else if (value >= 0x20 && value < 0x7F && value != '\\') {
                text.append((char) value);
            } else {
                text.append(String.format("\\x%02x", value));
            }
        }
        return text.toString();
    }

    /** With repetitions. */
    static byte[] readRepeated(String text) {
        return read(repeat(text));
    }

    static String repeat(String text) {
        return REPEATED.matcher(text).replaceAll(found -> Matcher.quoteReplacement(found.group(2).repeat(Integer.parseInt(found.group(1)))));
    }

    static byte[] read(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int at = 0; at < text.length(); ) {
            int point = text.codePointAt(at);
            at += Character.charCount(point);
            if (point != '\\') {
                bytes.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            char kind = text.charAt(at++);
            switch (kind) {
                case 'e' -> bytes.write(0x1B);
                case 'n' -> bytes.write('\n');
                case 'r' -> bytes.write('\r');
                case 't' -> bytes.write('\t');
                case 'b' -> bytes.write('\b');
                case '\\' -> bytes.write('\\');
                case 'x' -> {
                    bytes.write(Integer.parseInt(text.substring(at, at + 2), 16));
                    at += 2;
                }
                case 'u' -> {
                    int value = Integer.parseInt(text.substring(at, at + 4), 16);
                    bytes.writeBytes(Character.toString(value).getBytes(StandardCharsets.UTF_8));
                    at += 4;
                }
                default -> throw new IllegalArgumentException("unknown escape: " + kind);
            }
        }
        return bytes.toByteArray();
    }
}
