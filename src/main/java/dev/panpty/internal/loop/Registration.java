package dev.panpty.internal.loop;

import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.Epoll;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A descriptor's place in the loop's epoll instance.
 *
 * <pre>
 *   NEW --register--> QUIET: EPOLLET and no interest, only EPOLLHUP and EPOLLERR are told
 *   NEW, QUIET or FIRED --once--> ONCE: EPOLLONESHOT --event--> FIRED: nothing is told, EPOLLHUP neither
 *   FIRED --once, after several in a row--> LISTENING: EPOLLET --several events without a waiter--> FIRED
 *   any of these --edges--> EDGES: EPOLLET, for good; once then has no effect
 *   any --detach, close--> REMOVED: nothing is told any more, nothing that is asked for has an effect
 * </pre>
 *
 * <p>EPOLL_CTL_ADD alone can be refused, for memory or at the limit of watches: it is the first call of register, once or edges. For a
 * descriptor that is there EPOLL_CTL_MOD has no failing path (ep_modify in fs/eventpoll.c has one return, of 0). An ADD always asks for
 * EPOLLHUP.
 *
 * <p>ONCE costs a system call for each wait, and output without a waiter does not wake the loop. EDGES suits who always
 * listens, and is the only way to listen to a terminal that is hung up and not at its end: EPOLLHUP stays asserted, and each MOD tells of
 * it again. Any thread may call; the handler is called on the loop's thread, under no lock.
 */
public final class Registration {

    private enum State { NEW, QUIET, FIRED, ONCE, LISTENING, EDGES, REMOVED }

    private final EventLoop loop;
    private final Descriptor descriptor;
    private final Handler handler;
    private final ReentrantLock lock = new ReentrantLock();
    private final AdaptiveInterest adaptive = new AdaptiveInterest();
    private State state = State.NEW;
    private int interest;
    private int refused; // edges that epoll has refused: while there are any it is in the table, so that each resync asks again
    private volatile long token = RegistrationTable.REFUSED;

    /** Receives the events of the descriptor, on the loop's thread. */
    public interface Handler {

        /** It is ready for these, a set of {@link Epoll#IN} and so on; in a resync perhaps without a new event. */
        void ready(int readiness);

        /** The loop has failed, there will be no more events. */
        default void loopFailed(String reason) {
            // a process hears of it as a member of the loop
        }
    }

    public Registration(EventLoop loop, Descriptor descriptor, Handler handler) {
        this.loop = loop;
        this.descriptor = descriptor;
        this.handler = handler;
    }

    long token() {
        return token;
    }

    /** Takes its place in epoll and asks for nothing yet; 0 or the negative errno. Idempotent. */
    public int register() {
        lock.lock();
        try {
            return state == State.NEW ? apply(State.QUIET, 0) : 0;
        } finally {
            lock.unlock();
        }
    }

