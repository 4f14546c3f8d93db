package dev.panpty.screen;

import java.util.ArrayList;
import java.util.List;

/** The lines that have left the top of the main buffer, up to a limit: a ring of rows. */
final class History {

    private static final int FIRST = 64;

    private final int limit;
    private Row[] ring = {};
    private int first;
    private int size;

    History(int limit) {
        this.limit = limit;
    }

    int limit() {
        return limit;
    }

    int size() {
        return size;
    }

    /** From 0, the oldest. */
    Row get(int at) {
        return ring[(first + at) % ring.length];
    }

    /** Takes a line, and gives a row to be used again. */
    Row add(Row row, int columns) {
        if (limit == 0) {
            return row;
        }
        if (size < limit) {
            push(row);
            return new Row(columns);
        }
        Row oldest = ring[first];
        ring[first] = row;
        first = first + 1 == ring.length ? 0 : first + 1;
        return oldest;
    }

    private void push(Row row) {
        if (size == ring.length) {
            Row[] more = new Row[Math.min(Math.max(FIRST, size * 2), limit)];
            for (int i = 0; i < size; i++) {
                more[i] = get(i);
            }
            ring = more;
            first = 0;
        }
        ring[(first + size) % ring.length] = row;
        size++;
    }

    /** Takes the youngest line back. */
    Row removeLast() {
        size--;
        int at = (first + size) % ring.length;
        Row last = ring[at];
        ring[at] = null;
        return last;
    }

    void clear() {
        ring = new Row[] {};
        first = 0;
        size = 0;
    }

    List<Row> rows() {
        List<Row> rows = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            rows.add(get(i));
        }
        return rows;
    }
}
