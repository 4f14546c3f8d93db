package dev.panpty.cast;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;

/** Writes ttyrec: for each output a head of 12 bytes, its seconds, microseconds and length, little-endian; then the bytes. */
final class TtyrecEncoder implements Encoder {

    static final int HEAD_BYTES = 12;

    private static final int MICROS_PER_SECOND = 1_000_000;

    private final Sink sink;
    private long startMicros;
    private long lastMicros;
    private IdleLimit idle;

    TtyrecEncoder(Sink sink) {
        this.sink = sink;
    }

    @Override
    public void begin(Header header) {
        Instant start = header.timestamp().orElse(Instant.EPOCH);
        startMicros = start.getEpochSecond() * MICROS_PER_SECOND + start.getNano() / 1000;
        idle = new IdleLimit(header.idleLimit());
    }

    @Override
    public void event(CastEvent event) throws IOException {
        Duration time = idle.next(event.time());
        if (event instanceof CastEvent.Output output) {
            lastMicros = Math.max(lastMicros, startMicros + Decimal.micros(time));
            ByteBuffer data = output.data();
            ByteBuffer frame = ByteBuffer.allocate(HEAD_BYTES + data.remaining()).order(ByteOrder.LITTLE_ENDIAN)
                    .putInt((int) (lastMicros / MICROS_PER_SECOND)).putInt((int) (lastMicros % MICROS_PER_SECOND)).putInt(data.remaining()).put(data);
            sink.write(frame.array(), frame.capacity());
        }
    }

    @Override
    public void end(Duration time) {
        // it has no end
    }
}
