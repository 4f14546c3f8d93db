package dev.panpty.faults;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * One call that is made to fail.
 *
 * @param label as {@link TracedCall} has it
 */
record Fault(Scenario scenario, Side side, String label, Use use, String errno) {

    private static final Set<Scenario> BY_TRAMPOLINE =
            EnumSet.of(Scenario.FORK_EXEC, Scenario.PLAIN_FORK, Scenario.NOT_THERE, Scenario.USER, Scenario.SETTINGS);

    /** Whose call it is. */
    enum Side {
        STARTER("the caller's"),
        REACTOR("the reactor's"),
        CHILD("the child's");

        private final String text;

        Side(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** Which use of the call in the run. */
    enum Use {
        FIRST("first"),
        SECOND("second"),
        THIRD("third"),
        ALWAYS("all");

        private final String text;

        Use(String text) {
            this.text = text;
        }

        /** The index among the uses of the call; -1 where there are not so many. */
        int index(int count) {
            return switch (this) {
                case FIRST, ALWAYS -> count > 0 ? 0 : -1;
                case SECOND -> count > 1 ? 1 : -1;
                case THIRD -> count > 2 ? 2 : -1;
            };
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * Whether anything can be done about it. What says that the call is to be made again, or that there is nothing yet, must come to an
     * end; who may never wait for a child, or is told that there is none, cannot reap it; and the JVM looks through /proc on the caller's
     * thread. The C library takes no notice of a mask it could not set, and then restores one that it never had: only the trampoline's is
     * made to fail. And a program is to have its signals, and what it opens, once it runs.
     */
    boolean isFair() {
        if (errno.equals("ECHILD") || label.equals("pidfd_open") && errno.equals("ESRCH")) {
            return false;
        }
        boolean again = errno.equals("EINTR") || errno.equals("EAGAIN") && List.of("read", "write").contains(systemCall());
        boolean zombie = List.of("waitid", "wait4").contains(systemCall());
        boolean jvms = scenario == Scenario.SESSION && List.of("openat", "read", "close").contains(systemCall());
        boolean masksInVain = systemCall().equals("rt_sigprocmask") && !BY_TRAMPOLINE.contains(scenario);
        boolean programs = systemCall().startsWith("rt_sig") || side == Side.CHILD && List.of("openat", "ioctl").contains(systemCall());
        return !jvms && !masksInVain && (use != Use.ALWAYS || !again && !zombie && !programs);
    }

    private String systemCall() {
        return label.replaceAll(" .*", "");
    }
}
