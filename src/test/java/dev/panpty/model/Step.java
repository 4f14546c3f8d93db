package dev.panpty.model;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.Transformer;

/** Something that is done to one program, and what must come of it. One that makes no sense at the moment does nothing. */
@FunctionalInterface
interface Step {

    /** @param number 0 to 999, for the step to make of it what it needs */
    void take(Subject subject, Where where, int number) throws Exception;

    /** As an action of the chain: on whichever program, thread and number. */
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
