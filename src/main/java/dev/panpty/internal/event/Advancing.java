package dev.panpty.internal.event;

import dev.panpty.internal.loop.Callbacks;
import dev.panpty.internal.loop.EventLoop;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * When the facts of a process are compared with what was told: on the loop's thread, after each change, never inside the user's code, and
 * never inside another comparison.
 *
 * <pre>
 *   idle --changed, advance, enter--> advancing --leave: steps until nothing has changed--> idle
 *   advancing --changed--> once more
 *   in the user's code --changed--> deferred until it returns
 *   on another thread --changed--> posted to the loop, once
 * </pre>
 */
final class Advancing {

    private final EventLoop loop;
    private final Owner owner;
    private final Callbacks.AtReturn atReturn = new Callbacks.AtReturn(this::afterReturn);
    private final AtomicBoolean posted = new AtomicBoolean();
    private boolean advancing; // the loop's, as the next
    private boolean again;

    /** The process. On the loop's thread. */
    interface Owner {

        /** Compares the facts with what was told, and tells what is due. */
        void step();

        /** Facts have changed inside the user's code: tells what must not wait until it returns. */
        void changedInside();

        /** Writes what was held while the user's code ran. */
        void flushHeld();
    }

    Advancing(EventLoop loop, Owner owner) {
        this.loop = loop;
        this.owner = owner;
    }

    /**
     * Facts have changed: advances now on the loop's thread, or when the user's code that it is in has returned; else soon. Any thread.
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
        posted.set(false); // first: what changes from now on posts again
        advance();
    }

    /** Whether the user's code is running on this thread; when it returns, the owner flushes and advances. Any thread. */
    boolean defers() {
        return loop.isCurrent() && loop.callbacks().defer(atReturn);
    }

    private void afterReturn() {
        owner.flushHeld();
        advance();
    }

    /** Any thread. */
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

    /** A part calls back from here to {@link #leave}. On the loop's thread, as all that follows. */
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

    /** Tells what a callback has caused, before the next one. Between {@link #enter} and {@link #leave}. */
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
