package dev.panpty.internal.process;

import java.nio.ByteBuffer;

/** A queue of bytes in heap memory. Guarded by its owner's lock. */
public final class ByteQueue {

    private static final int MIN_CHUNK_BYTES = 4096;
    private static final int MAX_CHUNK_BYTES = 1 << 20;

    /** Linked, so that adding one allocates nothing else. */
    private static final class Chunk {
        final byte[] bytes;
        Chunk next;

        Chunk(int length) {
            bytes = new byte[length];
        }
    }

    private Chunk first;
    private Chunk last;
    /** Index in the first chunk of the next byte to take. */
    private int head;
    /** Index in the last chunk of the next byte to add. */
    private int tail;
    private long size;

    public long size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /**
     * Copies the bytes between the buffer's position and limit, and advances its position.
     *
     * @throws OutOfMemoryError and nothing is taken
     */
    public void add(ByteBuffer source) {
        int fitting = last == null ? 0 : Math.min(source.remaining(), last.bytes.length - tail);
        Chunk more = allocate(source.remaining() - fitting);
        size += source.remaining();
        if (fitting > 0) {
            source.get(last.bytes, tail, fitting);
            tail += fitting;
        }
        for (Chunk chunk = more; chunk != null; chunk = chunk.next) {
            append(chunk);
            tail = Math.min(source.remaining(), chunk.bytes.length);
            source.get(chunk.bytes, 0, tail);
        }
    }

    private void append(Chunk chunk) {
        if (last == null) {
            first = chunk;
        } else {
            last.next = chunk;
        }
        last = chunk;
        tail = 0;
    }

    /** The array for the next read, free from {@link #roomOffset} to its end; {@link #filled} follows. Allocated if necessary. */
    public byte[] room() {
        if (last == null || tail == last.bytes.length) {
            append(new Chunk(MIN_CHUNK_BYTES));
        }
        return last.bytes;
    }

    public int roomOffset() {
        return tail;
    }

    public void filled(int count) {
        tail += count;
        size += count;
    }

    /** Frees the room if the queue is empty. */
    public void trim() {
        if (isEmpty()) {
            clear();
        }
    }

    /** Chunks for so many bytes, all full but the last; null for 0. In pieces, so that a large buffer needs no large array. */
    private static Chunk allocate(int bytes) {
        Chunk chain = null;
        for (int left = bytes; left > 0; ) { // from the last to the first
            int length = (left - 1) % MAX_CHUNK_BYTES + 1;
            Chunk chunk = new Chunk(Math.max(length, MIN_CHUNK_BYTES));
            chunk.next = chain;
            chain = chunk;
            left -= length;
        }
        return chain;
    }

    /** Copies as much as fits between the buffer's position and limit, and advances its position; the queue keeps it. */
    public void peek(ByteBuffer target) {
        int from = head;
        for (Chunk chunk = first; chunk != null && target.hasRemaining(); chunk = chunk.next) {
            int count = Math.min(target.remaining(), end(chunk) - from);
            target.put(chunk.bytes, from, count);
            from = 0;
        }
    }

    /** Removes so many bytes, at most the size. */
    public void skip(int count) {
        size -= count;
        for (int left = count; left > 0; ) {
            int taken = Math.min(left, end(first) - head);
            head += taken;
            left -= taken;
            if (head == end(first)) {
                first = first.next;
                last = first == null ? null : last;
                head = 0;
            }
        }
    }

    /** Removes up to {@code length} bytes into the target; 0 if the queue is empty. */
    public int take(byte[] target, int offset, int length) {
        if (isEmpty()) {
            return 0;
        }
        int count = (int) Math.min(length, size);
        peek(ByteBuffer.wrap(target, offset, count));
        skip(count);
        return count;
    }

    /** Drops all bytes; returns their number. */
    public long clear() {
        long dropped = size;
        first = null;
        last = null;
        head = 0;
        size = 0;
        return dropped;
    }

    private int end(Chunk chunk) {
        return chunk == last ? tail : chunk.bytes.length;
    }
}
