package dev.panpty.internal.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The commands that other threads post to a loop, in order. Each turn takes the commands that are pending when it starts to run them; a
 * command that posts itself again runs in the next turn. Every accepted command is run.
 */
final class CommandQueue {

    /** How a command was received. */
    enum Receipt { ADDED, ADDED_FIRST, REFUSED }

    private final ReentrantLock lock = new ReentrantLock();
    private List<Runnable> waiting = new ArrayList<>();
    private List<Runnable> taken = new ArrayList<>(); // confined to the loop's thread
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

    /** Takes all pending commands, in a list that is valid until the next call. The next add is ADDED_FIRST: its caller wakes the loop. */
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

    /** Takes all pending commands; later ones are refused. */
    List<Runnable> takeLast() {
        lock.lock();
        try {
            closed = true;
            List<Runnable> last = waiting;
            waiting = List.of(); // nothing is added any more; allocates nothing
            return last;
        } finally {
            lock.unlock();
        }
    }
}
