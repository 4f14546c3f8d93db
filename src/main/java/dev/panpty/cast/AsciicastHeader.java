package dev.panpty.cast;

import dev.panpty.cast.Members.MismatchException;
import java.util.Optional;

/** The header of asciicast, of any version. */
record AsciicastHeader(CastFormat format, Header header) {

    static AsciicastHeader of(Members members) throws MismatchException {
        String version = members.number("version").orElseThrow(() -> new MismatchException("no version"));
        CastFormat format = switch (version) {
            case "1" -> CastFormat.ASCIICAST_V1;
            case "2" -> CastFormat.ASCIICAST_V2;
            case "3" -> CastFormat.ASCIICAST_V3;
            default -> throw new MismatchException("version " + version + " of asciicast is not known");
        };
        boolean third = format == CastFormat.ASCIICAST_V3;
        Members term = third ? members.object("term").orElseThrow(() -> new MismatchException("no term")) : members;
        var environment = members.strings("env");
        Optional<String> type = third ? term.string("type") : Optional.ofNullable(environment.get("TERM"));
        return new AsciicastHeader(format, new Header(
                Optional.of(third ? term.size("cols", "rows") : term.size("width", "height")), members.timestamp("timestamp"),
                members.seconds("idle_time_limit"), members.string("command"), members.string("title"), environment, type,
                term.value("theme")));
    }
}
