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
final class HangUp implements Runnable {

    private final EventLoop loop;
    private final TerminalSides sides;
    private final Signals signals;
    private final Child.Owner process;
    private volatile boolean wanted;

    HangUp(EventLoop loop, TerminalSides sides, Signals signals, Child.Owner process) {
        this.loop = loop;
        this.sides = sides;
        this.signals = signals;
        this.process = process;
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
            loop.post(this);
        } catch (OutOfMemoryError missed) {
            loop.resync();
        }
    }

    /** Hangs up, and advances the process. On the loop's thread, as the next. */
    @Override
    public void run() {
        now();
        process.advance();
    }

    /** Closes the ptmx; out of memory for what the sides do then, it stays wanted. */
    private void now() {
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
