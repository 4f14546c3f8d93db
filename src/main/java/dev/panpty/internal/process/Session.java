package dev.panpty.internal.process;

import dev.panpty.internal.sys.ProcessTable.Entry;
import java.util.List;
import java.util.function.Predicate;

/**
 * The members of a session, told from those of a later session that was given its number.
 *
 * <p>The kernel gives a number to no other process or session while one process has it as its session. So who has begun by the time
 * at which the number was this session's for certain, and has it now, is a member; and as long as one such is there, a zombie even,
 * all others that have the number are members too, and the time moves on. Where none is left, those are which have the terminal
 * open: the successors of members that have come and gone between two listings. Used by one thread.
 */
final class Session {

    private final int number;
    private final Predicate<Entry> holdsTerminal;
    private long certainTicks;

    /** @param certainTicks a time at which the number was this session's, as {@link Entry#startTicks} counts it */
    Session(int number, long certainTicks, Predicate<Entry> holdsTerminal) {
        this.number = number;
        this.certainTicks = certainTicks;
        this.holdsTerminal = holdsTerminal;
    }

    /** Whether it has the session's number, be it a member or not. */
    boolean isNamedBy(Entry entry) {
        return entry.session() == number;
    }

    /**
     * The members that are alive among processes which were looked at together.
     *
     * @param ticks when that began
     */
    List<Entry> members(List<Entry> entries, long ticks) {
        List<Entry> named = entries.stream().filter(this::isNamedBy).toList();
        boolean certain = named.stream().anyMatch(entry -> entry.startTicks() <= certainTicks);
        if (certain) {
            certainTicks = Math.max(certainTicks, ticks);
        }
        return named.stream().filter(entry -> !entry.isZombie() && (certain || holdsTerminal.test(entry))).toList();
    }
}
