package dev.panpty.internal.process;

import dev.panpty.internal.loop.CallbackQueue;
import dev.panpty.internal.loop.CallbackThreads;
import dev.panpty.internal.loop.Callbacks;
import dev.panpty.internal.loop.EventLoop;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** A stage of a process's life that is reached once. Threads wait for it, dependents run after it. Any thread. */
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

    /** True if it was reached in time; a time of 0 or less polls. A callback that holds the loop too long is named in the log. */
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
     * Runs the dependent on a thread of its own once this is reached, see {@link CallbackThreads}: a dependent that blocks or fails delays
     * no other thread. Until then this holds a reference to it.
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

    /** Runs the work on a thread of its own now. Any thread. */
    public void start(Runnable work) {
        loop.starter().start(new CallbackQueue.Work(work));
    }

    /** Allocates nothing except the threads. Idempotent. */
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
