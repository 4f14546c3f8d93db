package dev.panpty.internal.loop;

/**
 * A first-in, first-out queue of work. Each piece contains its own link, so that adding it allocates nothing. Not thread-safe.
 */
public final class CallbackQueue {

    /** A piece of work, in one queue at a time. */
    public static final class Work {

        private final Runnable body;
        private Work next;

        public Work(Runnable body) {
            this.body = body;
        }

        Runnable body() {
            return body;
        }
    }

    private Work first;
    private Work last;

    boolean isEmpty() {
        return first == null;
    }

    public void add(Work work) {
        if (isEmpty()) {
            first = work;
        } else {
            last.next = work;
        }
        last = work;
    }

    /** The oldest, or null. */
    Work first() {
        return first;
    }

    /** Removes the oldest and returns it, or null. */
    public Work take() {
        Work taken = first;
        if (taken != null) {
            first = taken.next;
            taken.next = null;
        }
        if (first == null) {
            last = null; // releases what it refers to
        }
        return taken;
    }
}
