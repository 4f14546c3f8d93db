package dev.panpty.internal.process;

import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.Epoll;
import dev.panpty.internal.sys.ProcessTable.Entry;
import dev.panpty.internal.sys.ProcessTable;
import dev.panpty.internal.sys.Ptmx;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The processes that have the terminal open, by the links in {@code /proc/PID/fd}. Empty once the ptmx is closed, since the path may then
 * name another pts. Used by one thread.
 */
final class TerminalHolders {

    private static final BooleanSupplier NEVER = () -> false;

    private final Ptmx ptmx;

    TerminalHolders(Ptmx ptmx) {
        this.ptmx = ptmx;
    }

    /** Whether no process has it open, which poll(2) reports as a hang-up. */
    boolean areNone() {
        int events = ptmx.descriptor().poll(0);
        return events < 0 || (events & Epoll.HUP) != 0;
    }

    boolean isHolder(Entry entry) {
        return isHolder(entry, NEVER);
    }

    private boolean isHolder(Entry entry, BooleanSupplier over) {
        Descriptor descriptor = ptmx.descriptor();
        if (!descriptor.acquire()) {
            return false;
        }
        try {
            return ProcessTable.holds(entry.pid(), ptmx.ptsPath(), over);
        } finally {
            descriptor.release();
        }
    }

    /** Adds those of the processes to the list that have it open; false if the deadline came before all were checked. */
    boolean addTo(List<Entry> list, List<Entry> processes, long deadline) throws InterruptedException {
        BooleanSupplier over = () -> System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted();
        for (Entry entry : processes) {
            if (areNone()) {
                return true;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (over.getAsBoolean()) {
                return false;
            }
            if (!isOurs(entry) && !entry.isZombie() && !list.contains(entry) && isHolder(entry, over)) {
                list.add(entry);
            }
        }
        return true;
    }

    /** This process, or a child in its set-up: that one has all descriptors of this process, and closes them until its exec. */
    private static boolean isOurs(Entry entry) {
        long self = ProcessHandle.current().pid();
        return entry.pid() == self || entry.parent() == self && entry.isForkOnly();
    }
}
