package dev.panpty.internal.loop;

import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.Epoll;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A descriptor's registration with the loop's epoll instance.
 *
 * <pre>
 *   state      in epoll                events
 *   NEW        not registered          none
 *   QUIET      EPOLLET, no interest    EPOLLHUP and EPOLLERR only
 *   ONCE       EPOLLONESHOT, armed     the next one that was asked for
 *   FIRED      EPOLLONESHOT, disarmed  none, not even EPOLLHUP
 *   LISTENING  EPOLLET for EPOLLIN     each edge of input
 *   EDGES      EPOLLET                 each edge of what was asked for
 *   REMOVED    not registered          none; every call is without effect
 *
 *   NEW --register--> QUIET
 *   NEW, QUIET, FIRED --once--> ONCE --event--> FIRED, or ONCE again if another event is still asked for
 *   FIRED --once for input, after 8 waits in a row that each ended by an event--> LISTENING
 *   LISTENING --2 events in a row without a waiter--> FIRED
 *   LISTENING --once for another event--> ONCE
 *   any but REMOVED --edges--> EDGES --forgo--> EDGES for fewer events
 *   any --detach, close--> REMOVED
 * </pre>
 *
 * <p>The costs: ONCE takes one epoll_ctl for each wait, and output without a waiter does not wake the loop. LISTENING saves that call for a
 * caller that waits for one event after another, see {@link AdaptiveInterest}. EDGES is for a listener, and the only way to listen to a
 * terminal that is hung up and not at its end: EPOLLHUP stays asserted, and each EPOLL_CTL_MOD would raise it again.
 *
 * <p>Only EPOLL_CTL_ADD can be refused, for lack of memory or at the limit of watches; it is made by the first register, once or edges.
 * EPOLL_CTL_MOD of a registered descriptor cannot fail (ep_modify in fs/eventpoll.c has one return, of 0). Every ADD includes EPOLLHUP.
 *
 * <p>Any thread may call. The handler is called on the loop's thread, under no lock.
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
    private int refused; // edges that epoll has refused: while not 0 this stays in the table, so that each resync retries
    private volatile long token = RegistrationTable.REFUSED;

    /** Receives the events of the descriptor, on the loop's thread. */
    public interface Handler {

        /** The descriptor is ready for these events, a set of {@link Epoll#IN} and so on; in a resync possibly without a new event. */
        void ready(int readiness);

        /** The loop has failed: no more events come. */
        default void loopFailed(String reason) {
            // a process is notified as a member of the loop
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

    /** Registers with epoll without interest; 0 or the negative errno. Idempotent. */
    public int register() {
        lock.lock();
        try {
            return state == State.NEW ? apply(State.QUIET, 0) : 0;
        } finally {
            lock.unlock();
        }
    }

    /** Asks for the next of these events, in addition to those asked for before; 0 or the negative errno. */
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
     * Asks for every edge of these events from now on, in addition to those asked for before. Readiness that exists already counts as an
     * edge. If epoll refuses, each resync polls the descriptor and retries.
     */
    public void edges(int events) {
        lock.lock();
        try {
            boolean asked = state.compareTo(State.EDGES) > 0 || state == State.EDGES && (interest & events) == events;
            if (!asked) {
                refused |= events; // first: a refused ADD then leaves this in the table
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

    /** Whether the state is EDGES or REMOVED. */
    public boolean isByEdges() {
        lock.lock();
        try {
            return state.compareTo(State.EDGES) >= 0;
        } finally {
            lock.unlock();
        }
    }

    /** No longer asks for edges of these events. */
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

    /** Removes the descriptor from epoll, for another registration. Idempotent, as {@link #close}. */
    public void detach() {
        if (remove()) {
            loop.epoll().remove(descriptor);
        }
    }

    /** The descriptor is closed next, which removes it from epoll, see epoll(7). A call of the handler in flight goes on. */
    public void close() {
        remove();
    }

    /** Whether it was registered with epoll. */
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

    /** One event disarms the whole interest: the other events that were asked for are asked for again. */
    private void fired(int readiness) {
        int rest = (readiness & (Epoll.HUP | Epoll.ERR)) == 0 ? interest & ~readiness : 0;
        adaptive.fired(interest == Epoll.IN);
        state = State.FIRED;
        interest = 0;
        if (rest != 0 && apply(State.ONCE, rest) < 0) {
            loop.resync();
        }
    }

    /** An event may have been missed: calls the handler with EPOLLIN, EPOLLOUT and what poll(2) answers. On the loop's thread. */
    void resync() {
        lock.lock();
        try {
            if (state == State.REMOVED || refused == 0 && (state == State.NEW || state == State.QUIET)) {
                return;
            }
            if (state == State.ONCE) {
                interest = 0; // the waiter is notified and asks again
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

    /** On the loop's thread, in its last turn. */
    void loopFailed(String reason) {
        lock.lock();
        try {
            if (state == State.QUIET) {
                return; // the start of its process will fail
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
