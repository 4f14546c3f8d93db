package dev.panpty.internal.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Native memory that one thread borrows for the length of one call: a place for errno and, when asked for, 64 KiB of data.
 *
 * <p>Nothing blocks between {@link #take} and {@link #give}, so there are never more of them than threads running at that moment;
 * the pool keeps a few, and one too many is left to the garbage collector. A call therefore allocates nothing, and a terminal owns
 * no buffer of its own. What is read and written through {@link ByteBuffer} views needs no VarHandle: those cost start-up time.
 */
public final class Scratch {

    public static final int DATA_BYTES = 64 * 1024;

    private static final int POOL_SIZE = 32; // a power of two
    private static final AtomicReferenceArray<Scratch> POOL = new AtomicReferenceArray<>(POOL_SIZE);

    final MemorySegment errnoState;
    private final ByteBuffer errnoView;
    private MemorySegment dataSegment;
    private ByteBuffer data;

    private Scratch() {
        errnoState = Arena.ofAuto().allocate(Linker.Option.captureStateLayout());
        errnoView = view(errnoState);
    }

    /** Borrows one; {@link #give} it back before anything that may block. */
    public static Scratch take() {
        int start = (int) Thread.currentThread().threadId();
        for (int probe = 0; probe < POOL_SIZE; probe++) {
            int slot = slot(start, probe);
            if (POOL.getPlain(slot) != null) {
                Scratch scratch = POOL.getAndSet(slot, null);
                if (scratch != null) {
                    return scratch;
                }
            }
        }
        return new Scratch();
    }

    private static int slot(int start, int probe) {
        return start + probe & POOL_SIZE - 1;
    }

    /** Gives it back as it was taken: the next borrower has all of the data before it. */
    public void give() {
        if (data != null) {
            data.clear();
        }
        int start = (int) Thread.currentThread().threadId();
        for (int probe = 0; probe < POOL_SIZE; probe++) {
            if (POOL.compareAndSet(slot(start, probe), null, this)) {
                return;
            }
        }
    }

    int errno() {
        return errnoView.getInt(0);
    }

    /** The data as a buffer in native byte order, all of it when borrowed; position and limit are the borrower's to move. */
    public ByteBuffer data() {
        if (data == null) {
            dataSegment = Arena.ofAuto().allocate(DATA_BYTES, Long.BYTES);
            data = view(dataSegment);
        }
        return data;
    }

    /** Where the data begins. The address is good only while this object is held. */
    public long address() {
        data();
        return dataSegment.address();
    }

    /** Puts a path at the given offset and answers its address. One that does not fit is cut, and the kernel still finds it too long. */
    long string(int offset, byte[] path) {
        int length = Math.min(path.length, DATA_BYTES - offset - 1);
        data().put(offset, path, 0, length).put(offset + length, (byte) 0);
        return address() + offset;
    }

    static ByteBuffer view(MemorySegment segment) {
        return segment.asByteBuffer().order(ByteOrder.nativeOrder());
    }
}
