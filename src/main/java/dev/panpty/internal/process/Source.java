package dev.panpty.internal.process;

import java.nio.ByteBuffer;

/**
 * A cursor over the bytes that a call writes, in the caller's array or buffer. The next call reuses it, so that a call allocates nothing:
 * a {@code ByteBuffer.wrap} passed to {@link LineGuard} is not optimized away and costs 56 bytes a write. Guarded by its owner's lock or
 * turn.
 */
public final class Source {

    private byte[] array; // or null
    private ByteBuffer buffer; // or null; its position is neither read nor changed
    private int start;
    private int position;
    private int end;
    private boolean secret;

    public Source of(byte[] bytes, int offset, int length) {
        array = bytes;
        return from(offset, offset + length);
    }

    /** Of a secret, which a tap gets as such, or of other bytes. */
    public Source of(byte[] bytes, int offset, int length, boolean isSecret) {
        of(bytes, offset, length);
        secret = isSecret;
        return this;
    }

    /** The bytes between the buffer's position and limit. */
    public Source of(ByteBuffer bytes) {
        buffer = bytes;
        return from(bytes.position(), bytes.limit());
    }

    private Source from(int first, int limit) {
        start = first;
        position = first;
        end = limit;
        secret = false;
        return this;
    }

    /** Drops the reference to the caller's memory; nothing remains to write. */
    public void forget() {
        array = null;
        buffer = null;
        from(0, 0);
    }

    /** The number of bytes of the call. */
    public int total() {
        return end - start;
    }

    /** How many of them are written. */
    public int done() {
        return position - start;
    }

    public int remaining() {
        return end - position;
    }

    /** The index, for {@link #get}, of the next byte to write. */
    public int position() {
        return position;
    }

    byte get(int index) {
        return array != null ? array[index] : buffer.get(index);
    }

    /** Copies so many bytes, from an index on. */
    void get(int index, byte[] target, int offset, int count) {
        if (array != null) {
            System.arraycopy(array, index, target, offset, count);
        } else {
            buffer.get(index, target, offset, count);
        }
    }

    /** {@code write(2)} of at most so many of the next bytes, which are in an array: how many were written, or the negative errno. */
    public int write(Channel target, int count) {
        int written = target.write(ByteBuffer.wrap(array), position, count, secret);
        position += Math.max(written, 0);
        return written;
    }
}
