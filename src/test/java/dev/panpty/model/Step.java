package dev.panpty.model;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.Transformer;

/** An action on one program and its expected effect. A step that does not apply in the present state does nothing. */
@FunctionalInterface
interface Step {

    /** @param number 0 to 999, from which the step derives its parameters */
    void take(Subject subject, Where where, int number) throws Exception;

    /** The step as an action of the chain, on any program, thread and number. */
    static Action.Independent<World> action(String name, Step step) {
        Arbitrary<Integer> numbers = Arbitraries.integers().between(0, 999);
        return () -> Combinators.combine(World.slots(), Arbitraries.of(Where.class), numbers).as((slot, where, number) ->
                mutation(name + " of " + slot + ", " + where + ", " + number, world -> {
                    if (world.hasAny()) {
                        step.take(world.subject(slot), where, number);
                    }
                }));
    }

    /** Changes the world. */
    @FunctionalInterface
    interface Change {
        void make(World world) throws Exception;
    }

    static Transformer<World> mutation(String name, Change change) {
        return Transformer.mutate(name, world -> {
            try {
                change.make(world);
                world.check();
            } catch (Exception failed) {
                throw new AssertionError(name + ": " + failed, failed);
            }
        });
    }
}
