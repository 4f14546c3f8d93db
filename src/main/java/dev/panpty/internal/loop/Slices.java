package dev.panpty.internal.loop;

import java.util.ArrayList;
import java.util.List;

/** The slices of a turn, in order; a slice that is added while they run belongs to the next turn. On the loop's thread. */
final class Slices {

    private List<Runnable> next = new ArrayList<>();
    private List<Runnable> now = new ArrayList<>();

    void add(Runnable work) {
        next.add(work);
    }

    boolean isEmpty() {
        return next.isEmpty();
    }

    void run(Resync resync) {
        List<Runnable> taken = next;
        next = now;
        now = taken;
        resync.attemptAll(taken);
        taken.clear();
    }
}
