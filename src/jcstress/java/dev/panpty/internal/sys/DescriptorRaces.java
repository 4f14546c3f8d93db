package dev.panpty.internal.sys;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.panpty.internal.gen.Linux;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A descriptor's number is closed once, and not while a thread holds the descriptor. Results not listed fail. */
public class DescriptorRaces {

    private static final int F_GETFD = 1;
    private static final Downcall FCNTL = new Downcall(Linux.fcntl_int$address());

    /** 0: refused; 1: held and open; -1: held, but closed. */
    private static int use(Descriptor descriptor) {
        if (!descriptor.acquire()) {
            return 0;
        }
        try {
            return FCNTL.call(descriptor.number(), F_GETFD, 0) < 0 ? -1 : 1;
        } finally {
            descriptor.release();
        }
    }

    /** The results of the concurrent use, and of a use afterwards. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "used, then closed")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "refused after the close")
    @State
    public static class UseAndClose {

        private final Descriptor descriptor = EventFd.open().value();

        @Actor
        public void use(II_Result result) {
            result.r1 = DescriptorRaces.use(descriptor);
        }

        @Actor
        public void close() {
            descriptor.close();
        }

        @Arbiter
        public void after(II_Result result) {
            result.r2 = DescriptorRaces.use(descriptor);
        }
    }

    /** Whether it is closed after two closes; whether the neighbouring numbers are still open, which a second close(2) would close. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "closed, and nothing else is")
    @State
    public static class CloseTwice {

        private final Descriptor descriptor = EventFd.open().value();
        private final Descriptor neighbour = EventFd.open().value();

        @Actor
        public void first() {
            descriptor.close();
        }

        @Actor
        public void second() {
            descriptor.close();
        }

        @Arbiter
        public void after(II_Result result) {
            result.r1 = DescriptorRaces.use(descriptor);
            result.r2 = DescriptorRaces.use(neighbour);
            neighbour.close();
        }
    }
}
