package dev.panpty.cast;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Finds out the format of a recording by its first bytes, and opens it. */
final class Opening {

    private static final int HEAD_BYTES = 256;
    private static final String TYPESCRIPT = "Script started on ";

    private Opening() {}

    /** A recording with its format. */
    record Opened(CastFormat format, EventSource events) {}

    /** One file; the others of script(1) are found by the path. */
    static Opened open(Source source, Optional<Path> path) throws IOException {
        ByteInput input = source.open();
        try {
            byte[] head = input.head(HEAD_BYTES);
            String text = new String(head, StandardCharsets.ISO_8859_1);
            if (TtyrecSource.mayBe(head)) { // first: its seconds may begin with any byte, and no text has so few microseconds
                return new Opened(CastFormat.TTYREC, new TtyrecSource(input));
            }
            if (text.stripLeading().startsWith("{")) {
                AsciicastSource events = new AsciicastSource(input);
                return new Opened(events.format(), events);
            }
            if (text.startsWith(TYPESCRIPT)) {
                Optional<Path> timing = path.map(Outputs::timing).filter(Files::exists);
                input.close();
                return script(path.orElseThrow(() -> two(source)), timing.orElseThrow(() -> two(source)));
            }
            if (ScriptTiming.isAdvanced(text) && path.isPresent()) {
                return script(input, names -> logs(path.get(), Optional.empty(), names));
            }
            if (ScriptTiming.isAdvanced(text) || ScriptTiming.isClassic(text)) {
                throw two(source);
            }
            throw input.wrongByte(0, head.length == 0 ? "the file is empty" : "not a recording of a known format");
        } catch (IOException | RuntimeException failed) {
            input.close();
            throw failed;
        }
    }

    private static CastException two(Source source) {
        return CastException.atByte(source.name(), 0, "one of the two files of script(1): give the log and its timing file");
    }

    /** A log and its timing file. */
    static Opened script(Path log, Path timing) throws IOException {
        ByteInput input = Source.of(timing).open();
        try {
            return script(input, names -> logs(timing, Optional.of(log), names));
        } catch (IOException | RuntimeException failed) {
            input.close();
            throw failed;
        }
    }

    private static Opened script(ByteInput timing, ScriptSource.Opener logs) throws IOException {
        ScriptSource events = new ScriptSource(new ScriptTiming(timing), logs);
        return new Opened(events.format(), events);
    }

    /** Opens the log that is given, or those that the timing file names. The names are relative to the timing file's folder. */
    private static ScriptSource.Logs logs(Path timing, Optional<Path> log, Map<String, String> names) throws IOException {
        Optional<String> output = Optional.ofNullable(names.get("OUTPUT_LOG"));
        Optional<String> input = Optional.ofNullable(names.get("INPUT_LOG"));
        Optional<Path> first = log.or(() -> output.or(() -> input).map(timing::resolveSibling));
        if (first.isEmpty()) {
            throw CastException.atByte(timing.toString(), 0, "the timing file names no log: give it too");
        }
        ByteInput all = Source.of(first.get()).open();
        if (input.isEmpty() || output.isEmpty() || input.equals(output)) {
            return new ScriptSource.Logs(all, Optional.of(all));
        }
        try {
            return new ScriptSource.Logs(all, Optional.of(Source.of(timing.resolveSibling(input.get())).open()));
        } catch (IOException failed) {
            all.close();
            throw failed;
        }
    }
}
