package dev.panpty.internal.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Native memory that one thread borrows for the length of one call: a place for errno and, when asked for, 64 KiB of data.
 *
 * <p>Nothing waits between {@link #take} and {@link #close} for longer than another such call takes, so there are hardly more of them than
 * threads running at that moment; the pool keeps a few, and one too many is left to the garbage collector. A call therefore allocates
 * nothing, and a terminal owns no buffer of its own. Nothing here needs a VarHandle, which would cost start-up time: neither reading and
 * writing through {@link ByteBuffer} views, nor {@link AtomicInteger}, as opposed to the atomic references.
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
    private MemorySegment errnoState; // made when it is first taken
    private ByteBuffer errnoView;
    private final int dataBytes;
    private MemorySegment dataSegment; // made when it is first asked for
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

    /** One that is not of the pool: to be kept, for one thread at a time, as long as one likes. */
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

    /** Gives it back as it was taken: the next borrower has all of the data before it. */
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

    /** The data as a buffer in native byte order, all of it when borrowed; position and limit are the borrower's to move. */
    public ByteBuffer data() {
        if (data == null) {
            dataSegment = Arena.ofAuto().allocate(dataBytes, Long.BYTES);
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
