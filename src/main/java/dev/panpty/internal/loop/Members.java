package dev.panpty.internal.loop;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What keeps a loop running: its members that have not ended, and leases. Any thread.
 *
 * <pre>
 *   OPEN --neither member nor lease for the idle time: endIdle--> IDLE: lease is refused; a Reactor opens another loop
 *   OPEN --closeToNew--> CLOSED: add is refused; members that are being started may still begin
 *   IDLE --closeToNew, end--> ENDED
 *   OPEN, CLOSED --end--> ENDED: begin and lease are refused
 * </pre>
 *
 * <p>An object that needs the loop and is no member takes a lease: a start that is under way, work and a timer of the user, a terminal
 * without a process, callbacks that wait for a thread. It is taken under the lock under which the loop becomes IDLE: the loop either stays,
 * or the caller sees that it has ended. Each holder releases its lease once.
 *
 * <p>A member is added before its start, so that nothing has to be undone if it is refused. Until it is started {@link #started} does not
 * list it.
 */
public final class Members {

    static final int IDLE_MILLIS = 5000;

    /** Another idle time, for tests. */
    private static final String IDLE_MILLIS_PROPERTY = "dev.panpty.idleMillis";

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition settled = lock.newCondition();
    private final Set<Member> members = new HashSet<>();
    private final int idleMillis;
    private State state = State.OPEN;
    private int error;
    private int leases = 1; // the opener's
    private long idleSinceNanos; // while there is neither a member nor a lease

    private enum State { OPEN, IDLE, CLOSED, ENDED }

    Members() {
        this(Integer.getInteger(IDLE_MILLIS_PROPERTY, IDLE_MILLIS));
    }

    /** With one lease, which the loop's opener releases. */
    Members(int idleMillis) {
        this.idleMillis = idleMillis;
    }

    int idleMillis() {
        return idleMillis;
    }

    /** Keeps the loop running until {@link #release}; false if it has ended. */
    boolean lease() {
        lock.lock();
        try {
            if (state == State.IDLE || state == State.ENDED) {
                return false;
            }
            leases++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    void release() {
        lock.lock();
        try {
            leases--;
            noteIdle();
        } finally {
            lock.unlock();
        }
    }

    private void noteIdle() {
        if (leases == 0 && members.isEmpty()) {
            idleSinceNanos = System.nanoTime();
        }
    }

    /** Makes the loop IDLE, if neither a member nor a lease was there for the idle time; true if it has. On the loop's thread. */
    boolean endIdle() {
        lock.lock();
        try {
            boolean idle = state == State.OPEN && leases == 0 && members.isEmpty() && System.nanoTime() - idleSinceNanos >= TimeUnit.MILLISECONDS.toNanos(idleMillis);
            if (idle) {
                state = State.IDLE;
            }
            return idle;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the loop has ended, or is about to, since it had neither, and was not closed. */
    public boolean isIdle() {
        lock.lock();
        try {
            return state == State.IDLE;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Adds a member: 0, or the negative errno with which the loop has failed.
     *
     * @throws IllegalStateException if the loop is closed, or has ended without an error
     */
    public int add(Member member) {
        lock.lock();
        try {
            if (error < 0) {
                return error;
            }
            refuseUnless(state == State.OPEN);
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
            refuseUnless(state != State.ENDED);
            return 0;
        } finally {
            lock.unlock();
        }
    }

    private static void refuseUnless(boolean permitted) {
        if (!permitted) {
            throw new IllegalStateException("the reactor is closed");
        }
    }

    public void remove(Member member) {
        lock.lock();
        try {
            members.remove(member);
            noteIdle();
            settled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Refuses new members; no other loop follows an IDLE one. */
    public void closeToNew() {
        lock.lock();
        try {
            if (state == State.OPEN) {
                state = State.CLOSED;
            } else if (state == State.IDLE) {
                state = State.ENDED;
            }
        } finally {
            lock.unlock();
        }
    }

    /** The loop ends: no member begins any more. @param reason the negative errno with which the loop has failed, or 0 */
    void end(int reason) {
        lock.lock();
        try {
            state = State.ENDED;
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
