package dev.panpty.cast;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Optional;

/** Reads ttyrec. Its times begin with the first frame. A frame that is cut is the last one, as far as it goes. */
final class TtyrecSource implements EventSource {

    private static final int MOST_FRAME_BYTES = 64 << 20;
    private static final long MICROS_PER_SECOND = 1_000_000;

    private final ByteInput input;
    private final byte[] head = new byte[TtyrecEncoder.HEAD_BYTES];
    private long startMicros = -1;
    private long lastMicros;

    TtyrecSource(ByteInput input) {
        this.input = input;
    }

    /** Whether a file may be ttyrec that begins so. */
    static boolean mayBe(byte[] begin) {
        return begin.length >= TtyrecEncoder.HEAD_BYTES && micros(begin) < MICROS_PER_SECOND && length(begin) <= MOST_FRAME_BYTES;
    }

    private static long seconds(byte[] head) {
        return Integer.toUnsignedLong(ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt(0));
    }

    private static long micros(byte[] head) {
        return Integer.toUnsignedLong(ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt(Integer.BYTES));
    }

    private static long length(byte[] head) {
        return Integer.toUnsignedLong(ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt(2 * Integer.BYTES));
    }

    @Override
    public Header header() {
        return Header.empty();
    }

    @Override
    public Optional<CastEvent> next() throws IOException {
        long offset = input.offset();
        if (input.read(head, 0, head.length) < head.length) {
            return Optional.empty();
        }
        if (!mayBe(head)) {
            throw input.wrongByte(offset, "not the head of a frame: " + micros(head) + " microseconds, " + length(head) + " bytes");
        }
        long micros = seconds(head) * MICROS_PER_SECOND + micros(head);
        if (startMicros < 0) {
            startMicros = micros;
            lastMicros = micros;
        }
        lastMicros = Math.max(lastMicros, micros); // a clock that was set back stands still
        byte[] data = input.read((int) length(head));
        return Optional.of(new CastEvent.Output(Duration.ofNanos((lastMicros - startMicros) * 1000), ByteBuffer.wrap(data)));
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
