package dev.panpty.internal.loop;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The members of a loop that have not ended. Any thread.
 *
 * <pre>
 *   OPEN --closeToNew--> CLOSED: add is refused; members that are being started may still begin
 *   OPEN, CLOSED --end--> ENDED: begin is refused
 * </pre>
 *
 * <p>A member is added before its start, so that nothing has to be undone if it is refused. Until it is started {@link #started} does not
 * list it.
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
     * Adds a member: 0, or the negative errno with which the loop has failed.
     *
     * @throws IllegalStateException once it is CLOSED without an error
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
     * A member has started: from now on the loop's end ends it. 0, or the negative errno with which the loop has failed.
     *
     * @throws IllegalStateException if the loop has ended without an error
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

    /** Refuses new members. */
    public void closeToNew() {
        close(State.CLOSED, 0);
    }

    /** The loop ends: no member begins any more. @param reason the negative errno with which the loop has failed, or 0 */
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

    /** The members that have started and not ended. */
    public List<Member> started() {
        lock.lock();
        try {
            return started(true);
        } finally {
            lock.unlock();
        }
    }

    /** Calls {@link Member#advance} of each started member. On the loop's thread. */
    void advance(Resync resync) {
        List<Member> all = started(); // out of memory here: the caller asks for another pass
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

    /** Waits until no member is being started, at most so long. */
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
