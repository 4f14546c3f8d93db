package dev.panpty.internal.loop;

import java.util.ArrayList;
import java.util.List;

/** Work for this turn of a loop, in order; work that is added while it runs is for the next turn. On the loop's thread. */
final class Slices {

    private List<Runnable> next = new ArrayList<>();
    private List<Runnable> now = new ArrayList<>();

    void add(Runnable work) {
        next.add(work);
    }

    boolean isEmpty() {
        return next.isEmpty();
    }

    /** All of this turn, in a list that is to be cleared when it has run. */
    List<Runnable> take() {
        List<Runnable> taken = next;
        next = now;
        now = taken;
        return taken;
    }
}
