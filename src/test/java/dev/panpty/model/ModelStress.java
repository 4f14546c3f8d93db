package dev.panpty.model;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.state.ActionChain;

/** {@link ModelProperties} for some minutes, in longer chains: with the profile {@code stress} only. */
class ModelStress {

    private static final int MAX_STEPS = 150;

    @BeforeContainer
    static void makeWhatStays() throws Exception {
        ModelProperties.makeWhatStays();
    }

    @Property(tries = 500, shrinking = ShrinkingMode.BOUNDED)
    void everyLongSequenceOfCallsDoesWhatTheModelSays(@ForAll("chains") ActionChain<World> chain) throws Exception {
        ModelProperties.check(chain);
    }

    @Provide
    static Arbitrary<ActionChain<World>> chains() {
        return new Actions().chains(MAX_STEPS);
    }
}
