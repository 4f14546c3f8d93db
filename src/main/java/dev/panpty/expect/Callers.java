package dev.panpty.expect;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The threads that are inside a blocking call of a session, so that {@link #close} and a limit of time can end the call: both interrupt the
 * thread while it is in the call and never later, and {@link #leave} clears an interrupt of theirs.
 */
final class Callers {

    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by the lock.
    private final Map<Thread, Boolean> inside = new HashMap<>(); // whether we have interrupted it
    private boolean closed;

    /** Before the blocking call. */
    void enter() throws IOException {
        lock.lock();
        try {
            requireOpen();
            inside.put(Thread.currentThread(), false);
        } finally {
            lock.unlock();
        }
    }

    /**
     * After it.
     *
     * @return whether we have interrupted it
     */
    boolean leave() {
        lock.lock();
        try {
            boolean interrupted = inside.remove(Thread.currentThread());
            if (interrupted) {
                Thread.interrupted();
            }
            return interrupted;
        } finally {
            lock.unlock();
        }
    }

    /** Interrupts the thread after a time if it is still in its call; the timer ends when it is interrupted. */
    Thread interruptAfter(long nanos) {
        Thread caller = Thread.currentThread();
        return Thread.ofVirtual().name("panpty-expect-limit").start(() -> {
            try {
                TimeUnit.NANOSECONDS.sleep(nanos);
                interrupt(caller);
            } catch (InterruptedException inTime) {
                return; // the call has returned
            }
        });
    }

    private void interrupt(Thread caller) {
        lock.lock();
        try {
            if (inside.computeIfPresent(caller, (thread, before) -> true) != null) {
                caller.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    void requireOpen() throws IOException {
        if (isClosed()) {
            throw new IOException("the session is closed");
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** All calls end, and no more begins. */
    void close() {
        lock.lock();
        try {
            closed = true;
            inside.replaceAll((caller, before) -> true);
            inside.keySet().forEach(Thread::interrupt);
        } finally {
            lock.unlock();
        }
    }
}
