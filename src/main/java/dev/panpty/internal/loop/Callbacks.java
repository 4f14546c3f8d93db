package dev.panpty.internal.loop;

import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The callback that a loop's thread is in. One that holds the loop for more than a second keeps all its other processes waiting,
 * so it is named in the log, once: by a thread that waits for the loop, while the callback still runs; else by the loop when it
 * returns. It costs two looks at the clock for each callback, and no timer.
 */
public final class Callbacks {

    static final long TOO_LONG_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long NONE = 0;

    private final EventLoop loop;
    private final AtomicReference<Object> called = new AtomicReference<>();
    private final AtomicLong sinceNanos = new AtomicLong(NONE); // written by the loop's thread, after what it called
    private final AtomicLong named = new AtomicLong(NONE); // when the last that was named had begun

    Callbacks(EventLoop loop) {
        this.loop = loop;
    }

    /**
     * A callback begins. True where {@link #leave} is to follow it: on the loop's thread, and not inside another.
     *
     * @param callee its text names it
     */
    public boolean enter(Object callee) {
        if (!loop.isCurrent() || sinceNanos.getPlain() != NONE) {
            return false;
        }
        called.setRelease(callee);
        sinceNanos.setRelease(System.nanoTime() | 1); // never NONE
        return true;
    }

    /** The callback has returned. */
    public void leave() {
        long since = sinceNanos.getPlain();
        sinceNanos.setRelease(NONE);
        if (System.nanoTime() - since > TOO_LONG_NANOS) {
            name(since, called.getPlain());
        }
    }

    /** Whether one holds the loop for too long at this moment. Any thread. */
    public boolean isSlow() {
        return isSlow(sinceNanos.get());
    }

    private static boolean isSlow(long since) {
        return since != NONE && System.nanoTime() - since > TOO_LONG_NANOS;
    }

    /** Names the one that does, if there is one and it is not named yet. For a thread that waits for the loop. */
    public void nameTheSlow() {
        long since = sinceNanos.get();
        if (isSlow(since)) {
            Object callee = called.get();
            if (sinceNanos.get() == since) { // else the name may be of a later one
                name(since, callee);
            }
        }
    }

    private void name(long since, Object callee) {
        long last = named.get();
        if (last == since || !named.compareAndSet(last, since)) {
            return;
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
        try {
            System.getLogger("dev.panpty").log(Level.WARNING, callee + " has held the reactor's thread for " + millis
                    + " ms: until it returns, none of the reactor's other processes is read, written or reaped");
        } catch (Throwable unheard) {
            // the logger's failure is not the waiting thread's, nor may it end the loop
        }
    }
}
