package dev.panpty.internal.loop;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The registrations of a loop by token. A token is a slot and a running count of registrations, so that a pending event of a closed
 * registration never reaches the next one in its slot. After {@link #close} nothing is added. Any thread.
 */
final class RegistrationTable {

    /** In place of a token; tokens are not negative. */
    static final long REFUSED = -1;

    private static final int COUNT_BITS = 32;
    private static final int NO_SLOT = -1;

    private final ReentrantLock lock = new ReentrantLock();
    private Registration[] slots = new Registration[16];
    private int[] nextFree = new int[16];
    private int firstFree = NO_SLOT;
    private int used;
    private int count;
    private boolean closed;

    /** The token for a new registration, or {@link #REFUSED}. */
    long add(Registration registration) {
        lock.lock();
        try {
            if (closed) {
                return REFUSED;
            }
            int slot = firstFree;
            if (slot == NO_SLOT) {
                if (used == slots.length) {
                    grow();
                }
                slot = used++;
            } else {
                firstFree = nextFree[slot];
            }
            slots[slot] = registration;
            count = (count + 1) & Integer.MAX_VALUE;
            return (long) count << COUNT_BITS | slot;
        } finally {
            lock.unlock();
        }
    }

    /** Grows both arrays, or neither if memory runs out. */
    private void grow() {
        Registration[] moreSlots = Arrays.copyOf(slots, used * 2);
        nextFree = Arrays.copyOf(nextFree, used * 2);
        slots = moreSlots;
    }

    /** Refuses new registrations; returns the present ones. */
    List<Registration> close() {
        lock.lock();
        try {
            closed = true;
            return Arrays.stream(slots).filter(Objects::nonNull).toList();
        } finally {
            lock.unlock();
        }
    }

    /** Calls {@link Registration#resync} of each. Allocates nothing. On the loop's thread. */
    void resync(Resync resync) {
        Registration registration = first(0);
        for (int slot = 0; registration != null; registration = first(slot)) {
            slot = (int) registration.token() + 1;
            try {
                registration.resync();
            } catch (Throwable missed) {
                resync.missed(missed);
            }
        }
    }

    /** The first registration in this slot or a later one, or null. */
    private Registration first(int slot) {
        lock.lock();
        try {
            for (int i = slot; i < used; i++) {
                if (slots[i] != null) {
                    return slots[i];
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    Registration get(long token) {
        lock.lock();
        try {
            Registration registration = slots[(int) token];
            return registration != null && registration.token() == token ? registration : null;
        } finally {
            lock.unlock();
        }
    }

    /** Dispatches an event to its registration, unless that was closed earlier in this turn. On the loop's thread. */
    void dispatch(long token, int readiness, Resync resync) {
        Registration registration = get(token);
        if (registration == null) {
            return;
        }
        try {
            registration.dispatch(readiness);
        } catch (Throwable missed) {
            resync.missed(missed);
        }
    }

    void remove(long token) {
        lock.lock();
        try {
            int slot = (int) token;
            slots[slot] = null;
            nextFree[slot] = firstFree;
            firstFree = slot;
        } finally {
            lock.unlock();
        }
    }
}
