package dev.panpty.internal.stream;

/** The process that a {@link StreamReader} belongs to, or a stand-in for a terminal without one. Called under no lock. */
public interface StreamOwner {

    /** Waits briefly for the exit, on a platform thread. */
    void awaitExitBriefly();

    /** The output has ended. */
    void advance();
}
