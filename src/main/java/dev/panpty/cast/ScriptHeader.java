package dev.panpty.cast;

import dev.panpty.WindowSize;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What script(1) says of a recording, in the first line of a log and in the names of an advanced timing file. */
final class ScriptHeader {

    static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ssxxx", Locale.ROOT);

    private static final Pattern STARTED = Pattern.compile("Script started on (\\d{4}-\\S+ \\S+)( .*)?");
    private static final Pattern NAMED = Pattern.compile("[\\[ ](COMMAND|TERM|COLUMNS|LINES)=\"(.*?)\"(?= [A-Z]+=\"| <|])");
    private static final int MOST_CELLS = 65535;

    private ScriptHeader() {}

    /** The names in the first line of a log; the rest of an advanced timing file's names is the same. */
    static Map<String, String> firstLine(String line) {
        Map<String, String> names = new LinkedHashMap<>();
        Matcher started = STARTED.matcher(line);
        if (started.matches()) {
            names.put("START_TIME", started.group(1));
            Matcher named = NAMED.matcher(line);
            while (named.find()) {
                names.putIfAbsent(named.group(1), named.group(2));
            }
        }
        return names;
    }

    /** What cannot be understood is left out: older versions have the date of their locale. */
    static Header of(Map<String, String> names) {
        return new Header(
                size(names.getOrDefault("LINES", ""), names.getOrDefault("COLUMNS", "")),
                start(names.getOrDefault("START_TIME", "")), Optional.empty(),
                Optional.ofNullable(names.get("COMMAND")), Optional.empty(),
                names.containsKey("SHELL") ? Map.of("SHELL", names.get("SHELL")) : Map.of(), Optional.ofNullable(names.get("TERM")),
                Optional.empty());
    }

    /** Empty unless both are numbers that a terminal can have. */
    static Optional<WindowSize> size(String rows, String columns) {
        Optional<Integer> height = cells(rows);
        Optional<Integer> width = cells(columns);
        return height.isPresent() && width.isPresent() ? Optional.of(new WindowSize(height.get(), width.get())) : Optional.empty();
    }

    private static Optional<Integer> cells(String text) {
        return Optional.of(text).filter(digits -> digits.matches("\\d{1,5}")).map(Integer::valueOf).filter(value -> value <= MOST_CELLS);
    }

    private static Optional<Instant> start(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text, DATE).toInstant());
        } catch (DateTimeException other) {
            return Optional.empty();
        }
    }
}
