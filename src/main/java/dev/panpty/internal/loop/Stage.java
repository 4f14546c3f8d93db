package dev.panpty.internal.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Something that happens once in a process's life: waited for by threads, followed by dependents. Any thread. */
public final class Stage {

    private final CountDownLatch latch = new CountDownLatch(1);
    private final ReentrantLock lock = new ReentrantLock();
    private final Starter starter;
    private List<Runnable> dependents = new ArrayList<>(0);

    Stage(EventLoop loop) {
        starter = loop.starter();
    }

    public boolean isReached() {
        return latch.getCount() == 0;
    }

    public void await() throws InterruptedException {
        latch.await();
    }

    /** True if it was reached in time; a time of 0 or less only looks. */
    public boolean await(long nanos) throws InterruptedException {
        return latch.await(nanos, TimeUnit.NANOSECONDS);
    }

    /**
     * Runs the dependent on a thread of its own once this is reached, see {@link Starter}: whatever it runs into, nobody else waits for
     * it. Until then it is held, and with it all it refers to.
     */
    public void then(Runnable dependent) {
        lock.lock();
        try {
            if (!isReached()) {
                dependents.add(dependent);
                return;
            }
        } finally {
            lock.unlock();
        }
        starter.start(dependent);
    }

    void reach() {
        List<Runnable> released;
        lock.lock();
        try {
            released = dependents;
            dependents = List.of();
            latch.countDown();
        } finally {
            lock.unlock();
        }
        start(released, 0);
    }

    /** Each from that one on, also where there was no memory for the one before. */
    private void start(List<Runnable> released, int first) {
        for (int i = first; i < released.size(); i++) {
            boolean started = false;
            try {
                starter.start(released.get(i));
                started = true;
            } finally {
                if (!started) {
                    start(released, i + 1);
                }
            }
        }
    }
}
