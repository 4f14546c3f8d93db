package dev.panpty.internal.loop;

/**
 * Work in the order in which it came. Each piece has its place in it from the first, and so can wait where there is no memory. Not for two
 * threads at once.
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

    /** The one that has waited longest, or null. */
    Work first() {
        return first;
    }

    /** Removes that one, and answers it. */
    public Work take() {
        Work taken = first;
        if (taken != null) {
            first = taken.next;
            taken.next = null;
        }
        if (first == null) {
            last = null; // it may refer to much
        }
        return taken;
    }
}
