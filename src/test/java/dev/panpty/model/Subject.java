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
 * A program under test, that obeys ({@code obey.c}), beside what is believed of it. After each step all that must have arrived is
 * waited for, so that the next begins from a state that is known.
 */
final class Subject {

    /** What it may owe while nobody reads it: less than any terminal holds. */
    static final int SMALL_BYTES = 500;

    final PtyProcess process;
    final Options options;
    final Reactor reactor;
    final Belief belief;
    final Ears ears;
    final ProducerLog producers = new ProducerLog();
    /** Somebody has subscribed the input of its flow. */
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

    /** Makes the call, which must be refused so, or must not be refused. */
    void expect(Where where, Optional<Class<? extends Exception>> refusal, Executable call) throws Exception {
        call(where, () -> {
            if (refusal.isPresent()) {
                Exception refused = assertThrows(refusal.get(), call, this::toString);
                assertTrue(refused.getMessage() != null && !refused.getMessage().isBlank(), () -> "says nothing: " + refused);
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

    /** A refusal, if it is one. */
    static Optional<Class<? extends Exception>> only(boolean refused, Class<? extends Exception> type) {
        return refused ? Optional.of(type) : Optional.empty();
    }

    int outstanding() {
        return belief.output.size() + belief.errors.size() - arrived();
    }

    private int arrived() {
        return ears.output().length + ears.errors().length + (int) process.droppedBytes();
    }

    /** Waits until all has arrived that must have, and compares. */
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

    /** What has arrived must be what was to come, though it may be less. */
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

    /** What the program answers to what it was told; to be called after it was. */
    void answered(String answer) throws Exception {
        if (belief.deaf()) {
            belief.owed.add(answer);
        } else {
            belief.answers(answer);
            settle();
            belief.unheard = answer.isEmpty() || belief.unheard && !belief.attends();
        }
    }

    /** Whether it has read all that was typed; it is asked if that can be known. */
    boolean hasHeard() throws Exception {
        if (belief.unheard) {
            TalkSteps.askForSize(this, Where.PLATFORM, 0);
        }
        return !belief.unheard && belief.owed.isEmpty() && (outstanding() <= 0 || !belief.terminalOpen());
    }

    /** The program has been sent a signal that it may be sent: what follows from it. */
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

    /** Whether the signal can be sent such that what follows is known. */
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

    /** To be called before it is ended: what it was about to write may be lost where nobody reads it. */
    void beforeDeath() throws Exception {
        if (belief.attends()) {
            settle();
        } else if (outstanding() > 0) {
            belief.loose = true;
        }
        if (belief.paused) {
            process.resumeProducing(); // else its end would depend on what is there
            belief.paused = false;
            settle();
        }
    }

    /** It must have exited, or be about to. */
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

    /** Ends once nobody has the terminal, and nothing is left to deliver. */
    void endIfDue() throws Exception {
        boolean free = belief.hungUp || !belief.held || options.endAtExit();
        boolean undelivered = !belief.hungUp && belief.paused && !belief.flows() && outstanding() > 0; // what is there at a hang-up is dropped
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

    /** The terminal is about to be closed by us: what becomes of the program. */
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
        belief.stopped = false; // the kernel sends SIGCONT behind SIGHUP
        if (belief.effect(Belief.HUP) == Belief.Effect.DEATH) {
            died(new ExitStatus.Signaled(Signal.HUP, false));
            return;
        }
        boolean speaks = belief.caught.contains(Belief.HUP) || belief.caught.contains(Belief.CONT);
        if (!belief.detached && (!belief.sleeping || speaks)) {
            died(new ExitStatus.Exited(9));
        }
    }

    /** What must hold at any time. */
    void check() {
        assertEquals(belief.alive(), process.isAlive(), this::toString);
        assertEquals(belief.exit, process.exitStatus(), this::toString);
        assertEquals(belief.terminalOpen() ? State.CONNECTED : State.DISCONNECTED, process.state(), this::toString);
        assertTrue(!belief.alive() || atExit.stream().noneMatch(Future::isDone), this::toString);
        assertTrue(belief.ended || atEnd.stream().noneMatch(Future::isDone), this::toString);
        producers.check();
    }

    /** Brings it to its end, whatever it is in. */
    void close(Where where) throws Exception {
        ExitStatus ending = belief.ending();
        run(where, process::close);
        wasClosed(ending);
    }

    /** It was closed, by itself or with its reactor. */
    void wasClosed(ExitStatus ending) throws Exception {
        belief.loose = true; // its last words went unread
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
