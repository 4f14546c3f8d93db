package dev.panpty.cast;

import dev.panpty.WindowSize;
import dev.panpty.cast.ScriptTiming.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the logs of script(1) by their timing file, in both forms, as scriptreplay(1) does: the first line of a log is not data, and what
 * follows the last entry's bytes is not either. A log that has fewer bytes than the timing file says is torn: it ends there.
 */
final class ScriptSource implements EventSource {

    private static final Pattern SIZE = Pattern.compile("SIGWINCH ROWS=(\\d{1,5}) COLS=(\\d{1,5})");
    private static final Pattern STATUS = Pattern.compile("\\nScript done on [^\\n]*COMMAND_EXIT_CODE=\"(-?\\d{1,9})\"");
    private static final int LAST_BYTES = 1024;
    private static final int MOST_CHUNK_BYTES = 64 << 20;

    private final ScriptTiming timing;
    private final Logs logs;
    private final Map<String, String> names = new LinkedHashMap<>();
    private final boolean advanced;
    private final Header header;
    private Optional<Entry> entry; // the next one
    private Duration time = Duration.ZERO;
    private boolean exited;

    /**
     * The logs; output and input may be the same.
     *
     * @param input empty if the input was not recorded
     */
    record Logs(ByteInput output, Optional<ByteInput> input) {

        void close() throws IOException {
            try (output) {
                if (input.isPresent()) {
                    input.get().close();
                }
            }
        }
    }

    /** Opens the logs by the names at the begin of an advanced timing file; of a classic one there are none. */
    interface Opener {
        Logs open(Map<String, String> names) throws IOException;
    }

    /** Reads up to the first event. If that fails, the caller closes the timing file; no log is open then. */
    ScriptSource(ScriptTiming timing, Opener opener) throws IOException {
        this.timing = timing;
        entry = timing.next();
        advanced = entry.isPresent() && entry.get().isAdvanced();
        while (entry.isPresent() && entry.get().kind() == 'H') {
            name(entry.get().what());
            entry = timing.next();
        }
        logs = opener.open(names);
        try {
            header = readHeader();
        } catch (IOException | RuntimeException failed) {
            logs.close();
            throw failed;
        }
    }

    private void name(String what) {
        int blank = what.indexOf(' ');
        if (blank > 0) {
            names.put(what.substring(0, blank), what.substring(blank + 1));
        }
    }

    private Header readHeader() throws IOException {
        ByteInput output = logs.output();
        Map<String, String> all = new LinkedHashMap<>();
        if (output.nextLine()) {
            all.putAll(ScriptHeader.firstLine(new String(output.line(), 0, output.lineLength(), StandardCharsets.UTF_8)));
        }
        if (logs.input().isPresent() && logs.input().get() != output) {
            logs.input().get().nextLine();
        }
        all.putAll(names);
        return ScriptHeader.of(all);
    }

    CastFormat format() {
        return advanced ? CastFormat.SCRIPT_ADVANCED : CastFormat.SCRIPT;
    }

    @Override
    public Header header() {
        return header;
    }

    @Override
    public Optional<CastEvent> next() throws IOException {
        while (entry.isPresent()) {
            Entry now = entry.get();
            if (now.isAdvanced() != advanced) {
                throw timing.wrong("the timing file changes its form");
            }
            time = later(now);
            Optional<CastEvent> event = event(now);
            entry = timing.next();
            if (event.isPresent()) {
                return event;
            }
        }
        return exited ? Optional.empty() : exitOfLog();
    }

    private Duration later(Entry now) throws IOException {
        try {
            return Decimal.later(time, now.delay());
        } catch (NumberFormatException wrong) {
            throw timing.wrong(wrong.getMessage());
        }
    }

    private Optional<CastEvent> event(Entry now) throws IOException {
        return switch (now.kind()) {
            case 'O' -> Optional.of(new CastEvent.Output(time, data(logs.output(), now)));
            case 'I' -> Optional.of(new CastEvent.Input(time, data(logs.input().orElseThrow(() -> timing.wrong("there is no log of input")), now)));
            case 'S' -> Optional.of(signal(now.what()));
            default -> {
                name(now.what());
                yield exited ? Optional.empty() : exit(names.getOrDefault("EXIT_CODE", ""));
            }
        };
    }

    private ByteBuffer data(ByteInput log, Entry now) throws IOException {
        int length = now.what().matches("\\d{1,9}") ? Integer.parseInt(now.what()) : Integer.MAX_VALUE;
        if (length > MOST_CHUNK_BYTES) {
            throw timing.wrong("not a number of bytes: " + now.what());
        }
        return ByteBuffer.wrap(log.read(length));
    }

    private CastEvent signal(String what) {
        Matcher size = SIZE.matcher(what);
        Optional<WindowSize> now = size.matches() ? ScriptHeader.size(size.group(1), size.group(2)) : Optional.empty();
        return now.isPresent() ? new CastEvent.Resize(time, now.get()) : new CastEvent.Other(time, "S", what);
    }

    private Optional<CastEvent> exit(String code) {
        exited = code.matches("-?\\d{1,9}");
        return exited ? Optional.of(new CastEvent.Exit(time, Integer.parseInt(code))) : Optional.empty();
    }

    /** The exit code is in the last line of the log. */
    private Optional<CastEvent> exitOfLog() throws IOException {
        byte[] last = logs.output().last(LAST_BYTES);
        Matcher status = STATUS.matcher(new String(last, StandardCharsets.ISO_8859_1));
        exited = true;
        return status.find() ? exit(status.group(1)) : Optional.empty();
    }

    @Override
    public void close() throws IOException {
        try (timing) {
            logs.close();
        }
    }
}
