package dev.panpty.internal.loop;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Starts a thread for work that must not run on the loop's: a virtual one, which has nothing of the thread that starts it. Where the JVM
 * can start no thread to carry it, see RLIMIT_NPROC in getrlimit(2), its scheduler of virtual threads may never work again, so from then
 * on they are platform threads; and while there are none of those either, the work waits.
 *
 * <pre>
 *   given --a thread can be started--> started
 *         --none can-----------------> waiting --a resync--> given
 *                                            --the loop's end--> run on the loop's thread, as all that is given later on the giver's
 * </pre>
 */
public final class CallbackThreads {

    private static final long AGAIN_NANOS = 100_000_000;

    private static volatile boolean withoutVirtual;

    private final Resync resync;
    private final ReentrantLock lock = new ReentrantLock();
    private final CallbackQueue waiting = new CallbackQueue();
    private volatile boolean anythingWaits;
    private boolean finished;
    private long triedNanos = System.nanoTime() - AGAIN_NANOS; // the loop's

    CallbackThreads(Resync resync) {
        this.resync = resync;
    }

    /** Any thread may call. Once the loop has ended and no thread can be started, the work is done here and now. */
    public void start(CallbackQueue.Work work) {
        if (started(work.body())) {
            return;
        }
        if (await(work)) {
            resync.want();
        } else {
            runHere(work.body());
        }
    }

    private boolean await(CallbackQueue.Work work) {
        lock.lock();
        try {
            if (finished) {
                return false;
            }
            waiting.add(work);
            anythingWaits = true;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Starts what waits while threads can be started, each 100 ms at most: the JVM prints each failure. In a resync. */
    void startWaiting() {
        if (!anythingWaits) {
            return;
        }
        if (System.nanoTime() - triedNanos >= AGAIN_NANOS) {
            while (anythingWaits && started(first())) {
                removeFirst();
            }
            triedNanos = System.nanoTime();
        }
        if (anythingWaits) {
            resync.want();
        }
    }

    private static void runHere(Runnable work) {
        try {
            work.run();
        } catch (Throwable thrown) {
            Reports.log(Reports.THROWN, thrown);
        }
    }

    private Runnable first() {
        lock.lock();
        try {
            return waiting.first().body();
        } finally {
            lock.unlock();
        }
    }

    private void removeFirst() {
        lock.lock();
        try {
            waiting.take();
            anythingWaits = !waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private static boolean started(Runnable work) {
        if (!withoutVirtual) {
            try {
                Thread.ofVirtual().inheritInheritableThreadLocals(false).start(work);
                return true;
            } catch (OutOfMemoryError | LinkageError noCarrier) {
                withoutVirtual = true;
            }
        }
        try {
            Thread.ofPlatform().daemon().name("panpty-starter").inheritInheritableThreadLocals(false).priority(Thread.NORM_PRIORITY)
                    .start(work);
            return true;
        } catch (OutOfMemoryError noThread) {
            return false;
        }
    }

    /** At the loop's end, on its thread. */
    void finish() {
        lock.lock();
        try {
            finished = true;
        } finally {
            lock.unlock();
        }
        while (anythingWaits) {
            runHere(first());
            removeFirst();
        }
    }
}
