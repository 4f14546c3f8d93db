package dev.panpty;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** A real child that is closed, exits and is signalled at the same time, while the loop reaps it. Results not listed fail. */
public class ProcessRaces {

    private static final int DELIVERED = 0;
    private static final int EXITED = 1;
    private static final int OTHER = 2;
    private static final long LIMIT_SECONDS = 20;

    private static PtyProcess cat(ProcessProtocol protocol) {
        try {
            return new PtyProcessBuilder("cat").attributes(TerminalAttributes.raw()).closeGrace(Duration.ZERO).start(protocol);
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    private static int signal(PtyProcess process) {
        try {
            process.signal(Signal.WINCH);
            return DELIVERED;
        } catch (ProcessExitedException exited) {
            return EXITED;
        } catch (IOException other) {
            return OTHER;
        }
    }

    /** Signals until a signal is refused, so that the reap certainly comes in between; returns the refusal. */
    private static int signalToTheEnd(PtyProcess process) {
        int answer = signal(process);
        while (answer == DELIVERED) {
            answer = signal(process);
        }
        return answer;
    }

    private static int exitValue(PtyProcess process) {
        try {
            return process.onEnd().get(LIMIT_SECONDS, TimeUnit.SECONDS).exitValue();
        } catch (Exception stuck) {
            throw new AssertionError(stuck);
        }
    }

    /** The last signal, one more, the exit. */
    @JCStressTest
    @Outcome(id = "1, 1, 137", expect = ACCEPTABLE, desc = "delivered until the exit, refused from then on")
    @State
    public static class SignalAndExit {

        private final PtyProcess process = cat(new ProcessProtocol() {});

        @Actor
        public void signal(III_Result result) {
            result.r1 = signalToTheEnd(process);
            result.r2 = ProcessRaces.signal(process);
        }

        @Actor
        public void exit() {
            process.destroyForcibly();
        }

        @Arbiter
        public void look(III_Result result) {
            result.r3 = exitValue(process);
        }
    }

    /** The last signal, one more, the exit. */
    @JCStressTest
    @Outcome(id = "1, 1, 129", expect = ACCEPTABLE, desc = "ended by the first signal of the close")
    @Outcome(id = "1, 1, 143", expect = ACCEPTABLE, desc = "ended by the second, which came before it ran")
    @Outcome(id = "1, 1, 137", expect = ACCEPTABLE, desc = "ended by the third, which came before it ran")
    @State
    public static class SignalAndClose {

        private final PtyProcess process = cat(new ProcessProtocol() {});

        @Actor
        public void signal(III_Result result) {
            result.r1 = signalToTheEnd(process);
            result.r2 = ProcessRaces.signal(process);
        }

        @Actor
        public void close() {
            process.close();
        }

        @Arbiter
        public void look(III_Result result) {
            result.r3 = exitValue(process);
        }
    }

    /** The last signal; then the number of processExited and processEnded calls. */
    @JCStressTest
    @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "refused once it has exited; exit and end notified once each")
    @State
    public static class SignalAndExitAndClose {

        private final Counting counting = new Counting();
        private final PtyProcess process = cat(counting);

        @Actor
        public void signal(III_Result result) {
            result.r1 = signalToTheEnd(process);
        }

        @Actor
        public void exit() {
            process.destroyForcibly();
        }

        @Actor
        public void close() {
            process.close();
        }

        @Arbiter
        public void look(III_Result result) {
            exitValue(process);
            result.r2 = counting.exits;
            result.r3 = counting.ends;
        }
    }

    /** Accepted?, pending and unwritten at the end. */
    @JCStressTest
    @Outcome(id = "[01], 0, [04]", expect = ACCEPTABLE, desc = "written, unwritten or refused")
    @State
    public static class WriteAndHangUp {

        private final PtyProcess process = cat(new ProcessProtocol() {});

        @Actor
        public void write(III_Result result) {
            try {
                process.write(new byte[4]);
                result.r1 = 1;
            } catch (IllegalStateException refused) {
                result.r1 = 0;
            }
        }

        @Actor
        public void hangUp() {
            process.hangUp();
        }

        @Arbiter
        public void look(III_Result result) {
            exitValue(process);
            result.r2 = (int) process.pendingBytes();
            result.r3 = (int) process.unwrittenBytes();
        }
    }

    /** The number of processExited and processEnded calls. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "once each")
    @State
    public static class ExitAndClose {

        private final Counting counting = new Counting();
        private final PtyProcess process = cat(counting);

        @Actor
        public void exit() {
            process.destroyForcibly();
        }

        @Actor
        public void close() {
            process.close();
        }

        @Arbiter
        public void look(II_Result result) {
            exitValue(process);
            result.r1 = counting.exits;
            result.r2 = counting.ends;
        }
    }

    private static final class Counting implements ProcessProtocol {

        private volatile int exits; // written by the reactor's thread
        private volatile int ends;

        @Override
        public void processExited(ExitStatus status) {
            exits++;
        }

        @Override
        public void processEnded(ExitStatus status) {
            ends++;
        }
    }
}
