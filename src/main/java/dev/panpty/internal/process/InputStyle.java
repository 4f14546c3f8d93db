package dev.panpty.internal.process;

import java.io.IOException;

/** The input of a process, as its style has it. Any thread may call. */
public interface InputStyle {

    /** Writes what is held of the input: what follows is to have its effect behind it. */
    void flushHeld();

    /** Sends keys as if typed, behind what was written before. */
    void type(byte[] keys) throws IOException;

    /**
     * Discards what is pending and what the program has not read, this as far as the kernel lets it; an end of the input that the program
     * has not read is typed again.
     */
    void discardInput();

    /** Whether input is accepted that is not yet written. */
    boolean hasPendingInput();

    /** Reads what output there is, where nothing else reads it. */
    void readAhead();
}
