package dev.panpty.internal.process;

/** What a read that gave no data means. */
public enum NoData {
    /** There may be some later. */
    YET,
    /** No process holds the other end at this moment, or ours is closed. */
    HUNG_UP,
    /** There will be none. */
    END,
    /** It is to be read again: an error but EIO, not the last of several in a row; or an end that was seen too soon. */
    AGAIN,
    /** The descriptor cannot be read. */
    FAULT
}
