package dev.panpty.internal.loop;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What lives on a loop and has not ended. Any thread.
 *
 * <pre>
 *   open --closeToNew--> closed: no more are added; those that are being started still begin
 *   open or closed --end--> ended: none begins any more
 * </pre>
 *
 * <p>A member is added before there is anything to end, since then nothing is lost if it is refused. Until it is started it is not among
 * those that are handed out.
 */
public final class Members {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition settled = lock.newCondition();
    private final Set<Member> members = new HashSet<>();
    private State state = State.OPEN;
    private int error;

    private enum State { OPEN, CLOSED, ENDED }

    Members() {}

    /**
     * 0, or the negative errno with which the loop has failed.
     *
     * @throws IllegalStateException once it is closed without one
     */
    public int add(Member member) {
        lock.lock();
        try {
            if (error < 0) {
                return error;
            }
            refuseFrom(State.CLOSED);
            members.add(member);
            return 0;
        } finally {
            lock.unlock();
        }
    }

    /**
     * A member is started: it is one of those that the loop's end finds, from now on if not before. 0, or the negative errno with
     * which the loop has failed.
     *
     * @throws IllegalStateException if the loop has ended without one
     */
    public int begin() {
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

    public void remove(Member member) {
        lock.lock();
        try {
            members.remove(member);
            settled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Adds no more. */
    public void closeToNew() {
        close(State.CLOSED, 0);
    }

    /** At the loop's end: none begins any more. @param reason the negative errno with which the loop has failed, or 0 */
    void end(int reason) {
        close(State.ENDED, reason);
    }

    private void close(State at, int reason) {
        lock.lock();
        try {
            state = state.compareTo(at) < 0 ? at : state;
            error = Math.min(error, reason);
        } finally {
            lock.unlock();
        }
    }

    /** Those that are started and have not ended. */
    public List<Member> started() {
        lock.lock();
        try {
            return started(true);
        } finally {
            lock.unlock();
        }
    }

    /** {@link Member#advance} of each that is started. On the loop's thread. */
    void advance(Resync resync) {
        List<Member> all = started(); // where there is no memory for it, that is missed too
        for (int i = 0; i < all.size(); i++) {
            try {
                all.get(i).advance();
            } catch (Throwable missed) {
                resync.missed(missed);
            }
        }
    }

    private List<Member> started(boolean wanted) {
        List<Member> chosen = new ArrayList<>(members);
        chosen.removeIf(member -> member.isStarted() != wanted);
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
