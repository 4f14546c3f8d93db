package dev.panpty;

import static java.util.Objects.requireNonNull;

import dev.panpty.internal.spawn.ChildSettings.Limit;
import dev.panpty.internal.spawn.ChildSettings;
import dev.panpty.internal.spawn.PlatformString;
import dev.panpty.internal.sys.Accounts;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The builder's options that posix_spawn does not support: checks their values, and resolves names when a process is started. */
final class ChildOptions {

    private static final long NO_LIMIT = -1;
    private static final long MAX_ID = 0xffff_fffeL;

    Optional<String> user = Optional.empty();
    Optional<String> group = Optional.empty();
    Optional<List<String>> supplementaryGroups = Optional.empty();
    Optional<Integer> umask = Optional.empty();
    Optional<Integer> niceness = Optional.empty();
    Optional<Integer> parentDeathSignal = Optional.empty();
    private final List<Limit> limits = new ArrayList<>();

    ChildOptions() {}

    /** A copy, which changes apart from the other. */
    ChildOptions(ChildOptions other) {
        user = other.user;
        group = other.group;
        supplementaryGroups = other.supplementaryGroups;
        umask = other.umask;
        niceness = other.niceness;
        parentDeathSignal = other.parentDeathSignal;
        limits.addAll(other.limits);
    }

    void umask(int mask) {
        umask = Optional.of(inRange("umask", mask, 0, 0777));
    }

    void niceness(int value) {
        niceness = Optional.of(inRange("niceness", value, -20, 19));
    }

    void parentDeathSignal(Signal signal) {
        parentDeathSignal = Optional.of(requireNonNull(signal, "signal").number());
    }

    void limit(ResourceLimit resource, long soft, long hard) {
        requireNonNull(resource, "resource");
        if (soft < 0 || hard < soft) {
            throw new IllegalArgumentException("a limit must be 0 <= soft <= hard, was " + soft + ", " + hard + " for " + resource);
        }
        limits.removeIf(limit -> limit.resource() == resource.number());
        limits.add(new Limit(resource.number(), "RLIMIT_" + resource, toKernel(soft), toKernel(hard)));
    }

    /** The limits that are set. */
    Map<ResourceLimit, PtyProcessBuilder.Limit> limits() {
        Map<ResourceLimit, PtyProcessBuilder.Limit> all = new EnumMap<>(ResourceLimit.class);
        for (Limit limit : limits) {
            all.put(ResourceLimit.values()[limit.resource()], new PtyProcessBuilder.Limit(fromKernel(limit.soft()), fromKernel(limit.hard())));
        }
        return all;
    }

    private static long fromKernel(long limit) {
        return limit == NO_LIMIT ? ResourceLimit.UNLIMITED : limit;
    }

    private static long toKernel(long limit) {
        return limit == ResourceLimit.UNLIMITED ? NO_LIMIT : limit;
    }

    static String id(String what, int id) {
        return Integer.toString(inRange(what, id, 0, Integer.MAX_VALUE));
    }

    private static int inRange(String what, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(what + " must be " + min + ".." + max + ", was " + value);
        }
        return value;
    }

    /**
     * The settings, with names resolved.
     *
     * @throws IllegalArgumentException for a user or group that does not exist
     */
    ChildSettings resolve() {
        if (nothingIsAsked()) {
            return ChildSettings.NONE;
        }
        Optional<Accounts.User> account = user.flatMap(ChildOptions::account);
        Optional<Integer> uid = user.map(name -> account.map(Accounts.User::uid).orElseGet(() -> number("user", name)));
        Optional<Integer> gid = group.map(ChildOptions::group).or(() -> account.map(Accounts.User::gid));
        if (uid.isPresent() && gid.isEmpty()) {
            throw new IllegalArgumentException("no account has the user number " + user.get() + ": its group must be given too");
        }
        return new ChildSettings(umask, List.copyOf(limits), niceness, groups(account, uid), gid, uid, parentDeathSignal);
    }

    private boolean nothingIsAsked() {
        return user.isEmpty() && group.isEmpty() && supplementaryGroups.isEmpty() && umask.isEmpty() && niceness.isEmpty()
                && parentDeathSignal.isEmpty() && limits.isEmpty();
    }

    /** The groups asked for; else those of the user. Empty if the user is the JVM's own: its groups stay, and no privilege is needed. */
    private Optional<int[]> groups(Optional<Accounts.User> account, Optional<Integer> uid) {
        if (supplementaryGroups.isPresent()) {
            return supplementaryGroups.map(names -> names.stream().mapToInt(ChildOptions::group).toArray());
        }
        if (uid.isEmpty() || uid.get() == Accounts.effectiveUser()) {
            return Optional.empty();
        }
        return Optional.of(account.map(Accounts.User::groups).orElse(new int[0]));
    }

    /**
     * The account of the user, or of the JVM's effective user if no user is given.
     *
     * @throws IllegalArgumentException if the user has no account
     */
    static Accounts.User login(Optional<String> user) {
        Optional<Accounts.User> account = user.isPresent() ? account(user.get()) : Accounts.user(Accounts.effectiveUser());
        return account.orElseThrow(() -> new IllegalArgumentException(
                "there is no account of the user " + user.orElseGet(() -> Integer.toUnsignedString(Accounts.effectiveUser()))));
    }

    /** By name, else by number, as chown(1) reads it. */
    private static Optional<Accounts.User> account(String nameOrNumber) {
        return Accounts.user(PlatformString.of("user", nameOrNumber))
                .or(() -> isNumber(nameOrNumber) ? Accounts.user(number("user", nameOrNumber)) : Optional.empty());
    }

    private static int group(String nameOrNumber) {
        return Accounts.group(PlatformString.of("group", nameOrNumber)).orElseGet(() -> number("group", nameOrNumber));
    }

    private static boolean isNumber(String text) {
        return text.matches("\\d{1,10}") && Long.parseLong(text) <= MAX_ID;
    }

    /** The unsigned number of the kernel. */
    private static int number(String what, String text) {
        if (!isNumber(text)) {
            throw new IllegalArgumentException("there is no " + what + " " + text);
        }
        return (int) Long.parseLong(text);
    }
}
