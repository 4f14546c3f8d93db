package dev.panpty.internal.loop;

import dev.panpty.internal.sys.Scratch;

/** Small native buffers for what is written on a loop's thread: lent until they are written, which may take as long as a terminal is full. */
public final class BufferPool {

    /** Of one buffer. */
    public static final int BYTES = 4096;

    private static final int MOST_FREE = 1024;

    private final Scratch[] free = new Scratch[MOST_FREE];
    private int count;

    BufferPool() {}

    /** On the loop's thread, as all else here. */
    public Scratch take() {
        if (count == 0) {
            return Scratch.own(BYTES);
        }
        Scratch taken = free[--count];
        free[count] = null;
        return taken;
    }

    /** One too many is left to the garbage collector. */
    public void give(Scratch buffer) {
        if (count < MOST_FREE) {
            buffer.data().clear();
            free[count++] = buffer;
        }
    }
}
