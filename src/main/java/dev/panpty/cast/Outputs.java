package dev.panpty.cast;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files of a recording that is written, and their encoder. */
final class Outputs {

    private Outputs() {}

    /** The timing file of a log, unless another is given. */
    static Path timing(Path log) {
        return log.resolveSibling(log.getFileName() + ".timing");
    }

    /** The log, and the timing file if the format has one. If one cannot be opened, none is. */
    static List<FileSink> open(Path log, Path timing, CastFormat format) throws IOException {
        if (format == CastFormat.ASCIICAST_V1) {
            throw new IllegalArgumentException(format + " is not written");
        }
        List<FileSink> files = new ArrayList<>();
        files.add(FileSink.open(log));
        if (format.hasTimingFile()) {
            try {
                if (Files.exists(timing) && Files.isSameFile(log, timing)) {
                    throw new IllegalArgumentException("log and timing are the same file: " + log);
                }
                files.add(FileSink.open(timing));
            } catch (IOException | IllegalArgumentException refused) {
                files.getFirst().close();
                throw refused;
            }
        }
        return List.copyOf(files);
    }

    /** @param sinks of the files, in their order */
    static Encoder encoder(CastFormat format, List<FileSink> files, List<Sink> sinks) {
        if (!format.hasTimingFile()) {
            return encoder(format, sinks.getFirst());
        }
        Path log = files.getFirst().path().toAbsolutePath();
        Path timing = files.getLast().path().toAbsolutePath();
        String name = log.getParent().equals(timing.getParent()) ? log.getFileName().toString() : log.toString();
        return new ScriptEncoder(sinks.getFirst(), sinks.getLast(), format == CastFormat.SCRIPT_ADVANCED, name, timing.getFileName().toString());
    }

    /** The encoder of a format in one file. */
    static Encoder encoder(CastFormat format, Sink sink) {
        return switch (format) {
            case ASCIICAST_V2 -> new AsciicastEncoder(sink, false);
            case ASCIICAST_V3 -> new AsciicastEncoder(sink, true);
            case TTYREC -> new TtyrecEncoder(sink);
            case ASCIICAST_V1 -> throw new IllegalArgumentException(format + " is not written");
            case SCRIPT, SCRIPT_ADVANCED -> throw new IllegalArgumentException(format + " has a timing file");
        };
    }
}
