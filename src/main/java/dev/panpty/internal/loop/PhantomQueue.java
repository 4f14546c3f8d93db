package dev.panpty.internal.loop;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;

/**
 * Runs work when an object has become unreachable, as a {@link java.lang.ref.Cleaner} does, but without a thread of its own: the loop
 * polls it in each turn, once a second at least.
 */
public final class PhantomQueue {

    private final ReferenceQueue<Object> found = new ReferenceQueue<>();

    /** Work whose owner keeps it reachable, and which has no reference to its object. */
    public static final class Work extends PhantomReference<Object> {

        private final Runnable body;

        private Work(Object object, ReferenceQueue<Object> found, Runnable body) {
            super(object, found);
            this.body = body;
        }
    }

    PhantomQueue() {}

    /** Any thread. */
    Work add(Object object, Runnable body) {
        return new Work(object, found, body);
    }

    /** On the loop's thread. Loads no class while nothing is found: the class loader may be closed by then. */
    void run(Resync resync) {
        for (Reference<?> next = found.poll(); next != null; next = found.poll()) {
            resync.attempt(((Work) next).body);
        }
    }
}
