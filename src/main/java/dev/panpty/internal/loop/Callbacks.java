package dev.panpty.internal.loop;

import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The user's code that a loop's thread is in. A callback that holds the loop for more than a second keeps all its other processes
 * waiting, so it is named in the log, once: by a thread that waits for the loop, while the callback still runs; else by the loop when it
 * returns. Work that was given to the loop is named by threads that wait only.
 *
 * <p>It costs one reading of the clock for each turn and each callback, and no timer: a callback begins when the last has ended, or
 * the turn has begun. What the loop does in between takes no time, and where it does it calls {@link #tick}.
 */
public final class Callbacks {

    public static final long TOO_LONG_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long NONE = 0;

    private final Thread thread; // the loop's
    private final Resync resync;
    // written by the loop's thread, the times after what belongs to them
    private final AtomicReference<Object> called = new AtomicReference<>();
    private final AtomicReference<Object> given = new AtomicReference<>();
    private final AtomicLong calledNanos = new AtomicLong(NONE);
    private final AtomicLong turnNanos = new AtomicLong(NONE);
    private long clockNanos;
    /** When the last that was named had begun; any thread. */
    private final AtomicLong namedNanos = new AtomicLong(NONE);

    // the loop's: what waits for the user's code to return
    private AtReturn first;
    private AtReturn last;
    private boolean returning;

    /** What is done once the user's code that the loop is in has returned: each once, however often it is deferred. Needs no memory. */
    public static final class AtReturn {

        private final Runnable work;
        private AtReturn next;
        private boolean deferred;

        public AtReturn(Runnable work) {
            this.work = work;
        }
    }

    /** @param thread the loop's */
    Callbacks(Thread thread, Resync resync) {
        this.thread = thread;
        this.resync = resync;
    }

    /** The loop has waited, and has something to do now. */
    void turnBegins() {
        tick();
        turnNanos.setRelease(clockNanos);
    }

    /** The loop is about to wait. */
    void turnEnds() {
        turnNanos.setRelease(NONE);
    }

    /** Reads the clock; on the loop's thread. */
    public void tick() {
        clockNanos = System.nanoTime() | 1; // never NONE
    }

    /**
     * A callback begins. True where {@link #leave} is to follow it: on the loop's thread, and not inside another.
     *
     * @param callee its text names it
     */
    public boolean enter(Object callee) {
        if (Thread.currentThread() != thread || calledNanos.getPlain() != NONE) {
            return false;
        }
        called.setRelease(callee);
        calledNanos.setRelease(clockNanos);
        return true;
    }

    /** The callback has returned. */
    public void leave() {
        long since = calledNanos.getPlain();
        calledNanos.setRelease(NONE);
        tick();
        if (clockNanos - since > TOO_LONG_NANOS) {
            name(since, called.getPlain());
        }
        runDeferred();
    }

    /** Work of the user's begins. On the loop's thread. */
    public void begin(Object work) {
        given.setRelease(work);
    }

    /** Work of the user's has ended. On the loop's thread. */
    public void end() {
        given.setRelease(null);
        runDeferred();
    }

    /** Does it later if the loop is in code of the user's, else not at all: false. On the loop's thread. */
    public boolean defer(AtReturn work) {
        if (calledNanos.getPlain() == NONE && given.getPlain() == null) {
            return false;
        }
        if (!work.deferred) {
            work.deferred = true;
            if (first == null) {
                first = work;
            } else {
                last.next = work;
            }
            last = work;
        }
        return true;
    }

    /** What this calls may defer more, which it then does too; its callbacks are not nested in one another. */
    private void runDeferred() {
        if (returning || first == null || given.getPlain() != null) {
            return;
        }
        returning = true;
        try {
            while (first != null) {
                AtReturn now = first;
                first = now.next;
                now.next = null;
                now.deferred = false;
                try {
                    now.work.run();
                } catch (Throwable missed) {
                    resync.missed(missed);
                }
            }
        } finally {
            returning = false;
        }
    }

    /** Whether the loop has been at one turn for too long. Any thread. */
    public boolean isHeld() {
        return isTooLong(turnNanos.get());
    }

    private static boolean isTooLong(long since) {
        return since != NONE && System.nanoTime() - since > TOO_LONG_NANOS;
    }

    /** Names what holds the loop for too long, unless it is named. For a thread that waits for the loop. */
    public void nameTheHolder() {
        long turn = turnNanos.get();
        if (!isTooLong(turn)) {
            return;
        }
        long since = calledNanos.get();
        Object callee = since == NONE ? given.get() : called.get();
        boolean isSame = calledNanos.get() == since && turnNanos.get() == turn; // else it may be a later one's name
        if (isSame && callee != null && (since == NONE || isTooLong(since))) {
            name(since == NONE ? turn : since, callee);
        }
    }

    private void name(long since, Object callee) {
        long last = namedNanos.get();
        if (last == since || !namedNanos.compareAndSet(last, since)) {
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
