package dev.panpty.internal.loop;

import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.Epoll;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One descriptor's place in the loop's epoll instance.
 *
 * <pre>
 *   unregistered --arm--> armed once --event--> registered, quiet --arm--> armed once ...
 *   any of these --edge--> edge-triggered, for good: arming is then no longer needed
 *   any of these --close--> closed; the descriptor too
 * </pre>
 *
 * <p>Armed once, whoever waits is told of each event it asked for, at the price of a system call, and a busy terminal does not wake
 * the loop. Edge-triggered suits who always listens, and is the only way to listen to a terminal that is hung up but not at its end:
 * EPOLLHUP is then asserted all the time. Any thread may arm; {@link #ready} is called on the loop's thread.
 */
abstract class Watch {

    private static final int UNREGISTERED = 0;
    private static final int ONCE = 1;
    private static final int EDGE = 2;
    private static final int CLOSED = 3;

    private final EventLoop loop;
    private final Descriptor descriptor;
    private final ReentrantLock lock = new ReentrantLock();
    private int state;
    private int interest;
    private volatile long token = -1;

    Watch(EventLoop loop, Descriptor descriptor) {
        this.loop = loop;
        this.descriptor = descriptor;
    }

    /** The descriptor is ready for these, a set of {@link Epoll#IN} and so on. On the loop's thread. */
    abstract void ready(int readiness);

    final EventLoop loop() {
        return loop;
    }

    final Descriptor descriptor() {
        return descriptor;
    }

    final long token() {
        return token;
    }

    /** Asks for the next of these events, beside those asked for before; 0 or the negative errno. */
    final int arm(int events) {
        lock.lock();
        try {
            if (state >= EDGE || (interest & events) == events) {
                return 0;
            }
            return apply(ONCE, interest | events);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Asks for every edge of these events from now on, beside those asked for before, what is ready already included; 0 or the negative
     * errno.
     */
    final int edge(int events) {
        lock.lock();
        try {
            boolean known = state == EDGE && (interest & events) == events;
            return state == CLOSED || known ? 0 : apply(EDGE, interest | events);
        } finally {
            lock.unlock();
        }
    }

    /** Asks for edges of these events in place of being armed; without effect, and no event, where edges are asked for already. */
    final void edgeInsteadOfOnce(int events) {
        lock.lock();
        try {
            if (state < EDGE) {
                apply(EDGE, interest | events);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Asks no more for edges of these events. */
    final void forgo(int events) {
        lock.lock();
        try {
            if (state == EDGE && (interest & events) != 0) {
                apply(EDGE, interest & ~events);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes it out of epoll and leaves the descriptor open: somebody else will watch it. */
    final void detach() {
        lock.lock();
        try {
            if (state == ONCE || state == EDGE) {
                loop.watches().remove(token);
                loop.epoll().remove(descriptor);
                state = UNREGISTERED;
                interest = 0;
            }
        } finally {
            lock.unlock();
        }
    }

    final boolean isClosed() {
        return descriptor.isClosed();
    }

    /** Idempotent; no event is handed on afterwards, except to a caller that is inside {@link #ready} now. */
    final void close() {
        lock.lock();
        try {
            if (state == CLOSED) {
                return;
            }
            if (state != UNREGISTERED) {
                loop.watches().remove(token); // closing the descriptor takes it out of epoll, see epoll(7)
            }
            state = CLOSED;
        } finally {
            lock.unlock();
        }
        descriptor.close();
    }

    /** On the loop's thread: an event disarms the whole registration, so what was asked for beside it is asked for again. */
    final void dispatch(int readiness) {
        lock.lock();
        try {
            if (state == CLOSED) {
                return;
            }
            if (state == ONCE) {
                int wanted = interest;
                interest = 0;
                int rest = wanted & ~readiness;
                if (rest != 0 && (readiness & (Epoll.HUP | Epoll.ERR)) == 0) {
                    apply(ONCE, rest);
                }
            }
        } finally {
            lock.unlock();
        }
        ready(readiness);
    }

    private int apply(int newState, int events) {
        int mask = events | (newState == ONCE ? Epoll.ONCE : Epoll.EDGE);
        int result;
        if (state == UNREGISTERED) {
            token = loop.watches().add(this);
            result = loop.epoll().add(descriptor, mask, token);
            if (result < 0) {
                loop.watches().remove(token);
                return result;
            }
        } else {
            result = loop.epoll().modify(descriptor, mask, token);
            if (result < 0) {
                return result;
            }
        }
        state = newState;
        interest = events;
        return 0;
    }
}
