package dev.panpty;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What {@link PtyProcess#terminateSession} came to. Immutable, for any thread.
 *
 * @param survivors members of the session that are still there, not to be killed
 * @param left who had left the session before, by setsid(2), and was left alone: descendants, and whoever holds the terminal. One whose
 *     parent has exited and who has closed the terminal is not known
 */
public record SessionReport(List<Member> survivors, List<Member> left) {

    /**
     * One process.
     *
     * @param pid its number
     * @param name the name of its program, at most 15 bytes long
     */
    public record Member(long pid, String name) {

        /** A name is needed. */
        public Member {
            requireNonNull(name, "name");
        }
    }

    /** Copies the lists. */
    public SessionReport {
        survivors = List.copyOf(requireNonNull(survivors, "survivors"));
        left = List.copyOf(requireNonNull(left, "left"));
    }
}
