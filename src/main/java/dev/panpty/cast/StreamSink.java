package dev.panpty.cast;

import java.io.IOException;
import java.io.OutputStream;

/** A stream of the caller's, who closes it. */
final class StreamSink implements Sink {

    private final OutputStream stream;

    StreamSink(OutputStream stream) {
        this.stream = stream;
    }

    @Override
    public void write(byte[] data, int length) throws IOException {
        stream.write(data, 0, length);
    }

    @Override
    public void close() throws IOException {
        stream.flush();
    }
}
