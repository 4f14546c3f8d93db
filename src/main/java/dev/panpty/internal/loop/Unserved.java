package dev.panpty.internal.loop;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Watches whose events could not be served for want of memory: the loop serves them again, a moment later. It needs no memory itself, being
 * a stack that is linked through the watches. Any thread adds.
 */
final class Unserved {

    private final AtomicReference<Watch> top = new AtomicReference<>();

    boolean isEmpty() {
        return top.get() == null;
    }

    /** Without effect for one that is among them. */
    void add(Watch watch) {
        if (!watch.enterUnserved()) {
            return;
        }
        Watch below;
        do {
            below = top.get();
            watch.putAbove(below);
        } while (!top.compareAndSet(below, watch));
    }

    /** Each of them once; one for which there still is no memory stays. On the loop's thread. */
    void serve() {
        Watch next;
        for (Watch watch = top.getAndSet(null); watch != null; watch = next) {
            next = watch.leaveUnserved();
            try {
                watch.serve();
            } catch (OutOfMemoryError still) {
                add(watch);
            } catch (Throwable thrown) {
                EventLoop.report(EventLoop.THROWN, thrown);
            }
        }
    }
}
