package dev.panpty.internal.process;

import dev.panpty.internal.loop.CallbackQueue;
import dev.panpty.internal.loop.CallbackThreads;
import dev.panpty.internal.loop.Callbacks;
import dev.panpty.internal.loop.EventLoop;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Something that happens once in a process's life: waited for by threads, followed by dependents. Any thread. */
public final class Stage {

    private final CountDownLatch latch = new CountDownLatch(1);
    private final ReentrantLock lock = new ReentrantLock();
    private final EventLoop loop;
    private final CallbackQueue dependents = new CallbackQueue();

    Stage(EventLoop loop) {
        this.loop = loop;
    }

    public boolean isReached() {
        return latch.getCount() == 0;
    }

    public void await() throws InterruptedException {
        await(Long.MAX_VALUE);
    }

    /** True if it was reached in time; a time of 0 or less only looks. What holds the loop since before the wait is named. */
    public boolean await(long nanos) throws InterruptedException {
        long first = Math.min(nanos, Callbacks.TOO_LONG_NANOS);
        if (latch.await(first, TimeUnit.NANOSECONDS)) {
            return true;
        }
        if (first == nanos) {
            return false;
        }
        loop.callbacks().nameTheHolder();
        return latch.await(nanos - first, TimeUnit.NANOSECONDS);
    }

    /**
     * Runs the dependent on a thread of its own once this is reached, see {@link CallbackThreads}: whatever it runs into, no other thread waits for
     * it. Until then it is held, and with it all it refers to.
     */
    public void then(Runnable dependent) {
        CallbackQueue.Work work = new CallbackQueue.Work(dependent);
        lock.lock();
        try {
            if (!isReached()) {
                dependents.add(work);
                return;
            }
        } finally {
            lock.unlock();
        }
        loop.starter().start(work);
    }

    /** Needs no memory, but for the threads. Idempotent. */
    public void reach() {
        lock.lock();
        try {
            latch.countDown(); // no dependent is added from now on
        } finally {
            lock.unlock();
        }
        for (CallbackQueue.Work work = next(); work != null; work = next()) {
            loop.starter().start(work);
        }
    }

    private CallbackQueue.Work next() {
        lock.lock();
        try {
            return dependents.take();
        } finally {
            lock.unlock();
        }
    }
}
