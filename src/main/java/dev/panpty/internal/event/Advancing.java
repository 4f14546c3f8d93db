package dev.panpty.internal.event;

import dev.panpty.internal.loop.Callbacks;
import dev.panpty.internal.loop.EventLoop;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Decides when a process takes a {@link Owner#step step}: a comparison of its state with what its listener was notified of last. Steps run
 * on the loop's thread after each change, never inside the user's code and never inside one another.
 *
 * <pre>
 *   idle --enter--> advancing --leave: steps until {@code again} stays false--> idle
 *   advancing --advance--> {@code again} is set: one more step
 *
 *   {@link #changed}, by the thread that calls it:
 *   the loop's thread, outside the user's code--> advance: enter and leave
 *   the loop's thread, inside the user's code---> changedInside now; flushHeld and advance when the user's code returns
 *   another thread------------------------------> advance is posted to the loop, unless it is posted already
 * </pre>
 */
final class Advancing {

    private final EventLoop loop;
    private final Owner owner;
    private final Callbacks.AtReturn atReturn = new Callbacks.AtReturn(this::afterReturn);
    private final AtomicBoolean posted = new AtomicBoolean();
    private boolean advancing; // confined to the loop's thread, as the next
    private boolean again;

    /** The process. On the loop's thread. */
    interface Owner {

        /** Compares the state with what the listener was notified of, and makes the callbacks that are due. */
        void step();

        /** The state has changed inside the user's code: makes the callbacks that cannot wait until it returns. */
        void changedInside();

        /** Writes the input that was held while the user's code ran. */
        void flushHeld();
    }

    Advancing(EventLoop loop, Owner owner) {
        this.loop = loop;
        this.owner = owner;
    }

    /**
     * The state has changed. On the loop's thread it advances now, or when the user's code that is running has returned; on another thread
     * it posts. Any thread.
     */
    void changed() {
        if (loop.isCurrent()) {
            if (loop.callbacks().defer(atReturn)) {
                owner.changedInside();
            } else {
                advance();
            }
        } else if (posted.compareAndSet(false, true)) {
            post();
        }
    }

    private void post() {
        try {
            loop.post(this::advancePosted);
        } catch (OutOfMemoryError missed) {
            posted.set(false);
            loop.resync();
        }
    }

    private void advancePosted() {
        posted.set(false); // first: a change from now on posts again
        advance();
    }

    /** Whether the user's code is running on this thread; when it returns, the owner flushes and this advances. Any thread. */
    boolean defers() {
        return loop.isCurrent() && loop.callbacks().defer(atReturn);
    }

    private void afterReturn() {
        owner.flushHeld();
        advance();
    }

    /** Steps until nothing has changed; on another thread as {@link #changed}. Any thread. */
    void advance() {
        if (!loop.isCurrent()) {
            changed();
            return;
        }
        if (advancing) {
            again = true;
            return;
        }
        enter();
        leave();
    }

    /** From here to {@link #leave} a part of the process may call back. On the loop's thread, as all that follows. */
    void enter() {
        advancing = true;
    }

    void leave() {
        try {
            again = true;
            stepAgain();
        } finally {
            advancing = false;
        }
    }

    /** Steps for the changes that a callback has made, before the next callback. Between {@link #enter} and {@link #leave}. */
    void stepAgain() {
        while (again) {
            again = false;
            owner.step();
        }
    }

    /** Runs a part that may call back. */
    void run(Runnable part) {
        enter();
        try {
            part.run();
        } finally {
            leave();
        }
    }
}
