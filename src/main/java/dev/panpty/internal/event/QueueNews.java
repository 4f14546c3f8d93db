package dev.panpty.internal.event;

/**
 * What the listener of a write queue is to be told, and what it was told last. Guarded by the queue's lock; asked for again and again,
 * it tells each thing once.
 *
 * <pre>
 *   not full --more pending than the high water mark: full--> full --no more than the low one, still open: drained--> not full
 *   emptied: after a write, while somebody wants it, nothing is pending, still open
 *   lost: once, when no more is accepted and nothing more will be written
 * </pre>
 */
final class QueueNews {

    private final int highWaterBytes;
    private final int lowWaterBytes;
    private boolean emptiedWanted;
    private boolean written;
    private boolean full;
    private boolean lostTold;
    private boolean reportOnItsWay;
    private boolean emptiedOnItsWay;

    QueueNews(int highWaterBytes, int lowWaterBytes) {
        this.highWaterBytes = highWaterBytes;
        this.lowWaterBytes = lowWaterBytes;
    }

    /** How the queue is at the moment. */
    record Queue(long pendingBytes, boolean open, boolean over) {}

    /** What is to be told now. {@code emptied} is to be told later, by {@link #takeEmptied}. */
    record Due(boolean full, boolean drained, boolean emptied, boolean lost) {}

    /** Something has gone out, or was given up. */
    void written() {
        written = true;
    }

    /** Whether anybody wants to be told of an emptied queue. */
    void wantEmptied(boolean wanted) {
        emptiedWanted = wanted;
        written = false;
    }

    boolean isFull() {
        return full;
    }

    /** Whether there is news of which nobody is about to take care; the caller then is. */
    boolean needsReport(Queue queue) {
        boolean due = isFullDue(queue) || isDrainedDue(queue) || isEmptiedDue(queue) || isLostDue(queue);
        boolean needed = due && !reportOnItsWay;
        reportOnItsWay |= needed;
        return needed;
    }

    /** Who was to take care of it has failed to. */
    void untold() {
        reportOnItsWay = false;
    }

    /** What the caller is about to tell. */
    Due take(Queue queue) {
        reportOnItsWay = false;
        boolean emptied = isEmptiedDue(queue) && !emptiedOnItsWay;
        emptiedOnItsWay |= emptied;
        Due due = new Due(isFullDue(queue), isDrainedDue(queue), emptied, isLostDue(queue));
        full = due.full || full && !due.drained;
        lostTold |= due.lost;
        return due;
    }

    /** Whether it still is so that the queue is emptied. */
    boolean takeEmptied(Queue queue) {
        emptiedOnItsWay = false;
        boolean due = isEmptiedDue(queue);
        written = false;
        return due;
    }

    private boolean isFullDue(Queue queue) {
        return !full && queue.pendingBytes > highWaterBytes;
    }

    private boolean isDrainedDue(Queue queue) {
        return full && queue.pendingBytes <= lowWaterBytes && queue.open;
    }

    private boolean isEmptiedDue(Queue queue) {
        return written && emptiedWanted && queue.pendingBytes == 0 && queue.open;
    }

    private boolean isLostDue(Queue queue) {
        return !lostTold && queue.over;
    }
}
