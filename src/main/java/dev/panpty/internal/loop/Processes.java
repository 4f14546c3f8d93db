package dev.panpty.internal.loop;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The processes of a loop that have not ended. Any thread.
 *
 * <pre>
 *   open --close--> closed: no more are added; those that are being started still begin
 *   open or closed --end--> ended: none begins any more
 * </pre>
 *
 * <p>A process is added before there is a child, since then nothing is lost if it is refused. Until its child is started it is not among
 * those that are handed out.
 */
public final class Processes {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition settled = lock.newCondition();
    private final Set<TerminalProcess> members = new HashSet<>();
    private State state = State.OPEN;
    private int error;

    private enum State { OPEN, CLOSED, ENDED }

    Processes() {}

    /**
     * 0, or the negative errno with which the loop has failed.
     *
     * @throws IllegalStateException once it is closed without one
     */
    int add(TerminalProcess process) {
        lock.lock();
        try {
            if (error < 0) {
                return error;
            }
            refuseFrom(State.CLOSED);
            members.add(process);
            return 0;
        } finally {
            lock.unlock();
        }
    }

    /**
     * A child runs: its process is one of those that the loop's end finds, from now on if not before. 0, or the negative errno with
     * which the loop has failed.
     *
     * @throws IllegalStateException if the loop has ended without one
     */
    int begin() {
        lock.lock();
        try {
            settled.signalAll();
            if (error < 0) {
                return error;
            }
            refuseFrom(State.ENDED);
            return 0;
        } finally {
            lock.unlock();
        }
    }

    private void refuseFrom(State refusing) {
        if (state.compareTo(refusing) >= 0) {
            throw new IllegalStateException("the reactor is closed");
        }
    }

    void remove(TerminalProcess process) {
        lock.lock();
        try {
            members.remove(process);
            settled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Adds no more and answers those that are there; again, those that still are. */
    public List<TerminalProcess> close() {
        return change(State.CLOSED, 0);
    }

    /** {@link #close}, at the loop's end. @param reason the negative errno with which it has failed, or 0 */
    List<TerminalProcess> end(int reason) {
        return change(State.ENDED, reason);
    }

    private List<TerminalProcess> change(State at, int reason) {
        lock.lock();
        try {
            state = state.compareTo(at) < 0 ? at : state;
            error = Math.min(error, reason);
            return started(true);
        } finally {
            lock.unlock();
        }
    }

    private List<TerminalProcess> started(boolean wanted) {
        List<TerminalProcess> chosen = new ArrayList<>(members);
        chosen.removeIf(process -> process.isStarted() != wanted);
        return chosen;
    }

    /** Waits until none is being started, so long at most. */
    public void awaitStarts(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (left > 0 && !started(false).isEmpty()) {
                left = settled.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
