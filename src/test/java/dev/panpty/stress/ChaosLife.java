package dev.panpty.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.ExitStatus;
import dev.panpty.ProcessExitedException;
import dev.panpty.ProcessFlow;
import dev.panpty.ProcessTransport;
import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.Reactor;
import dev.panpty.Signal;
import dev.panpty.SpawnStrategy;
import dev.panpty.StandardError;
import dev.panpty.TerminalAttributes.LocalFlag;
import dev.panpty.TerminalAttributes;
import dev.panpty.testing.Await;
import dev.panpty.testing.Chatter.Transcript;
import dev.panpty.testing.Chatter;
import dev.panpty.testing.ChatterListeners;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The life of one {@link Chatter} child from its start to its end. A random number generator chooses how it is started and read, the
 * actions on it, and what ends it. At the end all its output is accounted for.
 *
 * <p>The caller's thread acts; separate threads read and write the streams, which block.
 */
final class ChaosLife {

    private static final Duration GRACE = Duration.ofMillis(300);
    private static final Set<ExitStatus> ENDED_BY = Set.of(new ExitStatus.Exited(Chatter.HUNG_UP), new ExitStatus.Signaled(Signal.HUP, false),
            new ExitStatus.Signaled(Signal.TERM, false), new ExitStatus.Signaled(Signal.KILL, false));

    private final ChaosPlan plan;
    private final Random random;
    private final Transcript output;
    private final Transcript errors = new Transcript(false);
    private final List<Future<?>> helpers = new ArrayList<>();
    private Optional<Reactor> ownReactor = Optional.empty();
    private Optional<ChatterListeners.Protocol> protocol = Optional.empty();
    private Optional<ChatterListeners.Subscriber> subscriber = Optional.empty();
    private PtyProcess process;
    private ChaosChild child;
    private ChaosThreads beside;
    private ChaosActs acts;

    ChaosLife(long seed) {
        plan = new ChaosPlan(seed);
        random = plan.random;
        output = new Transcript(!plan.keySignals);
    }

    /** Runs the child to its end. */
    void run() throws Exception {
        try (ExecutorService threads = random.nextBoolean() ? Executors.newVirtualThreadPerTaskExecutor() : Executors.newCachedThreadPool()) {
            start();
            try {
                listen(threads);
                if (plan.keySignals) {
                    Await.until("it ignores them", output::hasBegun);
                }
                begin(threads);
                for (int left = random.nextInt(400); left > 0 && process.isAlive(); left--) {
                    child.unlessOver(acts::act);
                    LockSupport.parkNanos(random.nextLong(ChaosChild.MAX_PAUSE_NANOS));
                }
                bringToEnd();
                process.onEnd().get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
                for (Future<?> helper : helpers) {
                    helper.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
                }
                check();
            } finally {
                process.close();
                ownReactor.ifPresent(Reactor::close);
            }
        } catch (Exception | AssertionError failed) {
            throw new AssertionError(this + ": " + failed.getMessage(), failed);
        }
    }

    private void start() throws IOException {
        SpawnStrategy strategy = random.nextInt(20) == 0 ? SpawnStrategy.PLAIN_FORK
                : plan.pick(new SpawnStrategy[] {SpawnStrategy.POSIX_SPAWN, SpawnStrategy.FORK_EXEC});
        PtyProcessBuilder builder = Chatter.builder(random.nextInt(Integer.MAX_VALUE), random.nextInt(4000), plan.exitCode, plan.flags)
                .attributes(TerminalAttributes.raw().with(LocalFlag.ISIG, plan.keySignals))
                .spawnStrategy(strategy)
                .stderr(plan.flags.contains("e") ? StandardError.PIPE : StandardError.TERMINAL)
                .endAtExit(random.nextInt(4) == 0)
                .closeGrace(GRACE)
                .loseConnectionLimit(GRACE);
        if (plan.hasStreams()) {
            process = builder.start();
        } else {
            startWithEvents(builder);
        }
        child = new ChaosChild(process);
        beside = new ChaosThreads(child, plan.interruptsWriter);
        acts = new ChaosActs(plan, child, beside, subscriber);
    }

    private void startWithEvents(PtyProcessBuilder builder) throws IOException {
        ownReactor = plan.end == ChaosPlan.End.CLOSE_REACTOR || random.nextInt(10) == 0 ? Optional.of(Reactor.open()) : Optional.empty();
        Reactor reactor = ownReactor.isPresent() ? ownReactor.get() : Reactor.shared();
        if (plan.style == ChaosPlan.Style.PROTOCOL) {
            ChatterListeners.Protocol ears = new ChatterListeners.Protocol(output, errors);
            protocol = Optional.of(ears);
            process = builder.start(reactor, ears);
        } else {
            ProcessFlow flow = new ProcessFlow();
            process = builder.start(reactor, flow);
            ChatterListeners.Subscriber ears = new ChatterListeners.Subscriber(output);
            subscriber = Optional.of(ears);
            flow.output().subscribe(ears);
        }
    }

