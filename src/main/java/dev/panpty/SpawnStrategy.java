package dev.panpty;

import java.util.Locale;
import java.util.Optional;

/** How a child is made. The request behaves the same whichever it is. A constant, for any thread. */
public enum SpawnStrategy {
    /** {@link #POSIX_SPAWN} where it can serve the request, else {@link #FORK_EXEC}. */
    AUTO,
    /** {@code posix_spawnp(3)}. It cannot change user, umask, limits or niceness, nor ask for a parent-death signal. */
    POSIX_SPAWN,
    /** A small C library that makes the child by {@code clone(CLONE_VM | CLONE_VFORK)}; as fast in a big JVM as in a small one. */
    FORK_EXEC,
    /** The same library by a plain fork: the conservative way, whose cost grows with the heap. */
    PLAIN_FORK;

    /** Forces one for all processes whose builder says nothing: {@code posix_spawn}, {@code fork_exec} or {@code plain_fork}. */
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

    /** The name by which the layer below knows it; empty for any. */
    Optional<String> forcedName() {
        return this == AUTO ? Optional.empty() : Optional.of(propertyValue);
    }
}
