package dev.panpty.internal.event;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.panpty.internal.process.PtmxChannel;
import dev.panpty.internal.sys.Descriptor;
import dev.panpty.internal.sys.Ptmx;
import dev.panpty.internal.sys.Termios;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * The write queue: accepted bytes are pending, written or counted as unwritten, whatever call comes in between. Results not listed fail.
 * Each test repeats the same actor, since the tool does not find an inherited one.
 */
public class WriteQueueRaces {

    private static final String FOUR = "four";

    private static int number(boolean accepted) {
        return accepted ? 1 : 0;
    }

    private static void count(WriteQueue queue, III_Result result) {
        result.r2 = (int) queue.pendingBytes();
        result.r3 = (int) queue.unwrittenBytes();
    }

    /** Accepted?, pending, unwritten. */
    @JCStressTest
    @Outcome(id = "1, 0, 4", expect = ACCEPTABLE, desc = "accepted before the close, unwritten then")
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "refused after the close")
    @State
    public static class WriteAndClose {

        private final WriteQueue queue = Rig.deadQueue();

        @Actor
        public void write(III_Result result) {
            result.r1 = number(queue.write(Rig.bytes(FOUR)));
        }

        @Actor
        public void close() {
            queue.close();
        }

        @Arbiter
        public void look(III_Result result) {
            count(queue, result);
        }
    }

    /** Accepted?, pending, unwritten. */
    @JCStressTest
    @Outcome(id = "1, 4, 0", expect = ACCEPTABLE, desc = "accepted before the end of the input, and still pending")
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "refused after it")
    @State
    public static class WriteAndEndOfInput {

        private final WriteQueue queue = Rig.deadQueue();

        @Actor
        public void write(III_Result result) {
            result.r1 = number(queue.write(Rig.bytes(FOUR)));
        }

        @Actor
        public void close() {
            queue.closeAfterPending();
        }

        @Arbiter
        public void look(III_Result result) {
            count(queue, result);
        }
    }

    /** Accepted?, pending, unwritten. */
    @JCStressTest
    @Outcome(id = "1, 4, 0", expect = ACCEPTABLE, desc = "written after the discard")
    @Outcome(id = "1, 0, 4", expect = ACCEPTABLE, desc = "discarded, and counted")
    @State
    public static class WriteAndDiscard {

        private final WriteQueue queue = Rig.deadQueue();

        @Actor
        public void write(III_Result result) {
            result.r1 = number(queue.write(Rig.bytes(FOUR)));
        }

        @Actor
        public void discard() {
            queue.discard();
        }

        @Arbiter
        public void look(III_Result result) {
            count(queue, result);
        }
    }

    /** Pending, unwritten: two closes of any kind count the pending bytes once. */
    @JCStressTest
    @Outcome(id = "0, 4", expect = ACCEPTABLE, desc = "counted once")
    @State
    public static class CloseAndTerminalsEnd {

        private final WriteQueue queue = Rig.deadQueue();

        public CloseAndTerminalsEnd() {
            queue.write(Rig.bytes(FOUR));
        }

        @Actor
        public void close() {
            queue.close();
        }

        @Actor
        public void end() {
            queue.closed();
        }

        @Arbiter
        public void look(II_Result result) {
            result.r1 = (int) queue.pendingBytes();
            result.r2 = (int) queue.unwrittenBytes();
        }
    }

    /** How often the listener is notified that the side is lost. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "notified once, on the loop's thread")
    @State
    public static class LostOnce {

        private final AtomicInteger told = new AtomicInteger();
        private final AtomicInteger elsewhere = new AtomicInteger();
        private final WriteQueue queue = Rig.deadQueue(new Rig.Deaf() {
            @Override
            public void changed() {
                Rig.LOOP.post(LostOnce.this::tell);
            }
        });

        private void tell() {
            if (queue.isLossDue()) {
                queue.lossTold();
                told.incrementAndGet();
                if (!Rig.LOOP.isCurrent()) {
                    elsewhere.incrementAndGet();
                }
            }
        }

        @Actor
        public void close() {
            queue.close();
        }

        @Actor
        public void end() {
            queue.closed();
        }

        @Arbiter
        public void look(II_Result result) {
            CountDownLatch after = new CountDownLatch(1);
            Rig.LOOP.post(after::countDown);
            Rig.await(after);
            result.r1 = told.get();
            result.r2 = elsewhere.get();
        }
    }

    /** The bytes that the program reads of two writes to a real terminal. */
    @JCStressTest
    @Outcome(id = "aabb", expect = ACCEPTABLE, desc = "one after the other")
    @Outcome(id = "bbaa", expect = ACCEPTABLE, desc = "one after the other")
    @State
    public static class TwoWrites {

        private final Ptmx ptmx = Ptmx.open().value();
        private final WriteQueue queue = Rig.queue(new PtmxChannel(Rig.LOOP, ptmx), new Rig.Deaf());

        public TwoWrites() {
            Termios cooked = Termios.COOKED;
            ptmx.setAttributes(new Termios(0, 0, cooked.control(), 0, cooked.controlCharacters()));
        }

        @Actor
        public void first() {
            queue.write(Rig.bytes("aa"));
        }

        @Actor
        public void second() {
            queue.write(Rig.bytes("bb"));
        }

        @Arbiter
        public void look(L_Result result) {
            byte[] heard = new byte[8];
            try (Descriptor pts = ptmx.openOwnPts().value()) {
                int count = 0;
                while (count < 4) {
                    count += Math.max(pts.read(heard, count, heard.length - count), 0); // the kernel may still be moving the bytes
                }
                result.r1 = new String(heard, 0, count, StandardCharsets.US_ASCII);
            }
            ptmx.close();
        }
    }
}
