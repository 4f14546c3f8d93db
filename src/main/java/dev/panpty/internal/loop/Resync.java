package dev.panpty.internal.loop;

import java.util.List;

/**
 * That something may have been missed, for there was no memory, thread or descriptor: in 10 ms at most, and each 10 ms until nothing more is
 * missed, every registration is polled and every member advanced.
 *
 * <pre>
 *   nothing missed --want--> wanted --due, a pass begins--> passing --the pass ends, nothing missed in it--> nothing missed
 *                                                                   --the pass ends, want in it-----------> wanted
 * </pre>
 *
 * <p>{@link #want} may be called on any thread, the rest on the loop's. Needs no memory.
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

    /** Asks for a pass, and ends the loop's wait. */
    void want() {
        wanted = true;
        if (Thread.currentThread() != thread) {
            poller.wakeUp();
        }
    }

    /** {@link #want} after what a handler or command threw, which is logged; of memory that lacks for longer, once. */
    void missed(Throwable thrown) {
        wanted = true;
        if (passing && thrown instanceof OutOfMemoryError) {
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
        for (int i = 0; i < works.size(); i++) { // no iterator: as a rule there is no work, in every turn
            attempt(works.get(i));
        }
    }

    /** How long the loop may wait, if it may wait so long without a pass; less than 0 is for ever. */
    int limit(int timeoutMillis) {
        return !wanted || timeoutMillis >= 0 && timeoutMillis < MILLIS ? timeoutMillis : MILLIS;
    }

    boolean isDue() {
        return wanted && System.nanoTime() - passedNanos >= NANOS;
    }

    /** What is missed from now on asks for the next pass. */
    void begin() {
        passedNanos = System.nanoTime();
        wanted = false;
        passing = true;
    }

    void end() {
        passing = false;
    }
}
