package dev.panpty.internal.process;

/** One direction of a terminal's traffic, as the loop sees it. All are called on the loop's thread, under no lock. */
interface Side {

    /** The child is reaped: what it wrote is all there, and an EIO from now on is the end. */
    public void reaped();

    /** The terminal is closed: nothing more can be read or written. */
    void closed();

    /** The loop serves nobody any more; whoever waits for this side is to hear why. */
    default void failed(String reason) {
        closed();
    }
}
