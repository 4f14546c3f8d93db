package dev.panpty.expect;

import java.util.Arrays;

/**
 * Where bytes were taken out of the output. It maps a position in what is left, the plain output, to one in the output. Positions are
 * counted from the begin of the session. For one thread at a time.
 */
final class Cuts {

    private static final long[] NONE = {};
    private static final int FIRST_CAPACITY = 8;

    private long[] positions = NONE; // in the plain output, increasing from first to end
    private long[] totals = NONE; // bytes taken out there and before
    private int first;
    private int end;
    private long forgotten; // bytes taken out before the first entry

    /** Takes bytes out before a position that is no less than all others. */
    void add(long position, long bytes) {
        if (first == end || positions[end - 1] < position) {
            long total = total();
            makeRoom();
            totals[end] = total;
            positions[end++] = position;
        }
        totals[end - 1] += bytes;
    }

    private void makeRoom() {
        if (end < positions.length) {
            return;
        }
        int count = end - first;
        int capacity = count > positions.length / 2 || positions.length == 0 ? Math.max(FIRST_CAPACITY, count * 2) : positions.length;
        long[] newPositions = new long[capacity];
        long[] newTotals = new long[capacity];
        System.arraycopy(positions, first, newPositions, 0, count);
        System.arraycopy(totals, first, newTotals, 0, count);
        positions = newPositions;
        totals = newTotals;
        first = 0;
        end = count;
    }

    /** Takes the text between two positions out; later positions decrease by its length. */
    void remove(long from, long to) {
        int next = upTo(from) + 1;
        long[] later = Arrays.copyOfRange(positions, next, end);
        long[] laterTotals = Arrays.copyOfRange(totals, next, end);
        end = next;
        long before = total();
        add(from, to - from);
        for (int i = 0; i < later.length; i++) {
            add(Math.max(later[i] - (to - from), from), laterTotals[i] - before);
            before = laterTotals[i];
        }
    }

    /** The position in the output. */
    long inOutput(long position) {
        int index = upTo(position);
        return position + (index < first ? forgotten : totals[index]);
    }

    /** Forgets where bytes were taken out before a position. */
    void forget(long position) {
        int index = upTo(position);
        if (index >= first) {
            forgotten = totals[index];
            first = index + 1;
        }
    }

    private long total() {
        return first == end ? forgotten : totals[end - 1];
    }

    /** The last entry at or before the position; below first if all are behind it. */
    private int upTo(long position) {
        int found = Arrays.binarySearch(positions, first, end, position);
        return found >= 0 ? found : -found - 2;
    }
}
