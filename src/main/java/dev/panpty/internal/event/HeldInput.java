package dev.panpty.internal.event;

import dev.panpty.internal.loop.BufferPool;
import dev.panpty.internal.process.PtmxChannel;
import dev.panpty.internal.sys.Scratch;
import java.nio.ByteBuffer;

/** Bytes that are held until the user's code has returned, in native memory, from which they are written. Guarded by its owner's lock. */
final class HeldInput {

    private final BufferPool pool;
    private Scratch memory; // or null
    private int from;
    private int to;

    HeldInput(BufferPool pool) {
        this.pool = pool;
    }

    int size() {
        return to - from;
    }

    boolean isEmpty() {
        return from == to;
    }

    /** Whether so many more fit. */
    boolean fits(int count) {
        return to + count <= BufferPool.BYTES;
    }

    /** Holds the bytes between position and limit, which fit. On the loop's thread. */
    void add(ByteBuffer source) {
        if (memory == null) {
            memory = pool.take();
        }
        int count = source.remaining();
        memory.data().clear().position(to).put(source);
        to += count;
    }

    /** The bytes, between position and limit; {@link #write} follows. */
    ByteBuffer bytes() {
        return memory.data().limit(to).position(from);
    }

    /** {@code write(2)} of so many of the bytes; they stay until they are {@linkplain #skip skipped}. */
    int write(PtmxChannel terminal, int count, boolean secret) {
        return from == 0 ? terminal.write(memory, count, secret) : terminal.write(memory.data().clear(), from, count, secret);
    }

    void skip(int count) {
        from += count;
        if (isEmpty()) {
            from = 0;
            to = 0;
        }
    }

    /** Gives the memory back if nothing is held. On the loop's thread. */
    void giveBack() {
        if (memory != null && isEmpty()) {
            pool.give(memory);
            memory = null;
        }
    }
}
