package dev.panpty.internal.loop;

import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The user's code that the loop's thread is running. A callback that holds the loop for more than a second delays all its other processes,
 * so it is named in the log, once: by a thread that waits for the loop, while the callback still runs; else by the loop when it returns.
 * Work that was given to the loop is named by waiting threads only.
 *
 * <p>It costs one reading of the clock for each turn and each callback, and no timer: a callback counts as begun when the last one ended,
 * or when the turn began. The loop's own work in between is short; where it may not be, the loop calls {@link #tick}.
 */
public final class Callbacks {

    public static final long TOO_LONG_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long NONE = 0;

    private final Thread thread; // the loop's
    private final Resync resync;
    // written by the loop's thread, each time after the object it belongs to
    private final AtomicReference<Object> called = new AtomicReference<>();
    private final AtomicReference<Object> given = new AtomicReference<>();
    private final AtomicLong calledNanos = new AtomicLong(NONE);
    private final AtomicLong turnNanos = new AtomicLong(NONE);
    private long clockNanos;
    /** When the last one that was named began; any thread. */
    private final AtomicLong namedNanos = new AtomicLong(NONE);

    // confined to the loop's thread: the work deferred until the user's code returns
    private AtReturn first;
    private AtReturn last;
    private boolean returning;

    /** Work for when the running user's code has returned; runs once, however often it is deferred. Deferring allocates nothing. */
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

    /** The loop's wait has ended. */
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
     * A callback begins. True if {@link #leave} must follow: on the loop's thread, and not inside another callback.
     *
     * @param callee its toString names it in the log
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
        Object callee = called.getPlain();
        calledNanos.setRelease(NONE);
        called.setRelease(null); // an idle loop keeps nothing of the user's reachable
        tick();
        if (clockNanos - since > TOO_LONG_NANOS) {
            name(since, callee);
        }
        runDeferred();
    }

    /** The user's work begins. On the loop's thread. */
    public void begin(Object work) {
        given.setRelease(work);
    }

    /** The user's work has ended. On the loop's thread. */
    public void end() {
        given.setRelease(null);
        runDeferred();
    }

    /** Defers the work if the loop is running the user's code; else false, and the work is not run. On the loop's thread. */
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

    /** Runs the deferred work, and what that defers; callbacks are not nested. */
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

    /** Whether the present turn has taken too long. Any thread. */
    public boolean isHeld() {
        return isTooLong(turnNanos.get());
    }

    private static boolean isTooLong(long since) {
        return since != NONE && System.nanoTime() - since > TOO_LONG_NANOS;
    }

    /** Logs what has held the loop for too long, unless it is logged already. For a thread that waits for the loop. */
    public void nameTheHolder() {
        long turn = turnNanos.get();
        if (!isTooLong(turn)) {
            return;
        }
        long since = calledNanos.get();
        Object callee = since == NONE ? given.get() : called.get();
        boolean isSame = calledNanos.get() == since && turnNanos.get() == turn; // else callee may be a later one
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
            // a failing logger must neither fail the waiting thread nor end the loop
        }
    }
}
