package dev.panpty.screen;

import java.util.ArrayList;
import java.util.List;

/** The lines that have left the top of the main buffer, up to a limit: a ring of rows. */
final class History {

    private static final int FIRST = 64;

    private final int limit;
    private Cells[] ring = {};
    private int first;
    private int size;

    History(int limit) {
        this.limit = limit;
    }

    int size() {
        return size;
    }

    /** From 0, the oldest. */
    Cells get(int at) {
        return ring[(first + at) % ring.length];
    }

    /** Takes a line, and gives a row to be used again. */
    Cells add(Cells row, int columns) {
        if (limit == 0) {
            return row;
        }
        if (size < limit) {
            push(row);
            return new Cells(columns);
        }
        Cells oldest = ring[first];
        ring[first] = row;
        first = first + 1 == ring.length ? 0 : first + 1;
        return oldest;
    }

    private void push(Cells row) {
        if (size == ring.length) {
            Cells[] more = new Cells[Math.min(Math.max(FIRST, size * 2), limit)];
            for (int i = 0; i < size; i++) {
                more[i] = get(i);
            }
            ring = more;
            first = 0;
        }
        ring[(first + size) % ring.length] = row;
        size++;
    }

    void clear() {
        ring = new Cells[] {};
        first = 0;
        size = 0;
    }

    List<Cells> rows() {
        List<Cells> rows = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            rows.add(get(i));
        }
        return rows;
    }

    /** All, from the oldest; from now on they are not written. */
    Cells[] share() {
        Cells[] rows = new Cells[size];
        for (int i = 0; i < size; i++) {
            rows[i] = get(i);
            rows[i].shared = true;
        }
        return rows;
    }
}
