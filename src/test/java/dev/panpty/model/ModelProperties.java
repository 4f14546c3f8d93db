package dev.panpty.model;

import dev.panpty.PtyProcessBuilder;
import dev.panpty.Signal;
import dev.panpty.testing.Leaks;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.state.ActionChain;
import org.opentest4j.TestAbortedException;

/**
 * Random sequences of all public calls on several programs at once, in every style and by every strategy, compared with a simple model. A
 * failure prints its seed and the shortest sequence found; the seed goes into {@code @Property(seed = "...")}.
 */
class ModelProperties {

    private static final int MAX_STEPS = 80;

    /**
     * After this time no sequence is tried any more. jqwik's own limit, see junit-platform.properties, comes later: jqwik then stops waiting,
     * but its thread continues to shrink, and would disturb the tests that follow.
     */
    private static final long SHRINKING_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final AtomicLong FIRST_FAILURE_NANOS = new AtomicLong();

    /** Creates what lives as long as the JVM. */
    @BeforeContainer
    static void makeWhatStays() throws Exception {
        new PtyProcessBuilder("true").parentDeathSignal(Signal.KILL).start().close();
    }

    @Property(tries = 120, shrinking = ShrinkingMode.BOUNDED)
    void everySequenceOfCallsDoesWhatTheModelSays(@ForAll("chains") ActionChain<World> chain) throws Exception {
        check(chain);
    }

    /** Runs the chain, closes everything, and checks that no descriptor, thread or child is left. */
    static void check(ActionChain<World> chain) throws Exception {
        long failed = FIRST_FAILURE_NANOS.get();
        if (failed != 0 && System.nanoTime() - failed > SHRINKING_NANOS) {
            throw new TestAbortedException("it is short enough");
        }
        try {
            Leaks.none(() -> {
                try {
                    chain.run().finish();
                } finally {
                    chain.finalState().ifPresent(World::close);
                }
            });
        } catch (Exception | Error failure) {
            if (FIRST_FAILURE_NANOS.compareAndSet(0, System.nanoTime())) {
                System.out.println("failed first, to be made shorter: " + chain.transformations());
                failure.printStackTrace(System.out);
            }
            throw failure;
        }
    }

    @Provide
    static Arbitrary<ActionChain<World>> chains() {
        return new Actions().chains(MAX_STEPS);
    }
}
