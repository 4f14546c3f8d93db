package dev.panpty.expect;

import dev.panpty.ExitStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The state of a session at a failure; the message of its exception holds all of it. */
record Situation(
        List<Awaited> awaited, Duration waited, String unread, long unreadBytes, Optional<ExitStatus> status, Optional<Boolean> echo,
        Optional<String> foreground, String name) {

    static final int MOST_SHOWN = 2048; // bytes of the unread output

    /** @param what such as "not found" */
    String message(String what) {
        return what + " within " + Readable.time(waited) + (awaited.isEmpty() ? "" : ": ")
                + awaited.stream().map(Awaited::toString).collect(Collectors.joining(" or "))
                + "\nunread output" + (unreadBytes == 0 ? ": none" : unreadBytes > MOST_SHOWN ? ", the end of " + unreadBytes + " bytes:" : ":")
                + (unread.isEmpty() ? "" : "\n" + Readable.lines(unread))
                + "\n" + name + ": " + status.map(ended -> "ended, " + ended).orElse("no exit status yet")
                + echo.map(on -> ", echo " + (on ? "on" : "off")).orElse("")
                + foreground.map(program -> ", in the foreground " + Readable.escaped(program)).orElse("");
    }
}
