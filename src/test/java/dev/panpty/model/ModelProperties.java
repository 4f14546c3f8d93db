package dev.panpty.model;

import dev.panpty.PtyProcessBuilder;
import dev.panpty.Signal;
import dev.panpty.testing.Leaks;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.state.ActionChain;

/**
 * Random sequences of every public call on several programs at once, in every style and by every strategy, against a simple model. A
 * failure prints its seed and the shortest sequence found; the seed goes into {@code @Property(seed = "...")}.
 */
class ModelProperties {

    private static final int MAX_STEPS = 60;

    /** What lives as long as the JVM. */
    @BeforeContainer
    static void makeWhatStays() throws Exception {
        new PtyProcessBuilder("true").parentDeathSignal(Signal.KILL).start().close();
    }

    @Property(tries = 150)
    void everySequenceOfCallsDoesWhatTheModelSays(@ForAll("chains") ActionChain<World> chain) throws Exception {
        check(chain);
    }

    /** Runs it; afterwards everything is closed, and no descriptor, thread or child is left. */
    static void check(ActionChain<World> chain) throws Exception {
        Leaks.none(() -> {
            try {
                chain.run().finish();
            } finally {
                chain.finalState().ifPresent(World::close);
            }
        });
    }

    @Provide
    static Arbitrary<ActionChain<World>> chains() {
        return new Actions().chains(MAX_STEPS);
    }
}
