package dev.panpty.internal.loop;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The watches of a loop by token. A token is a slot and a count of how often a watch has come and gone, so that an event still on its
 * way to a closed watch never reaches the next one in its slot. Once closed, it takes no more. Any thread.
 */
final class RegistrationTable {

    /** In place of a token, none of which is negative. */
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

    /** The token for a new watch, or {@link #REFUSED}. */
    long add(Registration watch) {
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
            slots[slot] = watch;
            count = (count + 1) & Integer.MAX_VALUE;
            return (long) count << COUNT_BITS | slot;
        } finally {
            lock.unlock();
        }
    }

    /** Both or, for want of memory, neither. */
    private void grow() {
        Registration[] moreSlots = Arrays.copyOf(slots, used * 2);
        nextFree = Arrays.copyOf(nextFree, used * 2);
        slots = moreSlots;
    }

    /** Those that there are. */
    List<Registration> close() {
        lock.lock();
        try {
            closed = true;
            return Arrays.stream(slots).filter(Objects::nonNull).toList();
        } finally {
            lock.unlock();
        }
    }

    /** All that there are. */
    void addTo(Unserved unserved) {
        lock.lock();
        try {
            for (int i = 0; i < used; i++) {
                if (slots[i] != null) {
                    unserved.add(slots[i]);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    Registration get(long token) {
        lock.lock();
        try {
            Registration watch = slots[(int) token];
            return watch != null && watch.token() == token ? watch : null;
        } finally {
            lock.unlock();
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
