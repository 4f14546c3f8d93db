package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Decoders get the same bytes in all kinds of chunks. jqwik prints the seed. */
class DecoderProperties {

    /** The ends of lines as {@link LineDecoder} has them. */
    private static final Pattern END_OF_LINE = Pattern.compile("\r\r\n|\r\n|\n|\r");

    /** A character of one to four bytes, or half of one, or what is never a character, in UTF-8; and escapes of ISO 2022. */
    private static final List<String> PIECES = List.of("a", "\u00c3\u00a9", "\u00e2\u0082\u00ac", "\u00f0\u009f\u0098\u0080", "\u00ff",
            "\u00c0\u0080", "\u00ed\u00a0\u0080", "\u00ed\u00a0", "\u00f4\u0090", "\u00e0\u0080", "\u0080", "\0", "\u00fe\u00ff", "\r\n",
            "\033$B", "\033(B", "\033(J", "0l", "\u0081", "\u0084\u0031\u00a4\u0039");

    @Provide
    Arbitrary<byte[]> bytes() {
        Arbitrary<String> any = Arbitraries.integers().between(0, 255).map(value -> String.valueOf((char) (int) value));
        return Arbitraries.oneOf(Arbitraries.of(PIECES), any).list().ofMaxSize(30)
                .map(pieces -> String.join("", pieces).getBytes(StandardCharsets.ISO_8859_1));
    }

    @Provide
    Arbitrary<Charset> charsets() {
        return Arbitraries.of(Stream.of("UTF-8", "UTF-16", "UTF-16LE", "UTF-32", "US-ASCII", "ISO-8859-1", "windows-1252")
                .map(Charset::forName).toList());
    }

    /** Charsets of several bytes for each character, whose decoders may treat malformed bytes at the end of a chunk in their own way. */
    @Provide
    Arbitrary<Charset> eastAsian() {
        return Arbitraries.of(Stream.of("Shift_JIS", "EUC-JP", "ISO-2022-JP", "GB18030", "Big5", "EUC-KR").map(Charset::forName).toList());
    }

    @Provide
    Arbitrary<String> lines() {
        return Arbitraries.of("a", "b", "\r", "\r", "\n", "\r\n", "\r\r\n", "\u20ac", "\ud83d\ude00").list().ofMaxSize(30)
                .map(pieces -> String.join("", pieces));
    }

    /** Gives the bytes in chunks of these lengths, over and over; direct, read-only and parts of a larger buffer among them. */
    private static void split(byte[] bytes, List<Integer> lengths, Consumer<ByteBuffer> decoder) {
        int at = 0;
        for (int i = 0; at < bytes.length; i++) {
            int length = lengths.isEmpty() ? bytes.length : Math.min(lengths.get(i % lengths.size()), bytes.length - at);
            ByteBuffer chunk = ByteBuffer.wrap(bytes, at, length);
            if (i % 3 == 1) {
                chunk = ByteBuffer.allocateDirect(length).put(chunk).flip().asReadOnlyBuffer();
            } else if (i % 3 == 2) {
                chunk = chunk.slice();
            }
            decoder.accept(chunk);
            assertFalse(chunk.hasRemaining());
            at += length;
        }
    }

    private static String decode(Charset charset, byte[] bytes, List<Integer> lengths) {
        TextDecoder decoder = new TextDecoder(charset);
        StringBuilder text = new StringBuilder();
        for (int use = 0; use < 2; use++) { // after the end it is as new
            text.setLength(0);
            split(bytes, lengths, chunk -> text.append(decoder.decode(chunk)));
            text.append(decoder.end());
        }
        return text.toString();
    }

    @Property(tries = 3000)
    void anySplitOfAnyBytesGivesTheTextOfTheWhole(
            @ForAll("charsets") Charset charset, @ForAll("bytes") byte[] bytes,
            @ForAll @Size(max = 6) List<@IntRange(min = 1, max = 6) Integer> lengths) {
        assertEquals(charset.decode(ByteBuffer.wrap(bytes)).toString(), decode(charset, bytes, lengths));
    }

    @Property(tries = 1000)
    void anySplitOfAnyTextGivesTheText(
            @ForAll("eastAsian") Charset charset, @ForAll("japanese") String text,
            @ForAll @Size(max = 6) List<@IntRange(min = 1, max = 6) Integer> lengths) {
        byte[] bytes = text.getBytes(charset);
        assertEquals(new String(bytes, charset), decode(charset, bytes, lengths));
    }

    @Provide
    Arbitrary<String> japanese() {
        return Arbitraries.of("a", "\u65e5", "\u672c", "\u30a2", "\uff71", "\r\n", "\u4e2d").list().ofMaxSize(30)
                .map(pieces -> String.join("", pieces));
    }

    @Property(tries = 3000)
    void anySplitOfAnyOutputGivesTheSameLines(
            @ForAll("lines") String text, @ForAll @Size(max = 6) List<@IntRange(min = 1, max = 6) Integer> lengths,
            @ForAll @IntRange(min = 2, max = 9) int maxChars) {
        LineDecoder decoder = new LineDecoder(StandardCharsets.UTF_8, maxChars);
        for (int use = 0; use < 2; use++) {
            List<String> lines = new ArrayList<>();
            split(text.getBytes(StandardCharsets.UTF_8), lengths, chunk -> lines.addAll(decoder.decode(chunk)));
            lines.addAll(decoder.end());
            assertEquals(linesOf(text, maxChars), lines);
            assertTrue(lines.stream().allMatch(line -> line.length() <= maxChars));
        }
    }

    @Property(tries = 1000)
    void aLineIsGivenByTheChunkThatEndsIt(@ForAll("lines") String text) {
        LineDecoder decoder = new LineDecoder(StandardCharsets.UTF_8);
        String ended = text + "x\r";
        List<String> lines = new ArrayList<>();
        for (byte one : ended.getBytes(StandardCharsets.UTF_8)) {
            lines.addAll(decoder.decode(ByteBuffer.wrap(new byte[] {one})));
        }
        assertEquals(linesOf(ended, LineDecoder.DEFAULT_MAX_CHARS), lines);
        assertEquals(List.of(), decoder.end());
    }

    private static List<String> linesOf(String text, int maxChars) {
        List<String> lines = new ArrayList<>();
        Matcher end = END_OF_LINE.matcher(text);
        int at = 0;
        while (end.find()) {
            addPieces(text.substring(at, end.start()), maxChars, lines);
            at = end.end();
        }
        if (at < text.length()) {
            addPieces(text.substring(at), maxChars, lines);
        }
        return lines;
    }

    private static void addPieces(String line, int maxChars, List<String> lines) {
        String rest = line;
        while (rest.length() > maxChars) {
            int length = Character.isHighSurrogate(rest.charAt(maxChars - 1)) ? maxChars - 1 : maxChars;
            lines.add(rest.substring(0, length));
            rest = rest.substring(length);
        }
        lines.add(rest);
    }

    /** Longer than the decoder's own buffer. */
    @Property(tries = 20)
    void aLongChunkIsDecodedWhole(@ForAll("bytes") byte[] bytes, @ForAll @IntRange(min = 1, max = 5000) int times) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < times; i++) {
            all.writeBytes(bytes);
        }
        assertEquals(StandardCharsets.UTF_8.decode(ByteBuffer.wrap(all.toByteArray())).toString(),
                decode(StandardCharsets.UTF_8, all.toByteArray(), List.of()));
    }
}
