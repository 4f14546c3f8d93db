package dev.panpty;

import static java.util.Objects.requireNonNull;

import dev.panpty.internal.sys.Limits;
import dev.panpty.internal.sys.NativeAccess;
import java.util.OptionalLong;

/**
 * The numbers of terminals and descriptors in use, and their limits, at one time. A running process takes two descriptors of this JVM, its
 * terminal and its pidfd; three with a pipe or a second terminal for standard error. Immutable, for any thread.
 *
 * @param terminals used on the whole machine; empty if {@code /proc} cannot be read
 * @param maxTerminals allowed on the whole machine, {@code /proc/sys/kernel/pty/max}; some are reserved for the first user namespace
 * @param descriptors used by this JVM; empty if they cannot be counted
 * @param maxDescriptors allowed to this JVM, RLIMIT_NOFILE; {@code Long.MAX_VALUE} for no limit
 */
public record PtyLimits(OptionalLong terminals, OptionalLong maxTerminals, OptionalLong descriptors, long maxDescriptors) {

    /** No argument is null; a number that is not known is empty. */
    public PtyLimits {
        requireNonNull(terminals, "terminals");
        requireNonNull(maxTerminals, "maxTerminals");
        requireNonNull(descriptors, "descriptors");
    }

    /**
     * The numbers now.
     *
     * @return the numbers that are available
     */
    public static PtyLimits current() {
        NativeAccess.require();
        return new PtyLimits(Limits.ofTerminals("nr"), Limits.ofTerminals("max"), Limits.descriptors(), Limits.descriptorLimit());
    }

    @Override
    public String toString() {
        return "terminals " + text(terminals) + " of " + text(maxTerminals) + ", descriptors " + text(descriptors) + " of "
                + maxDescriptors;
    }

    private static String text(OptionalLong number) {
        return number.isPresent() ? Long.toString(number.getAsLong()) : "unknown";
    }
}
