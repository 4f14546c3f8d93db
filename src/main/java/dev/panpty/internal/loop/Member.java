package dev.panpty.internal.loop;

/** An object that must end with its loop. {@link #isStarted} may be called from any thread. */
public interface Member {

    /** Whether it has started, so that the loop's end must end it. */
    boolean isStarted();

    /** Does what its state calls for and is not yet done. Idempotent. On the loop's thread. */
    public void advance();

    /** The loop is about to stop: ends at once. On the loop's thread. */
    void abandon(String reason);

    /** The loop has failed: reports the reason and ends at once. On the loop's thread, in its last turn. */
    void fail(String reason);
}
