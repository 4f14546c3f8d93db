package dev.panpty.internal.loop;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** The processes of a loop that have not ended; closing it lets no more in. Any thread. */
public final class Processes {

    private final ReentrantLock lock = new ReentrantLock();
    private final Set<TerminalProcess> members = new HashSet<>();
    private boolean closed;

    Processes() {}

    /** @throws IllegalStateException once closed */
    void add(TerminalProcess process) {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the reactor is closed");
            }
            members.add(process);
        } finally {
            lock.unlock();
        }
    }

    void remove(TerminalProcess process) {
        lock.lock();
        try {
            members.remove(process);
        } finally {
            lock.unlock();
        }
    }

    /** Lets no more in and answers those that are; again, those that still are. */
    public List<TerminalProcess> close() {
        lock.lock();
        try {
            closed = true;
            return List.copyOf(members);
        } finally {
            lock.unlock();
        }
    }
}
