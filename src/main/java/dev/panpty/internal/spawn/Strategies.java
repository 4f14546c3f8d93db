package dev.panpty.internal.spawn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/** Which strategy starts a request: the first that can serve it, unless one is forced. Never a second try of a real failure. */
public final class Strategies {

    private static final List<Spawner> IN_ORDER = List.of(new PosixSpawn(), ForkExec.byClone(), ForkExec.byPlainFork());

    private Strategies() {}

    /** What was chosen, or why nothing could be. */
    public record Choice(Optional<Spawner> strategy, SpawnFailure refusal) {}

    /** @param forced the name of the only strategy to consider, or empty for all */
    public static Choice choose(SpawnRequest request, Optional<String> forced) {
        Map<String, String> objections = new LinkedHashMap<>(); // to the names of those that have it, so that none is said twice
        for (Spawner strategy : IN_ORDER) {
            if (forced.isPresent() && !forced.get().equals(strategy.name())) {
                continue;
            }
            Optional<String> objection = strategy.objection(request);
            if (objection.isEmpty()) {
                return new Choice(Optional.of(strategy), null);
            }
            objections.merge(objection.get(), strategy.name(), (one, other) -> one + " and " + other);
        }
        StringJoiner text = new StringJoiner("; ");
        objections.forEach((objection, names) -> text.add(names + ": " + objection));
        return new Choice(Optional.empty(), new SpawnFailure(SpawnFailure.STRATEGY, 0, text.toString()));
    }
}
