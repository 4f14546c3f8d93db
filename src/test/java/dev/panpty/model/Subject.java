package dev.panpty.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.ExitStatus;
import dev.panpty.ProcessTransport.State;
import dev.panpty.PtyProcess;
import dev.panpty.Reactor;
import dev.panpty.Signal;
import dev.panpty.testing.Await;
import dev.panpty.testing.Children;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.function.Executable;

/**
 * A program under test ({@code obey.c}) and its model. After each step it waits for all output that must arrive, so that the next step
 * begins in a known state.
 */
final class Subject {

    /** The most bytes that it may owe while its output is not read: less than any terminal holds. */
    static final int SMALL_BYTES = 500;

    final PtyProcess process;
    final Options options;
    final Reactor reactor;
    final Belief belief;
    final Ears ears;
    final ProducerLog producers = new ProducerLog();
    /** Whether a publisher has subscribed the input of its flow. */
    boolean published;
    /** Futures that must be completed when it has exited, and when it has ended. */
    final List<Future<?>> atExit = new ArrayList<>();
    final List<Future<?>> atEnd = new ArrayList<>();

    Subject(PtyProcess process, Options options, Reactor reactor, Ears ears) {
        this.process = process;
        this.options = options;
        this.reactor = reactor;
        this.ears = ears;
        belief = new Belief(options);
    }

    boolean hasEvents() {
        return options.style().hasEvents();
    }

    <T> T call(Where where, Callable<T> call) throws Exception {
        return where.call(reactor, call);
    }

    void run(Where where, Executable call) throws Exception {
        expect(where, Optional.empty(), call);
    }

    /** Makes the call, which must throw this refusal, or none. */
    void expect(Where where, Optional<Class<? extends Exception>> refusal, Executable call) throws Exception {
        call(where, () -> {
            if (refusal.isPresent()) {
                Exception refused = assertThrows(refusal.get(), call, this::toString);
                assertTrue(refused.getMessage() != null && !refused.getMessage().isBlank(), () -> "message missing: " + refused);
            } else {
                try {
                    call.execute();
                } catch (Exception | Error failed) {
                    throw failed;
                } catch (Throwable failed) {
                    throw new AssertionError(failed);
                }
            }
            return null;
        });
    }

    /** The refusal, if the call must be refused. */
    static Optional<Class<? extends Exception>> only(boolean refused, Class<? extends Exception> type) {
        return refused ? Optional.of(type) : Optional.empty();
    }

    int outstanding() {
        return belief.output.size() + belief.errors.size() - arrived();
    }

    private int arrived() {
        return ears.output().length + ears.errors().length + (int) process.droppedBytes();
    }

    /** Waits for all output that must arrive, and compares it. */
    void settle() throws Exception {
        if (!belief.flows() || belief.hungUp || belief.loose && !belief.ended) {
            return;
        }
        Where.PLATFORM.call(reactor, () -> {
            ears.listen(process, belief.outputClosed ? 0 : belief.output.size(), belief.errorsClosed ? 0 : belief.errors.size());
            return null;
        });
        if (!belief.loose) {
            Await.until("all output of " + this, () -> outstanding() <= 0);
        }
        compare();
    }

    /** The output that has arrived must be a prefix of the expected output. */
    void compare() {
        assertBegins(belief.output.toByteArray(), ears.output(), "output");
        assertBegins(belief.errors.toByteArray(), ears.errors(), "standard error");
    }

    private void assertBegins(byte[] expected, byte[] actual, String what) {
        int comparable = belief.loose ? Math.min(expected.length, actual.length) : actual.length;
        if (!Arrays.equals(expected, 0, Math.min(comparable, expected.length), actual, 0, comparable)) {
            int at = Math.max(0, Arrays.mismatch(expected, actual) - 40);
            assertEquals(tail(expected, at), tail(actual, at), () -> what + " of " + this + " from " + at);
        }
    }

    private static String tail(byte[] bytes, int from) {
        return new String(Arrays.copyOfRange(bytes, Math.min(from, bytes.length), Math.min(from + 200, bytes.length)),
                StandardCharsets.ISO_8859_1);
    }

    /** Records the program's answer to a command; to be called after the command was typed. */
    void answered(String answer) throws Exception {
        if (belief.deaf()) {
            belief.owed.add(answer);
        } else {
            belief.answers(answer);
            settle();
            belief.unheard = answer.isEmpty() || belief.unheard && !belief.attends();
        }
    }

    /** Whether it has read all input; sends it a query if it can answer. */
    boolean hasHeard() throws Exception {
        if (belief.unheard) {
            TalkSteps.askForSize(this, Where.PLATFORM, 0);
        }
        return !belief.unheard && belief.owed.isEmpty() && (outstanding() <= 0 || !belief.terminalOpen());
    }

    /** Updates the model after a signal that {@link #maySignal} allows. */
    void signalled(int signal) throws Exception {
        switch (belief.effect(signal)) {
            case NOTHING -> { }
            case DEATH -> died(new ExitStatus.Signaled(new Signal(signal), false));
            case STOP -> {
                belief.stopped = true;
                awaitState("T");
            }
            case CONTINUE -> {
                belief.stopped = false;
                if (belief.caught.contains(signal)) {
                    belief.answers("(" + signal + ")");
                }
                belief.payUp();
                settle();
            }
            case REPORT -> reported(signal);
        }
    }

