package dev.panpty.internal.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Native memory that one thread borrows for one call: room for errno and, when asked for, 64 KiB of data.
 *
 * <p>Between {@link #take} and {@link #close} nothing blocks, so about as many are in use as threads are running. The pool keeps a few;
 * further ones are left to the garbage collector. So a call allocates nothing, and a terminal has no buffer of its own. Nothing here needs
 * a VarHandle, which would cost start-up time: {@link ByteBuffer} views and {@link AtomicInteger} do not, the atomic references do.
 */
public final class Scratch implements AutoCloseable {

    public static final int DATA_BYTES = 64 * 1024;

    private static final int POOL_SIZE = 32; // a power of two
    private static final Scratch[] POOL = new Scratch[POOL_SIZE];

    static {
        for (int slot = 0; slot < POOL_SIZE; slot++) {
            POOL[slot] = new Scratch(DATA_BYTES);
        }
    }

    private static final int FREE = 0;
    private static final int TAKEN = 1;

    private final AtomicInteger state = new AtomicInteger(FREE);
    private MemorySegment errnoState; // allocated at the first take
    private ByteBuffer errnoView;
    private final int dataBytes;
    private MemorySegment dataSegment; // allocated at the first use of data
    private ByteBuffer data;

    private Scratch(int dataBytes) {
        this.dataBytes = dataBytes;
    }

    /** Borrows one; close it before anything that may block. */
    public static Scratch take() {
        int start = (int) Thread.currentThread().threadId();
        for (int probe = 0; probe < POOL_SIZE; probe++) {
            Scratch scratch = POOL[start + probe & POOL_SIZE - 1];
            if (scratch.state.getPlain() == FREE && scratch.state.compareAndSet(FREE, TAKEN)) {
                return scratch.ready();
            }
        }
        return own();
    }

    /** One outside the pool, which its owner may keep; for one thread at a time. */
    public static Scratch own() {
        return own(DATA_BYTES);
    }

    /** {@link #own} with so many bytes of data. */
    public static Scratch own(int dataBytes) {
        return new Scratch(dataBytes).ready();
    }

    private Scratch ready() {
        if (errnoView == null) {
            try {
                errnoState = Arena.ofAuto().allocate(Linker.Option.captureStateLayout());
                errnoView = view(errnoState);
            } catch (OutOfMemoryError none) {
                close();
                throw none;
            }
        }
        return this;
    }

    /** Returns it to the pool, with position and limit of its buffer reset. */
    @Override
    public void close() {
        if (data != null) {
            data.clear();
        }
        state.set(FREE);
    }

    MemorySegment errnoState() {
        return errnoState;
    }

    int errno() {
        return errnoView.getInt(0);
    }

    /** The data as a buffer in native byte order, cleared when borrowed; the borrower may change position and limit. */
    public ByteBuffer data() {
        if (data == null) {
            dataSegment = Arena.ofAuto().allocate(dataBytes, Long.BYTES);
            data = view(dataSegment);
        }
        return data;
    }

    /** The address of the data; valid only while this object is reachable. */
    public long address() {
        data();
        return dataSegment.address();
    }

    /** Puts a path at the given offset and returns its address. A path that does not fit is cut; it is still too long for the kernel. */
    long string(int offset, byte[] path) {
        int length = Math.min(path.length, DATA_BYTES - offset - 1);
        data().put(offset, path, 0, length).put(offset + length, (byte) 0);
        return address() + offset;
    }

    static ByteBuffer view(MemorySegment segment) {
        return segment.asByteBuffer().order(ByteOrder.nativeOrder());
    }
}
