package dev.panpty.internal.process;

/** The meaning of a read without data. */
public enum NoData {
    /** Data may come later. */
    YET,
    /** No process holds the other end now, or our end is closed. */
    HUNG_UP,
    /** No more data will come. */
    END,
    /** Read again: an error other than EIO, before the limit of errors in a row; or a hang-up that was seen too early. */
    AGAIN,
    /** The descriptor cannot be read. */
    FAULT
}