    private void awaitState(String state) throws Exception {
        Await.until(this + " is in state " + state, () -> Children.fields(process.pid())[0].equals(state));
    }

    private void reported(int signal) throws Exception {
        if (belief.sleeping && signal == Belief.USR2) {
            belief.sleeping = false;
            belief.answers("(Z)");
            belief.payUp();
        } else {
            belief.answers("(" + signal + ")");
        }
        settle();
    }

    /** Whether the effect of the signal would be known. */
    boolean maySignal(int signal) {
        return !belief.alive() || switch (belief.effect(signal)) {
            case NOTHING -> true;
            case STOP -> !belief.terminalOpen() || outstanding() <= 0;
            case CONTINUE -> belief.terminalOpen() && belief.flows()
                    && !(belief.caught.contains(signal) && (belief.detached || !belief.owed.isEmpty()));
            case REPORT -> belief.reports();
            case DEATH -> !belief.stopped || signal == Belief.KILL;
        };
    }

    /** To be called before the program is ended: output in flight may be lost if it is not read. */
    void beforeDeath() throws Exception {
        if (belief.attends()) {
            settle();
        } else if (outstanding() > 0) {
            belief.loose = true;
        }
        if (belief.paused) {
            process.resumeProducing(); // else its end would depend on unread output
            belief.paused = false;
            settle();
        }
    }

    /** Waits for the exit, which must come. */
    void died(ExitStatus expected) throws Exception {
        Await.until("exit of " + this, () -> !process.isAlive());
        ExitStatus status = process.exitStatus().orElseThrow();
        assertEquals(expected.exitValue(), status.exitValue(), this::toString);
        assertEquals(expected.getClass(), status.getClass(), this::toString);
        belief.exit = Optional.of(status);
        belief.stopped = false;
        belief.sleeping = false;
        belief.detached = false;
        belief.owed.clear();
        for (Future<?> future : atExit) {
            future.get(Where.LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        }
        endIfDue();
    }

    /** The process ends when no process holds the terminal and all output is delivered. */
    void endIfDue() throws Exception {
        boolean free = belief.hungUp || !belief.held || options.endAtExit();
        boolean undelivered = !belief.hungUp && belief.paused && !belief.flows() && outstanding() > 0; // a hang-up drops unread output
        if (belief.alive() || !free || undelivered || belief.ended) {
            return;
        }
        process.onEnd().get(Where.LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        for (Future<?> future : atEnd) {
            future.get(Where.LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        }
        belief.ended = true;
        belief.outputStopped = false;
        belief.paused = false;
        belief.inputClosed = true;
        assertEquals(State.DISCONNECTED, process.state(), this::toString);
        settle();
        producers.assertStopped();
    }

    /** Updates the model before we close the terminal. */
    void hungUp() throws Exception {
        Await.until("hang-up of " + this, () -> process.state() == State.DISCONNECTED);
        belief.hungUp = true;
        belief.loose = true;
        belief.inputClosed = true;
        producers.assertStopped();
        if (!belief.alive()) {
            endIfDue();
            return;
        }
        belief.stopped = false; // the kernel sends SIGCONT after SIGHUP
        if (belief.effect(Belief.HUP) == Belief.Effect.DEATH) {
            died(new ExitStatus.Signaled(Signal.HUP, false));
            return;
        }
        boolean speaks = belief.caught.contains(Belief.HUP) || belief.caught.contains(Belief.CONT);
        if (!belief.detached && (!belief.sleeping || speaks)) {
            died(new ExitStatus.Exited(9));
        }
    }

    /** Checks the invariants. */
    void check() {
        assertEquals(belief.alive(), process.isAlive(), this::toString);
        assertEquals(belief.exit, process.exitStatus(), this::toString);
        assertState();
        assertTrue(!belief.alive() || atExit.stream().noneMatch(Future::isDone), this::toString);
        assertTrue(belief.ended || atEnd.stream().noneMatch(Future::isDone), this::toString);
        producers.check();
    }

    private void assertState() {
        State state = process.state();
        if (!belief.terminalOpen()) {
            assertEquals(State.DISCONNECTED, state, this::toString);
        } else if (hasEvents() && belief.inputClosed) { // the VEOF may wait for room
            assertTrue(state == State.WRITE_DISCONNECTING || state == State.WRITE_DISCONNECTED, this::toString);
        } else {
            assertEquals(State.CONNECTED, state, this::toString);
        }
    }

    /** Ends the process in any state. */
    void close(Where where) throws Exception {
        ExitStatus ending = belief.ending();
        if (belief.alive()) {
            run(where, process::close);
        } else {
            run(where, () -> process.closeAsync().join());
        }
        wasClosed(ending);
    }

    /** The process was closed, alone or with its reactor. */
    void wasClosed(ExitStatus ending) throws Exception {
        belief.loose = true; // its last output was not read
        belief.hungUp = true;
        belief.inputClosed = true;
        if (belief.alive()) {
            died(ending);
        }
        endIfDue();
        assertEquals(State.DISCONNECTED, process.state(), this::toString);
        compare();
        if (ears instanceof Ears.Told told) {
            told.recorder().awaitEnd().assertOrderly();
            told.recorder().assertFlowCompleted();
        }
    }

    @Override
    public String toString() {
        return process + " on " + process.ptsName() + ", " + options + ", believed " + belief;
    }
}
