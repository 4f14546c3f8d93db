package dev.panpty.internal.process;

/** The side that writes the program's input. */
public interface WriteSide extends Side {

    /** The terminal may take more. Under no lock. */
    public void ready();

    /** Nothing more is accepted, and what waits is given up; nothing is typed. Any thread; idempotent. */
    void close();
}
