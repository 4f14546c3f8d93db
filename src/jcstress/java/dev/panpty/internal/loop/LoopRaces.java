package dev.panpty.internal.loop;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The guarantees of a loop to other threads. Results not listed fail. */
public class LoopRaces {

    /** Accepted?, run: a command posted while the loop stops. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "accepted and run")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "refused and not run")
    @State
    public static class CommandAndStop {

        private final CommandQueue commands = new CommandQueue();
        private final AtomicInteger run = new AtomicInteger();

        @Actor
        public void give(II_Result result) {
            result.r1 = commands.add(run::incrementAndGet) == CommandQueue.Receipt.REFUSED ? 0 : 1;
        }

        @Actor
        public void stop() {
            commands.take().forEach(Runnable::run);
            commands.takeLast().forEach(Runnable::run);
        }

        @Arbiter
        public void look(II_Result result) {
            result.r2 = run.get();
        }
    }
}
