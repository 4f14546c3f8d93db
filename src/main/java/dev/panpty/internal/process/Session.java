package dev.panpty.internal.process;

import dev.panpty.internal.sys.ProcessTable.Entry;
import java.util.List;
import java.util.function.Predicate;

/**
 * The members of a session, as distinct from those of a later session that has the same number.
 *
 * <p>The kernel does not reuse a session's number while any process, a zombie included, has it. Two rules follow for the processes of a
 * listing that have this number; {@code certainTicks} is the latest time at which the number is known to have been this session's:
 *
 * <pre>
 *   one of them started at or before certainTicks--> it is a member, so the number was never free: all of them are members,
 *                                                    and certainTicks becomes the time of this listing
 *   all of them started later---------------------> the number may have been reused: only those that hold the terminal are members,
 *                                                    started by members that have exited between two listings
 * </pre>
 *
 * <p>Used by one thread.
 */
final class Session {

    private final int number;
    private final Predicate<Entry> holdsTerminal;
    private long certainTicks;

    /** @param certainTicks a time at which the number was this session's, in the unit of {@link Entry#startTicks} */
    Session(int number, long certainTicks, Predicate<Entry> holdsTerminal) {
        this.number = number;
        this.certainTicks = certainTicks;
        this.holdsTerminal = holdsTerminal;
    }

    /** Whether the process has the session's number; it may belong to a later session. */
    boolean isNamedBy(Entry entry) {
        return entry.session() == number;
    }

    /**
     * The members in one listing of processes, without zombies.
     *
     * @param ticks when the listing began
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
