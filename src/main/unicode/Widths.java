import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes {@code WidthRuns.java}: the width of each code point in columns, as wcwidth(3) gives it.
 *
 * <pre>
 *   java src/main/unicode/Widths.java /usr/share/unicode src/main/java/dev/panpty/screen/WidthRuns.java
 * </pre>
 *
 * <p>The input is the Unicode Character Database 17.0.0, files {@code EastAsianWidth.txt}, {@code HangulSyllableType.txt} and
 * {@code extracted/DerivedGeneralCategory.txt}, as in Debian's package unicode-data 17.0.0-2.
 *
 * <ul>
 * <li>0 for Mn, Me and Cf, except U+00AD SOFT HYPHEN, and for the vowels and final consonants of Hangul that join the syllable before;</li>
 * <li>2 for East_Asian_Width W and F;</li>
 * <li>1 for all others, controls included: they never reach the table.</li>
 * </ul>
 */
public final class Widths {

    private static final String VERSION = "17.0.0";
    private static final int CODE_POINTS = 0x110000;
    private static final Pattern LINE = Pattern.compile("(\\p{XDigit}+)(?:\\.\\.(\\p{XDigit}+))?\\s*;\\s*(\\w+).*");
    private static final int SOFT_HYPHEN = 0xAD;
    private static final int STRING_COLUMNS = 110;

    private Widths() {}

    /** The folder of the database, and the file to write. */
    public static void main(String[] arguments) throws IOException {
        Files.writeString(Path.of(arguments[1]), generate(Path.of(arguments[0])));
    }

    /** The text of {@code WidthRuns.java}. */
    public static String generate(Path database) throws IOException {
        byte[] widths = new byte[CODE_POINTS];
        Arrays.fill(widths, (byte) 1);
        fill(widths, (byte) 2, database.resolve("EastAsianWidth.txt"), List.of("W", "F")::contains);
        // "# @missing" lines of the file: the code points without an entry in these ranges are W.
        fillMissing(widths, database.resolve("EastAsianWidth.txt"));
        fill(widths, (byte) 0, database.resolve("extracted/DerivedGeneralCategory.txt"), List.of("Mn", "Me", "Cf")::contains);
        fill(widths, (byte) 0, database.resolve("HangulSyllableType.txt"), List.of("V", "T")::contains);
        widths[SOFT_HYPHEN] = 1;
        return source(runs(widths));
    }

    private static void fill(byte[] widths, byte width, Path file, Predicate<String> values) throws IOException {
        check(file);
        lines(file, LINE).filter(found -> values.test(found.group(3))).forEach(found -> fill(widths, width, found));
    }

    private static void check(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            String first = lines.findFirst().orElse("");
            if (!first.contains("-" + VERSION + ".txt")) {
                throw new IOException(file + " is not of Unicode " + VERSION + ": " + first);
            }
        }
    }

    private static Stream<Matcher> lines(Path file, Pattern pattern) throws IOException {
        return Files.readAllLines(file).stream().map(pattern::matcher).filter(Matcher::matches);
    }

    private static void fill(byte[] widths, byte width, Matcher range) {
        int first = Integer.parseInt(range.group(1), 16);
        int last = range.group(2) == null ? first : Integer.parseInt(range.group(2), 16);
        Arrays.fill(widths, first, last + 1, width);
    }

    private static void fillMissing(byte[] widths, Path file) throws IOException {
        boolean[] listed = new boolean[CODE_POINTS];
        lines(file, LINE).forEach(found -> {
            int first = Integer.parseInt(found.group(1), 16);
            Arrays.fill(listed, first, (found.group(2) == null ? first : Integer.parseInt(found.group(2), 16)) + 1, true);
        });
        Pattern missing = Pattern.compile("# +@missing: (\\p{XDigit}+)\\.\\.(\\p{XDigit}+); (Wide|W)\\b.*");
        Pattern inWords = Pattern.compile("#.*?U\\+(\\p{XDigit}+)\\.\\.U\\+(\\p{XDigit}+)\\s*");
        for (Pattern pattern : List.of(missing, inWords)) {
            lines(file, pattern).forEach(found -> {
                for (int point = Integer.parseInt(found.group(1), 16); point <= Integer.parseInt(found.group(2), 16); point++) {
                    if (!listed[point]) {
                        widths[point] = 2;
                    }
                }
            });
        }
    }

    /** Pairs: a number of code points, and their width,: the number in hexadecimal, the width as x, y or z. */
    private static String runs(byte[] widths) {
        StringBuilder runs = new StringBuilder();
        int start = 0;
        for (int point = 1; point <= widths.length; point++) {
            if (point == widths.length || widths[point] != widths[start]) {
                runs.append(Integer.toString(point - start, 16)).append((char) ('x' + widths[start]));
                start = point;
            }
        }
        return runs.toString();
    }

    private static String source(String runs) {
        StringBuilder rows = new StringBuilder();
        for (int at = 0; at < runs.length(); at += STRING_COLUMNS) {
            rows.append("            ").append(at == 0 ? "" : "+ ").append('"')
                    .append(runs, at, Math.min(at + STRING_COLUMNS, runs.length())).append("\"\n");
        }
        return HEAD + rows.toString().stripTrailing() + ";\n}\n";
    }

    private static final String HEAD = notice() + """
            package dev.panpty.screen;

            /**
             * The data of {@link WidthTable}, of Unicode\s""" + VERSION + """
            . {@code src/main/unicode/Widths.java} writes this file from {@code EastAsianWidth.txt},
             * {@code HangulSyllableType.txt} and {@code DerivedGeneralCategory.txt}.
             */
            final class WidthRuns {

                private WidthRuns() {}

                /** Runs from U+0000 on: the number of code points in hexadecimal, then x, y or z for the width 0, 1 or 2. */
                static final String RUNS =
            """;

    private static String notice() {
        try {
            Path file = Path.of(System.getProperty("panpty.basedir", "")).resolve("src/main/unicode/UNICODE-LICENSE");
            return "/*\n * The runs are derived from the Unicode Character Database, Unicode Data Files under this licence:\n *\n"
                    + String.join("", Files.readAllLines(file).stream().map(line -> (" * " + line).stripTrailing() + "\n").toList()) + " */\n";
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }
}
