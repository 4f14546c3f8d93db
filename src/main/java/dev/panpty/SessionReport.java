package dev.panpty;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The outcome of {@link PtyProcess#terminateSession}. Immutable, for any thread.
 *
 * @param survivors members of the session that could not be killed
 * @param left processes that had left the session before, by setsid(2), and were not signalled: descendants, and other holders of the
 *     terminal. A process whose parent has exited and that has closed the terminal is not found, nor a holder of another user whose
 *     {@code /proc/PID/fd} may not be read. A child of this process before its exec, as of a start in progress, is no holder
 * @param cutShort whether the time was over before all processes of the machine were searched for holders of the terminal, so that some
 *     may be missing in {@code left}
 */
public record SessionReport(List<Member> survivors, List<Member> left, boolean cutShort) {

    /**
     * One process.
     *
     * @param pid its number
     * @param name the name of its program, of which the kernel keeps the first 15 bytes, decoded as file names are; empty if {@code /proc}
     *     hides the process
     */
    public record Member(long pid, String name) {

        /** A name is needed. */
        public Member {
            requireNonNull(name, "name");
        }
    }

    /**
     * A report that is not cut short.
     *
     * @param survivors members of the session that could not be killed
     * @param left processes that had left it before
     */
    public SessionReport(List<Member> survivors, List<Member> left) {
        this(survivors, left, false);
    }

    /** Copies the lists. */
    public SessionReport {
        survivors = List.copyOf(requireNonNull(survivors, "survivors"));
        left = List.copyOf(requireNonNull(left, "left"));
    }
}
