package dev.panpty.internal.spawn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/** Chooses the strategy of a request: the first that supports it, unless one is forced. A start that fails is not retried by another. */
public final class Strategies {

    private static final List<Spawner> IN_ORDER = List.of(new PosixSpawn(), ForkExec.byClone(), ForkExec.byPlainFork());

    private Strategies() {}

    /** The strategy, or why none supports the request. */
    public record Choice(Optional<Spawner> strategy, SpawnFailure refusal) {}

    /** @param forced the name of the only strategy to consider, or empty for all */
    public static Choice choose(SpawnRequest request, Optional<String> forced) {
        Map<String, String> objections = new LinkedHashMap<>(); // objection to the strategies that have it, so that each is reported once
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
