package dev.panpty.internal.spawn;

import dev.panpty.internal.sys.Errno;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The settings of a child that {@code posix_spawn} does not support, each empty unless asked for. Numbers are in range and names resolved.
 *
 * @param uid unsigned, as are gid and groups
 */
public record ChildSettings(
        Optional<Integer> umask,
        List<Limit> limits,
        Optional<Integer> niceness,
        Optional<int[]> groups,
        Optional<Integer> gid,
        Optional<Integer> uid,
        Optional<Integer> parentDeathSignal) {

    public static final ChildSettings NONE = new ChildSettings(Optional.empty(), List.of(), Optional.empty(), Optional.empty(),
            Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * A resource limit, see prlimit(2); unsigned, all bits set for no limit.
     *
     * @param name of the resource, for a message
     */
    public record Limit(int resource, String name, long soft, long hard) {

        private static final long NO_LIMIT = -1;

        @Override
        public String toString() {
            return name + ", soft " + text(soft) + ", hard " + text(hard);
        }

        private static String text(long limit) {
            return limit == NO_LIMIT ? "unlimited" : Long.toUnsignedString(limit);
        }
    }

    /** Whether the child's permissions differ from this process's. */
    boolean changesUser() {
        return uid.isPresent() || gid.isPresent() || groups.isPresent();
    }

    /** The first thing asked for, in words; empty if nothing is. */
    Optional<String> firstAsked() {
        if (changesUser()) {
            return Optional.of("the user or group");
        }
        if (!limits.isEmpty()) {
            return Optional.of("resource limits");
        }
        if (umask.isPresent()) {
            return Optional.of("the umask");
        }
        if (niceness.isPresent()) {
            return Optional.of("the niceness");
        }
        return parentDeathSignal.isPresent() ? Optional.of("the parent-death signal") : Optional.empty();
    }

    /** What a failed step is about, if it is one of these settings. */
    Optional<String> culprit(int step, int errno, int about) {
        if (step == SpawnFailure.LIMITS) {
            return Optional.of(limits.get(about).toString());
        }
        if (step == SpawnFailure.NICENESS) {
            return niceness.map(value -> "niceness " + value);
        }
        if (step == SpawnFailure.GROUPS) {
            return groups.map(list -> "groups " + Arrays.stream(list).mapToObj(Integer::toUnsignedString).toList() + unmapped(errno));
        }
        if (step == SpawnFailure.GROUP) {
            return gid.map(id -> "group " + Integer.toUnsignedString(id) + unmapped(errno));
        }
        return step == SpawnFailure.USER || step == SpawnFailure.CREDENTIALS
                ? uid.map(id -> "user " + Integer.toUnsignedString(id) + unmapped(errno)) : Optional.empty();
    }

    /** The only reason for EINVAL from a call that takes ids. */
    static String unmapped(int errno) {
        return errno == Errno.EINVAL ? ", which is not mapped in this user namespace, see user_namespaces(7)" : "";
    }
}
