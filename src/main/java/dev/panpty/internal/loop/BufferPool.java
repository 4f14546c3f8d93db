package dev.panpty.internal.loop;

import dev.panpty.internal.sys.Scratch;

/** Small native buffers for bytes that are written on a loop's thread; each is lent until it is written, as long as a terminal is full. */
public final class BufferPool {

    /** Size of one buffer. */
    public static final int BYTES = 4096;

    private static final int MOST_FREE = 1024;

    private final Scratch[] free = new Scratch[MOST_FREE];
    private int count;

    BufferPool() {}

    /** A cleared buffer. On the loop's thread, as every method here. */
    public Scratch take() {
        if (count == 0) {
            return Scratch.own(BYTES);
        }
        Scratch taken = free[--count];
        free[count] = null;
        return taken;
    }

    /** Returns a buffer; beyond {@value #MOST_FREE} free ones it is left to the garbage collector. */
    public void give(Scratch buffer) {
        if (count < MOST_FREE) {
            buffer.data().clear();
            free[count++] = buffer;
        }
    }
}