    private void listen(ExecutorService threads) {
        if (plan.hasStreams()) {
            helpers.add(threads.submit(() -> beside.listenToOutput(output)));
            helpers.add(threads.submit(() -> beside.listenToErrors(errors)));
        }
    }

    private void begin(ExecutorService threads) {
        int number = ChaosChild.OWN_WRITER + 1;
        long seed = random.nextLong();
        if (!plan.hasStreams()) {
            helpers.add(threads.submit(() -> beside.send(number, new Random(seed))));
            return;
        }
        helpers.add(threads.submit(() -> beside.talk(ChaosChild.OWN_WRITER, new Random(seed))));
        if (!plan.interruptsWriter) {
            helpers.add(threads.submit(() -> beside.talk(number, new Random(seed + 1))));
        }
    }

    private void bringToEnd() throws Exception {
        if (plan.end != ChaosPlan.End.CLOSE && plan.end != ChaosPlan.End.HANG_UP && plan.end != ChaosPlan.End.LOSE) {
            child.unlessOver(process::resumeOutput); // a holder that ignores SIGHUP would stay blocked
        }
        child.ending = plan.end != ChaosPlan.End.EXIT && plan.end != ChaosPlan.End.QUIT;
        switch (plan.end) {
            case EXIT, QUIT -> letExit();
            case KILL -> process.destroyForcibly();
            case TERM -> {
                process.destroy();
                child.unlessOver(child::goOn);
                if (plan.flags.contains("t")) {
                    process.destroyForcibly();
                }
            }
            case CLOSE -> process.close();
            case CLOSE_BY_MANY -> closeByMany();
            case HANG_UP -> process.hangUp();
            case ABORT -> process.abortConnection();
            case LOSE -> process.loseConnection();
            case TERMINATE_SESSION -> assertEquals(List.of(), process.terminateSession(GRACE).survivors());
            case CLOSE_REACTOR -> ownReactor.orElseThrow().close();
        }
        if (!plan.hasStreams()) {
            acts.resume();
        }
    }

    private void letExit() throws Exception {
        child.unlessOver(() -> {
            child.goOn();
            if (!plan.hasStreams()) {
                acts.resume();
            }
            if (plan.end == ChaosPlan.End.QUIT && !child.inputClosed) {
                quit();
            }
        });
        process.waitFor(); // it exits by itself soon
        child.ending = true;
    }

    private void quit() throws Exception {
        byte[] bytes = plan.keySignals ? "\nQ\n".getBytes(StandardCharsets.US_ASCII) : Chatter.QUIT; // after the rest of a discarded line
        if (plan.hasStreams()) {
            process.getOutputStream().write(bytes);
        } else {
            process.write(bytes);
        }
    }

    private void closeByMany() throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (Runnable way : List.<Runnable>of(process::close, process::hangUp, process::destroy, process::close, process::abortConnection)) {
            threads.add(random.nextBoolean() ? Thread.startVirtualThread(way) : Thread.ofPlatform().start(way));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void check() throws Exception {
        assertEquals("", output.fault());
        assertEquals("", errors.fault());
        assertTrue(child.inputClosed || plan.keySignals || !output.isCut(), "only the end of the input was typed into a unit");
        protocol.ifPresent(ears -> assertNull(ears.thrown()));
        subscriber.ifPresent(ears -> assertNull(ears.thrown()));
        ExitStatus status = process.exitStatus().orElseThrow();
        if (plan.end == ChaosPlan.End.EXIT || plan.end == ChaosPlan.End.QUIT) {
            assertEquals(new ExitStatus.Exited(plan.exitCode), status);
            assertTrue(child.outputClosed || output.isComplete(), "all output has arrived");
            assertTrue(child.outputClosed || process.droppedBytes() == 0, "nothing was dropped");
        } else {
            boolean byItsErrors = plan.flags.contains("e") && status.equals(new ExitStatus.Signaled(Signal.PIPE, false));
            assertTrue(ENDED_BY.contains(status) || byItsErrors || status.equals(new ExitStatus.Exited(plan.exitCode)), status::toString);
        }
        assertEquals(status.exitValue(), process.waitFor());
        assertFalse(process.isAlive());
        assertEquals(0, process.pendingBytes());
        assertEquals(ProcessTransport.State.DISCONNECTED, process.state());
        assertThrows(ProcessExitedException.class, () -> process.signal(Signal.CONT));
        if (plan.hasStreams()) {
            assertThrows(IOException.class, () -> process.getOutputStream().write(0));
        } else {
            assertThrows(IllegalStateException.class, () -> process.write(new byte[1]));
        }
    }

    @Override
    public String toString() {
        return plan + ", output " + output + ", " + child;
    }
}
