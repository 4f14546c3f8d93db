package dev.panpty.internal.process;

import dev.panpty.internal.loop.EventLoop;

/**
 * The hang-up of a process that any thread asks for: posted to the loop, so that the end does not overtake a callback that is running.
 *
 * <pre>
 *   idle --soon--> wanted, posted --the post runs--------> hung up
 *                  wanted, out of memory --the resync----> hung up
 * </pre>
 */
final class HangUp {

    private final EventLoop loop;
    private final TerminalSides sides;
    private final Runnable signal;
    private final Runnable post;
    private volatile boolean wanted;

    /**
     * @param signal sends the signals that the kernel does not send at this hang-up, if any
     * @param post hangs up by {@link #now}, and what follows from it
     */
    HangUp(EventLoop loop, TerminalSides sides, Runnable signal, Runnable post) {
        this.loop = loop;
        this.sides = sides;
        this.signal = signal;
        this.post = post;
    }

    /** Any thread. */
    void soon() {
        wanted = true;
        try {
            loop.post(post);
        } catch (OutOfMemoryError missed) {
            loop.resync();
        }
    }

    /** Closes the ptmx; out of memory for what the sides do then, it stays wanted. On the loop's thread, as the next. */
    void now() {
        signal.run();
        sides.close();
        wanted = false;
    }

    /** What was wanted and is not done. */
    void repeat() {
        if (wanted) {
            now();
        }
    }
}
