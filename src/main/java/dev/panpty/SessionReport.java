package dev.panpty;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What {@link PtyProcess#terminateSession} came to. Immutable, for any thread.
 *
 * @param survivors members of the session that are still there, not to be killed
 * @param left those that had left the session before, by setsid(2), and were left alone: descendants, and other holders of the terminal.
 *     One whose parent has exited and that has closed the terminal is not known, nor a holder of another user whose descriptors may not be
 *     seen
 * @param cutShort whether the time was over before all processes of the machine had been looked at for holders of the terminal, so that
 *     some may be missing in {@code left}
 */
public record SessionReport(List<Member> survivors, List<Member> left, boolean cutShort) {

    /**
     * One process.
     *
     * @param pid its number
     * @param name the name of its program, of which the kernel keeps the first 15 bytes, decoded as file names are
     */
    public record Member(long pid, String name) {

        /** A name is needed. */
        public Member {
            requireNonNull(name, "name");
        }
    }

    /**
     * A whole report.
     *
     * @param survivors members of the session that are still there
     * @param left those that had left it before
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
