package dev.panpty.internal.event;

/**
 * Which of the pending bytes are secret. A write(2) has either secret bytes or others, so that a tap gets the former as such. Guarded by
 * its owner's lock. Without a secret it allocates nothing.
 */
final class SecretBytes {

    /** Bytes in a row, by their number among all that were ever pending. */
    static final class Range {
        private final long from;
        private final long to;
        private Range next; // or null

        private Range(long from, long to) {
            this.from = from;
            this.to = to;
        }
    }

    private Range first; // or null
    private Range last; // or null
    private long taken; // how many bytes are not pending any more

    /** So many bytes behind those that are pending. {@link #add} follows, once they are pending too. */
    Range range(long pending, int count) {
        return new Range(taken + pending, taken + pending + count);
    }

    void add(Range range) {
        if (range.from == range.to) {
            return;
        }
        if (first == null) {
            first = range;
        } else {
            last.next = range;
        }
        last = range;
    }

    /** Whether the next byte is secret. */
    boolean isNext() {
        return first != null && first.from <= taken;
    }

    /** How many of so many next bytes are all secret, or all not. */
    int together(int count) {
        if (first == null) {
            return count;
        }
        return (int) Math.min(count, (isNext() ? first.to : first.from) - taken);
    }

    /** So many bytes are written or dropped. */
    void take(long count) {
        taken += count;
        while (first != null && first.to <= taken) {
            first = first.next;
        }
    }
}
