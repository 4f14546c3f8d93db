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
    private int error;

    Processes() {}

    /**
     * 0, or the negative errno for which it was closed.
     *
     * @throws IllegalStateException once closed for none
     */
    int add(TerminalProcess process) {
        lock.lock();
        try {
            if (error < 0) {
                return error;
            }
            if (closed) {
                throw new IllegalStateException("the reactor is closed");
            }
            members.add(process);
            return 0;
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
        return close(0);
    }

    /** @param reason the negative errno that whoever comes now is to hear of, or 0 */
    List<TerminalProcess> close(int reason) {
        lock.lock();
        try {
            closed = true;
            error = Math.min(error, reason);
            return List.copyOf(members);
        } finally {
            lock.unlock();
        }
    }
}
