package dev.panpty;

import java.util.Locale;
import java.util.Optional;

/** How a child is made; the child is the same by each. A constant, for any thread. */
public enum SpawnStrategy {
    /** {@link #POSIX_SPAWN} if it supports the request, else {@link #FORK_EXEC}. */
    AUTO,
    /** {@code posix_spawnp(3)}. It supports no change of user, umask, limits or niceness, and no parent-death signal. */
    POSIX_SPAWN,
    /** A small C library that makes the child by {@code clone(CLONE_VM | CLONE_VFORK)}; as fast in a big JVM as in a small one. */
    FORK_EXEC,
    /** The same library by a plain fork: the conservative way, whose cost grows with the heap. */
    PLAIN_FORK;

    /** Sets the strategy of all builders that set none: {@code posix_spawn}, {@code fork_exec} or {@code plain_fork}. */
    private static final String PROPERTY = "dev.panpty.spawn";

    private final String propertyValue = name().toLowerCase(Locale.ROOT);

    static SpawnStrategy ofProperty() {
        return ofName(System.getProperty(PROPERTY, "auto"));
    }

    static SpawnStrategy ofName(String name) {
        for (SpawnStrategy strategy : values()) {
            if (strategy.propertyValue.equals(name)) {
                return strategy;
            }
        }
        throw new IllegalArgumentException(PROPERTY + " must be auto, posix_spawn, fork_exec or plain_fork, was " + name);
    }

    /** The name of the strategy in the layer below; empty for AUTO. */
    Optional<String> forcedName() {
        return this == AUTO ? Optional.empty() : Optional.of(propertyValue);
    }
}
