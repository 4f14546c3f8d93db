package dev.panpty.internal.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One allocation of native memory, to which strings, pointer arrays and structs are added for one call. Confined to the thread that made
 * it; {@link #close} frees it.
 *
 * <p>Its size is computed before it is made, by the methods here that give sizes.
 */
public final class NativeBlock implements AutoCloseable {

    /** A bound for strings of libc, far beyond any. */
    private static final int MAX_STRING_BYTES = 1 << 30;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment segment;
    private final ByteBuffer bytes;
    private int used;

    /** A zeroed block of the given size in bytes. */
    public NativeBlock(long size) {
        segment = arena.allocate(size, Long.BYTES);
        bytes = Scratch.view(segment);
    }

    /** What {@link #strings} needs for these strings, in bytes. */
    public static long sizeOfStrings(List<byte[]> strings) {
        long size = (strings.size() + 1L) * Long.BYTES;
        for (byte[] string : strings) {
            size += string.length + 1L;
        }
        return align(size);
    }

    /** What {@link #string(byte[])} needs, in bytes. */
    public static long sizeOfString(byte[] string) {
        return align(string.length + 1L);
    }

    /** Reserves zeroed bytes, aligned for any type, and returns their address. */
    public long reserve(int size) {
        int at = used;
        used = Math.toIntExact(align((long) at + size));
        return segment.address() + at;
    }

    /** Adds a C string and returns its address. */
    public long string(byte[] string) {
        long address = reserve(string.length + 1);
        bytes.put(offset(address), string);
        return address;
    }

    /** Adds a NULL-terminated array of C strings, such as {@code argv} and {@code envp}, and returns its address. */
    public long strings(List<byte[]> strings) {
        int array = used;
        int text = array + (strings.size() + 1) * Long.BYTES;
        for (int i = 0; i < strings.size(); i++) {
            byte[] string = strings.get(i);
            bytes.putLong(array + i * Long.BYTES, segment.address() + text);
            bytes.put(text, string);
            text += string.length + 1;
        }
        used = Math.toIntExact(align(text));
        return segment.address() + array;
    }

    public void putInt(long address, int value) {
        bytes.putInt(offset(address), value);
    }

    public void putLong(long address, long value) {
        bytes.putLong(offset(address), value);
    }

    public int getInt(long address) {
        return bytes.getInt(offset(address));
    }

    public long getLong(long address) {
        return bytes.getLong(offset(address));
    }

    private int offset(long address) {
        return Math.toIntExact(address - segment.address());
    }

    private static long align(long size) {
        return size + Long.BYTES - 1 & -Long.BYTES;
    }

    @Override
    public void close() {
        arena.close();
    }

    /** The bytes of the C string at an address of libc, at most {@code limit} of them. */
    static byte[] string(long address, int limit) {
        ByteBuffer bytes = at(address, limit);
        int length = 0;
        while (length < limit && bytes.get(length) != 0) {
            length++;
        }
        byte[] string = new byte[length];
        bytes.get(0, string);
        return string;
    }

    /** The strings of a NULL-terminated array of C strings. */
    static List<byte[]> stringArray(long address) {
        List<byte[]> strings = new ArrayList<>();
        for (long at = address; ; at += Long.BYTES) {
            long string = at(at, Long.BYTES).getLong(0);
            if (string == 0) {
                return strings;
            }
            strings.add(string(string, MAX_STRING_BYTES));
        }
    }

    static ByteBuffer at(long address, int size) {
        return Scratch.view(MemorySegment.ofAddress(address).reinterpret(size));
    }
}
