package dev.panpty.cast;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The lines of a timing file of script(1), of both forms. A last line that cannot be read is a torn tail. One thread. */
final class ScriptTiming implements Closeable {

    private static final Pattern CLASSIC = Pattern.compile("(\\d+[.,]\\d+) (\\d{1,9})");
    private static final Pattern ADVANCED = Pattern.compile("([HIOS]) (\\d+[.,]\\d+) (.*)");

    private final ByteInput input;

    /**
     * A line.
     *
     * @param kind H for a name and its value, O for output, I for input, S for a signal
     * @param what the rest: for O and I how many bytes
     * @param isAdvanced whether it is of that form
     */
    record Entry(char kind, Duration delay, String what, boolean isAdvanced) {}

    ScriptTiming(ByteInput input) {
        this.input = input;
    }

    /** Whether a file begins with a line of that form. */
    static boolean isClassic(String head) {
        return CLASSIC.matcher(head.lines().findFirst().orElse("")).matches();
    }

    static boolean isAdvanced(String head) {
        return ADVANCED.matcher(head.lines().findFirst().orElse("")).matches();
    }

    /** The next line; empty at the end. */
    Optional<Entry> next() throws IOException {
        if (!input.nextLine()) {
            return Optional.empty();
        }
        String line = new String(input.line(), 0, input.lineLength(), StandardCharsets.UTF_8);
        Matcher classic = CLASSIC.matcher(line);
        Matcher advanced = ADVANCED.matcher(line);
        try {
            if (input.isLineComplete() && classic.matches()) {
                return Optional.of(new Entry('O', seconds(classic.group(1)), classic.group(2), false));
            }
            if (input.isLineComplete() && advanced.matches()) {
                return Optional.of(new Entry(advanced.group(1).charAt(0), seconds(advanced.group(2)), advanced.group(3), true));
            }
        } catch (NumberFormatException wrong) {
            // as a line of another form
        }
        CastException refused = wrong("not a line of a timing file: " + line);
        if (input.isAtEnd()) {
            return Optional.empty();
        }
        throw refused;
    }

    /** Some versions of script(1) have the decimal comma of their locale. */
    private static Duration seconds(String text) {
        return Decimal.parse(text.replace(',', '.'));
    }

    /** What is wrong with the last line. */
    CastException wrong(String cause) {
        return input.wrongLine(cause);
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
