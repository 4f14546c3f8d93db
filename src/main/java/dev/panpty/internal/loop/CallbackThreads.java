package dev.panpty.internal.loop;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Starts a thread for each piece of work that must not run on the loop's thread: a virtual thread that inherits no thread locals. If the
 * JVM cannot start a carrier thread, see RLIMIT_NPROC in getrlimit(2), its scheduler of virtual threads may never work again: from then on
 * platform threads are used. While no platform thread can be started either, the work waits.
 *
 * <pre>
 *   given --a thread can be started--> started
 *   given --no thread can be---------> waiting --resync--> given
 *   waiting --the loop ends--> run on the loop's thread
 *   given after the loop's end, and no thread can be started--> run on the caller's thread
 * </pre>
 */
public final class CallbackThreads {

    private static final long AGAIN_NANOS = 100_000_000;

    private static volatile boolean withoutVirtual;

    private final Resync resync;
    private final Members members;
    private final ReentrantLock lock = new ReentrantLock();
    private final CallbackQueue waiting = new CallbackQueue();
    private volatile boolean anythingWaits;
    private boolean leased; // guarded by the lock: the loop stays while work waits
    private boolean finished;
    private long triedNanos = System.nanoTime() - AGAIN_NANOS; // confined to the loop's thread

    CallbackThreads(Resync resync, Members members) {
        this.resync = resync;
        this.members = members;
    }

    /** Starts a thread for the work. If none can be started after the loop's end, runs it on the caller's thread. Any thread. */
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
            leased = leased || members.lease();
            waiting.add(work);
            anythingWaits = true;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Starts the waiting work while threads can be started. Tries every 100 ms at most: the JVM prints each failure. In a resync. */
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
            if (leased && !anythingWaits) {
                leased = false;
                members.release();
            }
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
