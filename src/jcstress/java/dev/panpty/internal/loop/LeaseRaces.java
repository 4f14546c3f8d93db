package dev.panpty.internal.loop;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** The use of a loop against its end without leases. Results not listed fail. */
public class LeaseRaces {

    private static final class Process implements Member {

        @Override
        public boolean isStarted() {
            return true;
        }

        @Override
        public void advance() {}

        @Override
        public void abandon(String reason) {}

        @Override
        public void fail(String reason) {}
    }

    /** Leased?, ended?: a start, or work, that comes while an unused loop ends. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "leased, the loop stays")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the loop has ended, and the start sees it")
    @State
    public static class LeaseAndEnd {

        private final Members members = new Members(0);

        public LeaseAndEnd() {
            members.release();
        }

        @Actor
        public void start(II_Result result) {
            result.r1 = members.lease() ? 1 : 0;
        }

        @Actor
        public void end(II_Result result) {
            result.r2 = members.endIdle() ? 1 : 0;
        }
    }

    /** Added?, ended?, a member?: a start that has a lease, adds its process and releases the lease, while the loop may end. */
    @JCStressTest
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "there is a lease or a member all the time")
    @State
    public static class StartAndEnd {

        private final Members members = new Members(0);

        @Actor
        public void start(III_Result result) {
            result.r1 = members.add(new Process()) == 0 ? 1 : 0;
            members.release();
        }

        @Actor
        public void end(III_Result result) {
            result.r2 = members.endIdle() ? 1 : 0;
        }

        @Arbiter
        public void count(III_Result result) {
            result.r3 = members.started().size();
        }
    }

    /** Another start leased?, ended?: the last process ends, another start comes, and the loop may end. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the start came first")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the end came first")
    @State
    public static class LastReleaseAndStart {

        private final Members members = new Members(0);

        @Actor
        public void release() {
            members.release();
            members.endIdle();
        }

        @Actor
        public void start(II_Result result) {
            result.r1 = members.lease() ? 1 : 0;
        }

        @Arbiter
        public void count(II_Result result) {
            result.r2 = members.isIdle() ? 1 : 0;
        }
    }

    /** Leased?, idle?: a start that finds the loop ended opens another only while the reactor is not closed. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "leased before the end, closed")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "ended, then closed: no other loop")
    @State
    public static class StartAndClose {

        private final Members members = new Members(0);

        public StartAndClose() {
            members.release();
        }

        @Actor
        public void start(II_Result result) {
            result.r1 = members.lease() ? 1 : 0;
        }

        @Actor
        public void close() {
            members.endIdle();
            members.closeToNew();
        }

        @Arbiter
        public void count(II_Result result) {
            result.r2 = members.isIdle() ? 1 : 0;
        }
    }
}
