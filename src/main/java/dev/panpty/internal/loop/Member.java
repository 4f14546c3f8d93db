package dev.panpty.internal.loop;

/** What lives on a loop: whatever ends the loop ends it too. {@link #isStarted} may be called from any thread. */
public interface Member {

    /** Whether there is something to end. */
    boolean isStarted();

    /** Does what its state asks for and was not done; repeating it is harmless. On the loop's thread. */
    public void advance();

    /** The loop is about to stop: ends it here and now. On the loop's thread. */
    void abandon(String reason);

    /** The loop has failed: says so, and ends it here and now. On the loop's thread, its last. */
    void fail(String reason);
}
