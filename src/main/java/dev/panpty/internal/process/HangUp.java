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
    private final Signals signals;
    private final Runnable post;
    private volatile boolean wanted;

    /** @param post hangs up by {@link #now}, and what follows from it */
    HangUp(EventLoop loop, TerminalSides sides, Signals signals, Runnable post) {
        this.loop = loop;
        this.sides = sides;
        this.signals = signals;
        this.post = post;
    }

    /** Closes the descriptors at once; the sides hear of it soon. Any thread, not inside a callback. */
    void ahead() {
        signals.ofHangUp();
        try {
            sides.closeDescriptors();
        } finally {
            soon();
        }
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
        signals.ofHangUp();
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