    /** Asks for the next of these events, beside those asked for before; 0 or the negative errno. */
    public int once(int events) {
        lock.lock();
        try {
            adaptive.waiting();
            if (state.compareTo(State.EDGES) >= 0 || (interest & events) == events) {
                return 0;
            }
            if (refused != 0) {
                return apply(State.EDGES, refused | events);
            }
            boolean listen = events == Epoll.IN && interest == 0 && adaptive.isStreak();
            return apply(listen ? State.LISTENING : State.ONCE, interest | events);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Asks for every edge of these events from now on, beside those asked for before, what is ready already included. Where epoll refuses,
     * each resync looks in its place and asks again.
     */
    public void edges(int events) {
        lock.lock();
        try {
            boolean asked = state.compareTo(State.EDGES) > 0 || state == State.EDGES && (interest & events) == events;
            if (!asked) {
                refused |= events; // first: then it keeps its place in the table
                askForEdges();
            }
        } finally {
            lock.unlock();
        }
    }

    private void askForEdges() {
        if (apply(State.EDGES, interest | refused) < 0) {
            loop.resync();
        }
    }

    /** Whether edges are asked for, or nothing is told any more. */
    public boolean isByEdges() {
        lock.lock();
        try {
            return state.compareTo(State.EDGES) >= 0;
        } finally {
            lock.unlock();
        }
    }

    /** Asks no more for edges of these events. */
    public void forgo(int events) {
        lock.lock();
        try {
            if (state == State.EDGES && (interest & events) != 0) {
                apply(State.EDGES, interest & ~events);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Another registration has the descriptor from now on. Idempotent, as {@link #close}. */
    public void detach() {
        if (remove()) {
            loop.epoll().remove(descriptor);
        }
    }

    /** The descriptor is closed next, which takes it out of epoll, see epoll(7). Any call of the handler that is under way goes on. */
    public void close() {
        remove();
    }

    /** Whether it was registered. */
    private boolean remove() {
        lock.lock();
        try {
            boolean registered = state != State.NEW && state != State.REMOVED;
            if (registered || refused != 0 && token != RegistrationTable.REFUSED) {
                loop.registrations().remove(token);
            }
            refused = 0;
            state = State.REMOVED;
            return registered;
        } finally {
            lock.unlock();
        }
    }

    /** An event. On the loop's thread. */
    void dispatch(int readiness) {
        lock.lock();
        try {
            if (state == State.REMOVED) {
                return;
            }
            if (state == State.ONCE) {
                fired(readiness);
            } else if (state == State.LISTENING && adaptive.isInVain()) {
                apply(State.FIRED, 0);
            }
        } finally {
            lock.unlock();
        }
        handler.ready(readiness);
    }

    /** One event disarms all of the interest, so what was asked for beside it is asked for again. */
    private void fired(int readiness) {
        int rest = (readiness & (Epoll.HUP | Epoll.ERR)) == 0 ? interest & ~readiness : 0;
        adaptive.fired(interest == Epoll.IN);
        state = State.FIRED;
        interest = 0;
        if (rest != 0 && apply(State.ONCE, rest) < 0) {
            loop.resync();
        }
    }

    /** An event may have been missed: tells what poll(2) says, and that it may be read and written. On the loop's thread. */
    void resync() {
        lock.lock();
        try {
            if (state == State.REMOVED || refused == 0 && (state == State.NEW || state == State.QUIET)) {
                return;
            }
            if (state == State.ONCE) {
                interest = 0; // who waits is told, and asks again
                state = State.FIRED;
            }
            if (refused != 0) {
                askForEdges();
            }
        } finally {
            lock.unlock();
        }
        int readiness = Math.max(descriptor.poll(Epoll.IN | Epoll.OUT), 0);
        handler.ready(readiness & (Epoll.HUP | Epoll.ERR) | Epoll.IN | Epoll.OUT);
    }

    /** On the loop's thread, its last. */
    void loopFailed(String reason) {
        lock.lock();
        try {
            if (state == State.QUIET) {
                return; // its start will fail
            }
        } finally {
            lock.unlock();
        }
        handler.loopFailed(reason);
    }

    private int apply(State newState, int events) {
        int mask = events | (newState == State.ONCE || newState == State.FIRED ? Epoll.ONCE : Epoll.EDGE);
        int result = state == State.NEW ? add(mask) : loop.epoll().modify(descriptor, mask, token);
        if (result < 0) {
            return result;
        }
        if (newState == State.LISTENING || state == State.LISTENING) {
            adaptive.restart();
        }
        state = newState;
        interest = events;
        refused = newState == State.EDGES ? 0 : refused;
        return 0;
    }

    private int add(int mask) {
        if (token == RegistrationTable.REFUSED) {
            token = loop.registrations().add(this);
        }
        if (token == RegistrationTable.REFUSED) {
            return loop.error();
        }
        int result = loop.epoll().add(descriptor, mask, token);
        if (result < 0 && refused == 0) {
            loop.registrations().remove(token);
            token = RegistrationTable.REFUSED;
        }
        return result;
    }
}
