package dev.panpty;

import static java.util.Objects.requireNonNull;

/** How a process ended, see wait(2). An immutable value, for any thread; switch over it without a default. */
public sealed interface ExitStatus {

    /**
     * The status as wait(2) gives it to C, for the macros there.
     *
     * @return -1 if it is unknown
     */
    int rawStatus();

    /**
     * The number that {@link Process#exitValue} gives.
     *
     * @return the exit code, 128 + the signal's number, or -1 if it is unknown
     */
    int exitValue();

    /**
     * Whether the program ended by itself with code 0.
     *
     * @return true if it did
     */
    default boolean isSuccess() {
        return exitValue() == 0;
    }

    /**
     * The program ended by itself.
     *
     * @param code 0 to 255
     */
    record Exited(int code) implements ExitStatus {

        /**
         * An exit code.
         *
         * @throws IllegalArgumentException if it is out of range
         */
        public Exited {
            if (code < 0 || code > 255) {
                throw new IllegalArgumentException("code must be 0..255, was " + code);
            }
        }

        @Override
        public int rawStatus() {
            return code << 8;
        }

        @Override
        public int exitValue() {
            return code;
        }
    }

    /**
     * A signal ended it.
     *
     * @param signal which
     * @param coreDumped whether it left a core dump
     */
    record Signaled(Signal signal, boolean coreDumped) implements ExitStatus {

        private static final int CORE_DUMPED = 0x80;

        /** A signal is needed. */
        public Signaled {
            requireNonNull(signal, "signal");
        }

        @Override
        public int rawStatus() {
            return signal.number() | (coreDumped ? CORE_DUMPED : 0);
        }

        @Override
        public int exitValue() {
            return 128 + signal.number();
        }
    }

    /**
     * It ended, but its status is not available: another part of the JVM has reaped it, or SIGCHLD is ignored, or the reactor has ended.
     *
     * @param reason why it is not available
     */
    record Unknown(String reason) implements ExitStatus {

        /** A reason is needed. */
        public Unknown {
            requireNonNull(reason, "reason");
        }

        @Override
        public int rawStatus() {
            return -1;
        }

        @Override
        public int exitValue() {
            return -1;
        }
    }
}
