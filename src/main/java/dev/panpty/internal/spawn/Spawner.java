package dev.panpty.internal.spawn;

import dev.panpty.internal.sys.ChildProcess;
import java.util.Optional;

/** A way to make a child on a terminal. Implementations keep no state between starts and may be used from any thread. */
public interface Spawner {

    /** The name by which {@code -Ddev.panpty.spawn} forces it. */
    String name();

    /** Why it does not support the request on this system, or empty. */
    Optional<String> objection(SpawnRequest request);

    /**
     * Starts the program as the given child. Returns when its exec has succeeded, or the failure; it blocks until then only. After a
     * failure no program has run. If it throws OutOfMemoryError, there may be a child.
     */
    Optional<SpawnFailure> spawn(SpawnRequest request, ChildProcess child);
}
