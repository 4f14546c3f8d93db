package dev.panpty.cast;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;

/** The output of a recording, as the stream of a program that has it at once. One thread. */
final class OutputBytes extends InputStream {

    private final EventSource events;
    private ByteBuffer data = ByteBuffer.allocate(0);
    private boolean ended; // and the file is closed
    private boolean closed;

    OutputBytes(EventSource events) {
        this.events = events;
    }

    /** False at the end. */
    private boolean fill() throws IOException {
        if (closed) {
            throw new IOException("Stream closed");
        }
        while (!data.hasRemaining()) {
            Optional<CastEvent> event = ended ? Optional.empty() : events.next();
            if (event.isEmpty()) {
                ended = true;
                events.close();
                return false;
            }
            if (event.get() instanceof CastEvent.Output output) {
                data = output.data();
            }
        }
        return true;
    }

    @Override
    public int read() throws IOException {
        return fill() ? data.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0 || !fill()) {
            return length == 0 ? 0 : -1;
        }
        int count = Math.min(length, data.remaining());
        data.get(target, offset, count);
        return count;
    }

    @Override
    public int available() {
        return data.remaining();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        events.close();
    }
}
