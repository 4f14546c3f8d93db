package dev.panpty.internal.loop;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Bytes waiting in order, in heap memory. Guarded by its owner's lock. */
final class ByteQueue {

    private static final int MIN_CHUNK_BYTES = 4096;
    private static final int MAX_CHUNK_BYTES = 1 << 20;

    private final Deque<byte[]> chunks = new ArrayDeque<>(2);
    /** Of the first chunk, where the next byte to take is. */
    private int head;
    /** Of the last chunk, where the next byte goes. */
    private int tail;
    private long size;

    long size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /**
     * Copies what is between the buffer's position and limit, and advances its position.
     *
     * @throws OutOfMemoryError and then nothing is taken
     */
    void add(ByteBuffer source) {
        byte[] last = chunks.peekLast();
        int fitting = last == null ? 0 : Math.min(source.remaining(), last.length - tail);
        List<byte[]> room = allocate(source.remaining() - fitting);
        size += source.remaining();
        if (fitting > 0) {
            source.get(last, tail, fitting);
            tail += fitting;
        }
        for (byte[] chunk : room) {
            tail = Math.min(source.remaining(), chunk.length);
            source.get(chunk, 0, tail);
            chunks.addLast(chunk);
        }
    }

    /** What a read is to fill, from {@link #roomOffset} on to its end, before {@link #filled} says how far it has; made if need be. */
    byte[] room() {
        byte[] last = chunks.peekLast();
        if (last == null || tail == last.length) {
            last = new byte[MIN_CHUNK_BYTES];
            chunks.addLast(last);
            tail = 0;
        }
        return last;
    }

    int roomOffset() {
        return tail;
    }

    void filled(int count) {
        tail += count;
        size += count;
    }

    /** Keeps no room for more. */
    void trim() {
        if (isEmpty()) {
            clear();
        }
    }

    /** Chunks for so many bytes, all full but the last. In pieces, since no array is as long as a buffer can be. */
    private static List<byte[]> allocate(int bytes) {
        List<byte[]> room = new ArrayList<>();
        for (int left = bytes; left > 0; left -= MAX_CHUNK_BYTES) {
            room.add(new byte[Math.clamp(left, MIN_CHUNK_BYTES, MAX_CHUNK_BYTES)]);
        }
        return room;
    }

    /** Copies as much as fits between the buffer's position and limit, and advances its position; nothing is taken out. */
    void peek(ByteBuffer target) {
        int from = head;
        for (byte[] chunk : chunks) {
            int count = Math.min(target.remaining(), end(chunk) - from);
            target.put(chunk, from, count);
            from = 0;
            if (!target.hasRemaining()) {
                return;
            }
        }
    }

    /** Takes out the first bytes, which are there. */
    void skip(int count) {
        size -= count;
        for (int left = count; left > 0; ) {
            byte[] first = chunks.peekFirst();
            int taken = Math.min(left, end(first) - head);
            head += taken;
            left -= taken;
            if (head == end(first)) {
                chunks.removeFirst();
                head = 0;
            }
        }
    }

    /** Takes up to {@code length} bytes out; 0 when there are none. */
    int take(byte[] target, int offset, int length) {
        if (isEmpty()) {
            return 0;
        }
        int count = (int) Math.min(length, size);
        peek(ByteBuffer.wrap(target, offset, count));
        skip(count);
        return count;
    }

    /** Drops everything; how many bytes that were. */
    long clear() {
        long dropped = size;
        chunks.clear();
        head = 0;
        size = 0;
        return dropped;
    }

    private int end(byte[] chunk) {
        return chunk == chunks.peekLast() ? tail : chunk.length;
    }
}
