package dev.panpty.internal.loop;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** Output that was read before anybody asked for it, in order. Guarded by its owner's lock. */
final class ReadAhead {

    private final Deque<byte[]> chunks = new ArrayDeque<>();
    private int offset;
    private int size;

    int size() {
        return size;
    }

    void add(byte[] bytes, int count) {
        chunks.add(Arrays.copyOf(bytes, count));
        size += count;
    }

    /** Takes up to {@code length} bytes; 0 when there are none. */
    int take(byte[] target, int targetOffset, int length) {
        int taken = 0;
        while (taken < length && !chunks.isEmpty()) {
            byte[] chunk = chunks.peek();
            int count = Math.min(length - taken, chunk.length - offset);
            System.arraycopy(chunk, offset, target, targetOffset + taken, count);
            taken += count;
            offset += count;
            if (offset == chunk.length) {
                chunks.remove();
                offset = 0;
            }
        }
        size -= taken;
        return taken;
    }

    /** Drops everything; how many bytes that were. */
    int clear() {
        int dropped = size;
        chunks.clear();
        offset = 0;
        size = 0;
        return dropped;
    }
}
