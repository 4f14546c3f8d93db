package dev.panpty.internal.loop;

import dev.panpty.internal.gen.Linux;
import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.Epoll;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One descriptor's place in the loop's epoll instance.
 *
 * <pre>
 *   unregistered --reserve--> reserved: in epoll, its events are ignored --edge--> edge-triggered
 *   unregistered --arm--> armed once --event--> registered, quiet --arm--> armed once ...
 *   armed once --several arms, an event after each--> listening, to edges --several events, none waited for--> registered, quiet
 *   any of these --edge--> edge-triggered, for good: arming is then no longer needed
 *   any of these --lend--> lent: nothing that is asked for has an effect --takeBack--> unregistered
 *   any of these --close--> closed; the descriptor too
 *   asked for by the loop, and epoll refuses --> looked at by poll(2) every few milliseconds until epoll agrees
 *   told, and there is no memory for what follows --> told again every few milliseconds until there is
 * </pre>
 *
 * <p>Armed once, whoever waits is told of each event it asked for, at the price of a system call, and a busy terminal does not wake
 * the loop; who waits for one event after the other pays that price a few times only. Edge-triggered suits who always listens, and is
 * the only way to listen to a terminal that is hung up but not at its end: EPOLLHUP is then asserted all the time. Any thread may arm;
 * {@link #ready} is called on the loop's thread.
 */
public abstract class Registration extends Unserved.Member {

    private static final long LOOK_NANOS = 5_000_000;

    private static final int UNREGISTERED = 0;
    private static final int RESERVED = 1;
    private static final int ONCE = 2;
    private static final int LISTENING = 3;
    private static final int EDGE = 4;
    private static final int LENT = 5;
    private static final int CLOSED = 6;

    private static final int ARMS_BEFORE_LISTENING = 8;
    private static final int EVENTS_IN_VAIN = 2;

    private final EventLoop loop;
    private final Descriptor descriptor;
    private final ReentrantLock lock = new ReentrantLock();
    private int state;
    private int interest;
    /** How often in a row it was armed, and then heard of an event; while listening, how many events were not waited for. */
    private int row;
    private boolean awaited;
    /** What epoll has refused so far, of {@link #insist}, and for which state. */
    private int refused;
    private int refusedState;
    private boolean looking;
    private volatile long token = RegistrationTable.REFUSED;

    public Registration(EventLoop loop, Descriptor descriptor) {
        this.loop = loop;
        this.descriptor = descriptor;
    }

    /** The descriptor is ready for these, a set of {@link Epoll#IN} and so on. On the loop's thread. */
    public abstract void ready(int readiness);

    /** There will be no more events. On the loop's thread, its last. */
    final void loopFailed(String reason) {
        lock.lock();
        try {
            if (state == RESERVED) {
                return; // its start will fail
            }
        } finally {
            lock.unlock();
        }
        failed(reason);
    }

    /** {@link #loopFailed}, where the events are handled. */
    protected void failed(String reason) {
        // a process is told of by the loop itself
    }

    public final EventLoop loop() {
        return loop;
    }

    public final Descriptor descriptor() {
        return descriptor;
    }

    final long token() {
        return token;
    }

    /** Takes its place in epoll, where alone it may be refused one, and asks for nothing yet; 0 or the negative errno. */
    public final int reserve() {
        lock.lock();
        try {
            return state == UNREGISTERED ? apply(RESERVED, 0) : 0;
        } finally {
            lock.unlock();
        }
    }

    /** Asks for the next of these events, beside those asked for before; 0 or the negative errno. */
    public final int arm(int events) {
        lock.lock();
        try {
            awaited = true;
            if (state >= EDGE || (interest & events) == events) {
                return 0;
            }
            boolean listen = events == Epoll.IN && interest == 0 && row >= ARMS_BEFORE_LISTENING;
            return apply(listen ? LISTENING : ONCE, interest | events);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Asks for every edge of these events from now on, beside those asked for before, what is ready already included. Where epoll refuses,
     * with ENOMEM or at its limit of watches, it is asked again a moment later.
     */
    public final void insistOnEdge(int events) {
        lock.lock();
        try {
            if (state < LENT && (state < EDGE || (interest & events) != events)) {
                insist(EDGE, interest | events);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Asks for edges of these events in place of being armed; without effect, and no event, where edges are asked for already. */
    public final void edgeInsteadOfOnce(int events) {
        lock.lock();
        try {
            if (state < EDGE) {
                insist(EDGE, interest | events);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Asks no more for edges of these events. */
    public final void forgo(int events) {
        lock.lock();
        try {
            if (state == EDGE && (interest & events) != 0) {
                apply(EDGE, interest & ~events);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes it out of epoll and leaves the descriptor open: somebody else watches it. */
    public final void lend() {
        lock.lock();
        try {
            if (state == CLOSED) {
                return;
            }
            if (isRegistered()) {
                loop.watches().remove(token);
                loop.epoll().remove(descriptor);
            }
            state = LENT;
            interest = 0;
            refused = 0;
            refusedState = UNREGISTERED;
        } finally {
            lock.unlock();
        }
    }

    /** Nobody else watches it any more. */
    public final void takeBack() {
        lock.lock();
        try {
            if (state == LENT) {
                state = UNREGISTERED;
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isRegistered() {
        return state >= RESERVED && state <= EDGE;
    }

    public final boolean isClosed() {
        return descriptor.isClosed();
    }

    /** Idempotent; no event is handed on afterwards, except to a caller that is inside {@link #ready} now. */
    public final void close() {
        lock.lock();
        try {
            if (state == CLOSED) {
                return;
            }
            if (isRegistered()) {
                loop.watches().remove(token); // closing the descriptor takes it out of epoll, see epoll(7)
            }
            state = CLOSED;
        } finally {
            lock.unlock();
        }
        descriptor.close();
    }

    /** On the loop's thread. */
    final void dispatch(int readiness) {
        lock.lock();
        try {
            if (state == RESERVED || state >= LENT) {
                return;
            }
            if (state == ONCE) {
                rearm(readiness);
            } else if (state == LISTENING) {
                listenOn();
            }
        } finally {
            lock.unlock();
        }
        ready(readiness);
    }

    /** An event disarms the whole registration, so what was asked for beside it is asked for again. */
    private void rearm(int readiness) {
        int wanted = interest;
        interest = 0;
        row = wanted == Epoll.IN ? row + 1 : 0;
        int rest = wanted & ~readiness;
        if (rest != 0 && (readiness & (Epoll.HUP | Epoll.ERR)) == 0) {
            insist(ONCE, rest);
        }
    }

    /**
     * There was no memory for what an event asks for: {@link #ready} is called again a moment later. Any thread; on the loop's it needs no
     * memory.
     */
    public final void serveAgain() {
        loop.serveAgain(this);
    }

    /** Who was to be told may not have been, nor been armed again, so all are told. */
    @Override
    public final void serve() {
        lock.lock();
        try {
            if (state == RESERVED || state >= LENT) {
                return;
            }
        } finally {
            lock.unlock();
        }
        int readiness = Math.max(descriptor.poll(Epoll.IN | Epoll.OUT), 0);
        ready(readiness & (Epoll.HUP | Epoll.ERR) | Epoll.IN | Epoll.OUT);
    }

    /** As long as somebody waits for most of what is heard. */
    private void listenOn() {
        row = awaited ? 0 : row + 1;
        awaited = false;
        if (row >= EVENTS_IN_VAIN) {
            apply(ONCE, 0); // where it is refused, the next event asks again
        }
    }

    private void insist(int newState, int events) {
        if (apply(newState, events) < 0) {
            refused |= events;
            refusedState = Math.max(refusedState, newState);
            lookLater();
        }
    }

    private void lookLater() {
        if (!looking) {
            looking = loop.run(() -> loop.schedule(LOOK_NANOS, this::look));
        }
    }

    /** On the loop's thread, in place of an event. What was to be told once is told once: whoever hears it asks again. */
    private void look() {
        int readiness = descriptor.poll(Epoll.IN | Epoll.OUT);
        lock.lock();
        try {
            looking = false;
            if (state >= LENT || refused == 0) {
                return;
            }
            if (apply(Math.max(state, refusedState), interest | refused) == 0) {
                refused = 0;
                refusedState = UNREGISTERED;
                return;
            }
            readiness = readiness < 0 ? 0 : readiness & (refused | Epoll.HUP | Epoll.ERR);
            if (readiness != 0 && refusedState == ONCE) {
                refused = 0;
            } else {
                lookLater();
            }
        } finally {
            lock.unlock();
        }
        if (readiness != 0) {
            ready(readiness);
        }
    }

    private int apply(int newState, int events) {
        int mask = events | (newState == ONCE ? Epoll.ONCE : Epoll.EDGE);
        int result;
        if (state == UNREGISTERED) {
            token = loop.watches().add(this);
            if (token == RegistrationTable.REFUSED) {
                return loop.error();
            }
            result = loop.epoll().add(descriptor, mask, token);
            if (result == -Linux.EEXIST() && loop.epoll().modify(descriptor, mask, token) == 0) {
                result = 0; // detached from another watch, but epoll had not let go of it
            }
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
        row = newState == state ? row : 0;
        state = newState;
        interest = events;
        return 0;
    }
}
