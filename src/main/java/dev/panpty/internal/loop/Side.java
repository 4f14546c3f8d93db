package dev.panpty.internal.loop;

/** One direction of a terminal's traffic, as the loop sees it. Both are called on the loop's thread, under no lock. */
interface Side {

    /** The child is reaped: what it wrote is all there, and an EIO from now on is the end. */
    void reaped();

    /** The terminal is closed: nothing more can be read or written. */
    void closed();
}
