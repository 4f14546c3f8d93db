package dev.panpty.internal.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What other threads want done on a loop's thread, in order. Each turn takes what is there when it looks: a command that posts itself
 * again waits for the next. Whatever was accepted is run.
 */
final class CommandQueue {

    /** How a command was received. */
    enum Receipt { ADDED, ADDED_FIRST, REFUSED }

    private final ReentrantLock lock = new ReentrantLock();
    private List<Runnable> waiting = new ArrayList<>();
    private List<Runnable> taken = new ArrayList<>(); // the loop's
    private boolean closed;

    Receipt add(Runnable command) {
        lock.lock();
        try {
            if (closed) {
                return Receipt.REFUSED;
            }
            waiting.add(command);
            return waiting.size() == 1 ? Receipt.ADDED_FIRST : Receipt.ADDED;
        } finally {
            lock.unlock();
        }
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return waiting.isEmpty();
        } finally {
            lock.unlock();
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

    /** All that wait, in a list that is good until this is called again; the caller that adds the next must wake the loop. */
    List<Runnable> take() {
        taken.clear();
        lock.lock();
        try {
            List<Runnable> empty = taken;
            taken = waiting;
            waiting = empty;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** All that wait; later ones are refused. */
    List<Runnable> takeLast() {
        lock.lock();
        try {
            closed = true;
            List<Runnable> last = waiting;
            waiting = List.of(); // no more are added, and no memory is needed
            return last;
        } finally {
            lock.unlock();
        }
    }
}
