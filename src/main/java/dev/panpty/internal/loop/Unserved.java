package dev.panpty.internal.loop;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Watches whose events could not be served for want of memory: the loop serves them again, a moment later. It needs no memory itself, being
 * a stack that is linked through the watches. Any thread adds.
 */
final class Unserved {

    private final ReentrantLock lock = new ReentrantLock(); // an atomic reference would have to be linked, in memory, at its first use
    private volatile Watch top;

    boolean isEmpty() {
        return top == null;
    }

    /** Without effect for one that is among them. */
    void add(Watch watch) {
        lock.lock();
        try {
            if (!watch.isUnserved) {
                watch.isUnserved = true;
                watch.nextUnserved = top;
                top = watch;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Each that there is once; one for which there still is no memory stays. On the loop's thread. */
    void serve() {
        for (Watch watch = takeAll(); watch != null; ) {
            Watch next = leave(watch);
            try {
                watch.serve();
            } catch (OutOfMemoryError still) {
                add(watch);
            } catch (Throwable thrown) {
                EventLoop.report(EventLoop.THROWN, thrown);
            }
            watch = next;
        }
    }

    private Watch takeAll() {
        if (isEmpty()) {
            return null;
        }
        lock.lock();
        try {
            Watch all = top;
            top = null;
            return all;
        } finally {
            lock.unlock();
        }
    }

    /** The next, or null. */
    private Watch leave(Watch watch) {
        lock.lock();
        try {
            Watch next = watch.nextUnserved;
            watch.nextUnserved = null;
            watch.isUnserved = false;
            return next;
        } finally {
            lock.unlock();
        }
    }
}
