package dev.panpty.internal.loop;

/** The side that writes the program's input. */
interface InputSide extends Side {

    /** The terminal may take more. Under no lock. */
    void ready();

    /** Nothing more is accepted, and what waits is given up; nothing is typed. Any thread; idempotent. */
    void close();
}
