package dev.panpty.cast;

import static java.util.Objects.requireNonNull;

import dev.panpty.TerminalTap;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** A tap that writes the output to a stream. */
final class OutputTo implements TerminalTap {

    private final OutputStream stream;

    OutputTo(OutputStream stream) {
        this.stream = requireNonNull(stream, "out");
    }

    @Override
    public void output(ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        try {
            stream.write(bytes);
            stream.flush();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
