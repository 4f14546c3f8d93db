package dev.panpty.cast;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes the events of a recording in another format. One thread. */
final class Conversion {

    private final EventSource source;

    /** @param source which the caller closes */
    Conversion(EventSource source) {
        this.source = source;
    }

    /**
     * To a stream, which is flushed.
     *
     * @throws IllegalArgumentException if the format is not written, or has two files
     */
    void to(OutputStream out, CastFormat format) throws IOException {
        Sink sink = new StreamSink(out);
        write(Outputs.encoder(format, sink), List.of(sink));
    }

    /**
     * To a file, or two.
     *
     * @throws IllegalArgumentException if the format is not written
     */
    void to(Path path, CastFormat format) throws IOException {
        List<FileSink> files = Outputs.open(path, Outputs.timing(path), format);
        List<Sink> sinks = new ArrayList<>(files);
        try {
            for (FileSink file : files) {
                file.begin();
            }
            write(Outputs.encoder(format, files, sinks), sinks);
        } finally {
            for (FileSink file : files) {
                file.close();
            }
        }
    }

    /** Whether writing there would write over one of these files. */
    static Optional<Path> over(List<Path> files, Path path) throws IOException {
        for (Path file : files) {
            for (Path target : List.of(path, Outputs.timing(path))) {
                if (Files.exists(target) && Files.isSameFile(file, target)) {
                    return Optional.of(target);
                }
            }
        }
        return Optional.empty();
    }

    private void write(Encoder encoder, List<Sink> sinks) throws IOException {
        encoder.begin(source.header());
        Duration last = Duration.ZERO;
        for (Optional<CastEvent> event = source.next(); event.isPresent(); event = source.next()) {
            encoder.event(event.get());
            last = event.get().time();
        }
        encoder.end(last);
        for (Sink sink : sinks) {
            sink.close();
        }
    }
}
