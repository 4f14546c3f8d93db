package dev.panpty.internal.process;

import java.io.IOException;

/** The input of a process, implemented by each style. Any thread may call. */
public interface InputStyle {

    /** Writes held input, so that the call that follows takes effect after it. */
    void flushHeld();

    /**
     * Sends keys as if typed, behind what was written before.
     *
     * @param secret whether a tap gets them as a secret in any mode
     */
    void type(byte[] keys, boolean secret) throws IOException;

    /**
     * Discards pending input, and input that the program has not read if the kernel allows it. An end of the input that the program has not
     * read is typed again.
     */
    void discardInput();

    /** Whether accepted input is not yet written. */
    boolean hasPendingInput();

    /** Bytes of input that were accepted so far, written or not; 0 in a style whose writes return when they are written. */
    long acceptedInput();

    /** How many of them are written or dropped. Takes no lock. */
    long writtenInput();

    /** Reads the output that is available, if no other thread reads it. */
    void readAhead();
}
