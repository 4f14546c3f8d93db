package dev.panpty.internal.spawn;

import dev.panpty.internal.spawn.SpawnResult.Failed;
import java.util.List;
import java.util.Optional;

/** Which strategy starts a request: the first that can serve it, unless one is forced. Never a second try of a real failure. */
public final class Strategies {

    private static final List<SpawnStrategy> IN_ORDER = List.of(new PosixSpawn(), ForkExec.byClone(), ForkExec.byPlainFork());

    private Strategies() {}

    /** What was chosen, or why nothing could be. */
    public record Choice(Optional<SpawnStrategy> strategy, Failed refusal) {}

    /** @param forced the name of the only strategy to consider, or empty for all */
    public static Choice choose(SpawnRequest request, Optional<String> forced) {
        StringBuilder objections = new StringBuilder();
        for (SpawnStrategy strategy : IN_ORDER) {
            if (forced.isPresent() && !forced.get().equals(strategy.name())) {
                continue;
            }
            Optional<String> objection = strategy.objection(request);
            if (objection.isEmpty()) {
                return new Choice(Optional.of(strategy), null);
            }
            objections.append(objections.isEmpty() ? "" : "; ").append(strategy.name()).append(": ").append(objection.get());
        }
        return new Choice(Optional.empty(), new Failed(SpawnResult.STRATEGY, 0, objections.toString()));
    }
}
