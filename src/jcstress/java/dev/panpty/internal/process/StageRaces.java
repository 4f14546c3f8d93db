package dev.panpty.internal.process;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.panpty.internal.loop.EventLoop;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** The guarantees of a process's stages to other threads. Results not listed fail. */
public class StageRaces {

    static final EventLoop LOOP = EventLoop.open().value();

    private static final long LIMIT_SECONDS = 20;

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("stuck");
            }
        } catch (InterruptedException stop) {
            throw new AssertionError(stop);
        }
    }

    /** How often a dependent runs that is added while the stage completes. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "once")
    @State
    public static class DependentAndReach {

        private final Stage stage = new Stage(LOOP);
        private final AtomicInteger run = new AtomicInteger();
        private final CountDownLatch first = new CountDownLatch(1);

        @Actor
        public void depend() {
            stage.then(() -> {
                run.incrementAndGet();
                first.countDown();
            });
        }

        @Actor
        public void reach() {
            stage.reach();
        }

        @Arbiter
        public void look(I_Result result) {
            StageRaces.await(first);
            result.r1 = run.get();
        }
    }
}
