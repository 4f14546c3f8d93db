package dev.panpty.internal.loop;

import java.util.List;

/**
 * Repeats what may have been missed for lack of memory, a thread or a descriptor. A pass polls every registration and advances every
 * member. It comes within 10 ms, and again every 10 ms until a pass misses nothing.
 *
 * <pre>
 *   not wanted --want, missed--> wanted --due: begin--> passing --end, nothing missed in the pass--> not wanted
 *                                                       passing --end, want or missed in the pass--> wanted
 * </pre>
 *
 * <p>{@link #want} may be called on any thread, the other methods on the loop's. Allocates nothing.
 */
final class Resync {

    private static final int MILLIS = 10;
    private static final long NANOS = MILLIS * 1_000_000L;

    private final Poller poller;
    private final Thread thread;
    private volatile boolean wanted;
    private boolean passing;
    private long passedNanos = System.nanoTime() - NANOS; // when the last pass began

    /** @param thread the loop's */
    Resync(Poller poller, Thread thread) {
        this.poller = poller;
        this.thread = thread;
    }

    /** Asks for a pass and ends the loop's wait. */
    void want() {
        wanted = true;
        if (Thread.currentThread() != thread) {
            poller.wakeUp();
        }
    }

    /**
     * {@link #want} after a handler or command threw, which is logged. Not again in passes that repeat: an OutOfMemoryError, and a class
     * that is missing because its loader is closed.
     */
    void missed(Throwable thrown) {
        wanted = true;
        if (passing && (thrown instanceof OutOfMemoryError || thrown instanceof LinkageError)) {
            return;
        }
        try {
            Reports.log(Reports.THROWN, thrown);
        } catch (OutOfMemoryError unlogged) {
            return; // the loop goes on
        }
    }

    /** Runs the work; what it throws is {@linkplain #missed missed}. */
    void attempt(Runnable work) {
        try {
            work.run();
        } catch (Throwable missed) {
            missed(missed);
        }
    }

    void attemptAll(List<Runnable> works) {
        for (int i = 0; i < works.size(); i++) { // no iterator, which each turn would allocate, as a rule for an empty list
            attempt(works.get(i));
        }
    }

    /** Shortens the loop's timeout to the next pass, if one is wanted; a negative timeout is infinite. */
    int limit(int timeoutMillis) {
        return !wanted || timeoutMillis >= 0 && timeoutMillis < MILLIS ? timeoutMillis : MILLIS;
    }

    boolean isDue() {
        return wanted && System.nanoTime() - passedNanos >= NANOS;
    }

    /** A pass begins: what is missed from now on asks for the next one. */
    void begin() {
        passedNanos = System.nanoTime();
        wanted = false;
        passing = true;
    }

    void end() {
        passing = false;
    }
}
