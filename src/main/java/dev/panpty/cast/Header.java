package dev.panpty.cast;

import dev.panpty.WindowSize;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What a recording says of itself.
 *
 * @param size empty if the format has none
 * @param term the type of the terminal, TERM
 * @param theme its colours, a JSON value that is passed on as it is
 */
record Header(
        Optional<WindowSize> size, Optional<Instant> timestamp, Optional<Duration> idleLimit, Optional<String> command,
        Optional<String> title, Map<String, String> environment, Optional<String> term, Optional<Object> theme) {

    /** Of a format that says nothing. */
    static Header empty() {
        return new Header(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Map.of(),
                Optional.empty(), Optional.empty());
    }

    WindowSize sizeOrDefault() {
        return size.orElse(WindowSize.DEFAULT);
    }
}
