package dev.panpty;

import static java.util.Objects.requireNonNull;

import dev.panpty.internal.sys.Limits;
import dev.panpty.internal.sys.NativeAccess;
import java.util.OptionalLong;

/**
 * How many terminals and descriptors are used and allowed, at a moment. A running process takes two descriptors of this JVM: its
 * terminal and its pidfd; three with a pipe for standard error. Immutable, for any thread.
 *
 * @param terminals used on the whole machine; empty where the kernel cannot be asked
 * @param maxTerminals allowed on the whole machine, {@code /proc/sys/kernel/pty/max}; some are reserved for the first user namespace
 * @param descriptors used by this JVM; empty where they cannot be counted
 * @param maxDescriptors allowed to this JVM, RLIMIT_NOFILE; {@code Long.MAX_VALUE} for no limit
 */
public record PtyLimits(OptionalLong terminals, OptionalLong maxTerminals, OptionalLong descriptors, long maxDescriptors) {

    /** Every number is needed, or the word that it is not known. */
    public PtyLimits {
        requireNonNull(terminals, "terminals");
        requireNonNull(maxTerminals, "maxTerminals");
        requireNonNull(descriptors, "descriptors");
    }

    /**
     * The numbers now.
     *
     * @return what can be found out
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
