package dev.panpty.faults;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * One call that strace makes fail.
 *
 * @param label the label of the {@link TracedCall}
 */
record Fault(Scenario scenario, Side side, String label, Use use, String errno) {

    private static final Set<Scenario> BY_TRAMPOLINE =
            EnumSet.of(Scenario.FORK_EXEC, Scenario.PLAIN_FORK, Scenario.NOT_THERE, Scenario.USER, Scenario.SETTINGS);

    /** The process that makes the call. */
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

    /** The uses of the call in the run that fail. */
    enum Use {
        FIRST("first"),
        SECOND("second"),
        THIRD("third"),
        ALWAYS("all");

        private final String text;

        Use(String text) {
            this.text = text;
        }

        /** The index among the uses of the call; -1 if the run has fewer. */
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
     * Whether the library can handle the fault. An errno that asks for a retry, or says that nothing is ready, must not come forever. If
     * waitid always fails, or fails with ECHILD, the child cannot be reaped. The JVM itself reads /proc on the caller's thread. The C library
     * ignores a signal mask that it could not set, and then restores a mask that it never saved: only the trampoline's call fails here. Once
     * the program runs, its own signal and open calls must succeed.
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
