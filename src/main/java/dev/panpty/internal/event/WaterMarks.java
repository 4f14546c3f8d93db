package dev.panpty.internal.event;

/**
 * Whether so much input is pending that a producer is to pause. Written with the queue's lock, read without it too.
 *
 * <pre>
 *   not full --more pending than the high water mark--> full --no more than the low water mark--> not full
 * </pre>
 */
final class WaterMarks {

    private volatile int highBytes;
    private volatile int lowBytes;
    private volatile boolean full;

    WaterMarks(int highBytes, int lowBytes) {
        set(highBytes, lowBytes);
    }

    /** {@link #compare} follows. */
    void set(int newHighBytes, int newLowBytes) {
        highBytes = newHighBytes;
        lowBytes = newLowBytes;
    }

    int highBytes() {
        return highBytes;
    }

    int lowBytes() {
        return lowBytes;
    }

    boolean isFull() {
        return full;
    }

    /** True if {@link #isFull} is another than before. */
    boolean compare(long pendingBytes) {
        boolean wasFull = full;
        full = pendingBytes > highBytes || full && pendingBytes > lowBytes;
        return full != wasFull;
    }
}
