package dev.panpty.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.ExitStatus;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.Reactor;
import dev.panpty.SpawnException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;

/** The state of a chain: some programs, a reactor of our own, terminals without a program. */
final class World implements AutoCloseable {

    private final Map<Integer, Subject> subjects = new TreeMap<>();
    private final Map<Integer, Terminal> terminals = new TreeMap<>();
    private Optional<Reactor> reactor = Optional.empty();

    /** Slots for programs. Most steps use the first, so that several steps act on the same program. */
    static Arbitrary<Integer> slots() {
        return Arbitraries.frequency(Tuple.of(6, 0), Tuple.of(2, 1), Tuple.of(1, 2), Tuple.of(1, 3));
    }

    boolean hasAny() {
        return !subjects.isEmpty();
    }

    /** The program in that slot, or in the next slot that is taken. */
    Subject subject(int slot) {
        return subjects.getOrDefault(slot, List.copyOf(subjects.values()).get(slot % subjects.size()));
    }

    /** Whether the slot is free; removes a program that has ended. */
    private boolean vacated(int slot) throws Exception {
        if (subjects.containsKey(slot) && subjects.get(slot).belief.ended) {
            subjects.remove(slot).close(Where.PLATFORM);
        }
        return !subjects.containsKey(slot);
    }

    /** Starts a program if the slot is free. */
    void start(int slot, Options options) throws Exception {
        if (!vacated(slot)) {
            return;
        }
        Starting starting = new Starting(options, options.home() == Options.Home.ON_A_REACTOR ? ownReactor() : Reactor.shared());
        if (starting.mustFail()) {
            SpawnException failed = assertThrows(SpawnException.class, starting::start);
            assertEquals(SpawnException.Step.STRATEGY, failed.step(), failed::getMessage);
        } else {
            Subject subject = starting.start();
            subjects.put(slot, subject);
            starting.check(subject);
        }
    }

    /** By the short method, everything at its default. */
    void startPlainly(int slot) throws Exception {
        if (!vacated(slot)) {
            return;
        }
        Subject subject = Starting.plainly();
        subjects.put(slot, subject);
        subject.process.attributes(subject.belief.attributes);
        subject.settle();
    }

    private Reactor ownReactor() throws SpawnException {
        if (reactor.isEmpty()) {
            reactor = Optional.of(Reactor.open());
        }
        return reactor.get();
    }

    /** Posted work runs in order, scheduled work at its time, and cancelled work never. */
    void useReactor(boolean own, int number) throws Exception {
        Reactor used = own ? ownReactor() : Reactor.shared();
        List<String> done = new ArrayList<>();
        CountDownLatch all = new CountDownLatch(3);
        used.execute(() -> used.schedule(Duration.ZERO, () -> done.add("cancelled")).cancel()); // on the loop it cannot become due in between
        used.schedule(Duration.ofNanos(number - 500), all::countDown);
        used.schedule(Duration.ofMillis(30), all::countDown);
        used.execute(() -> done.add("first"));
        used.execute(() -> done.add("second"));
        used.execute(all::countDown);
        assertTrue(all.await(Where.LIMIT.toSeconds(), TimeUnit.SECONDS), "work is done");
        assertEquals(List.of("first", "second"), done);
        assertThrows(IllegalStateException.class, () -> Where.REACTOR.call(used, () -> {
            used.close();
            return null;
        }));
        assertThrows(IllegalStateException.class, () -> Reactor.shared().close());
    }

    /** Ends all processes of the reactor at the same time. */
    void closeReactor() throws Exception {
        if (reactor.isEmpty()) {
            return;
        }
        Reactor closing = reactor.get();
        reactor = Optional.empty();
        Map<Subject, ExitStatus> endings = new LinkedHashMap<>();
        subjects.values().stream().filter(subject -> subject.reactor == closing)
                .forEach(subject -> endings.put(subject, subject.belief.ending()));
        Where.PLATFORM.call(closing, () -> {
            closing.close();
            closing.close();
            return null;
        });
        for (Map.Entry<Subject, ExitStatus> ending : endings.entrySet()) {
            ending.getKey().wasClosed(ending.getValue());
        }
        assertThrows(RejectedExecutionException.class, () -> closing.execute(() -> { }));
        assertThrows(RejectedExecutionException.class, () -> closing.schedule(Duration.ZERO, () -> { }));
        assertThrows(IllegalStateException.class, () -> new PtyProcessBuilder("true").start(closing, new ModelRecorder(false)));
    }

    /** The terminal of that slot, opened if necessary. */
    Terminal terminal(int slot) throws Exception {
        if (!terminals.containsKey(slot)) {
            terminals.put(slot, new Terminal());
        }
        return terminals.get(slot);
    }

    void forgetTerminal(int slot) throws Exception {
        if (terminals.containsKey(slot)) {
            terminals.remove(slot).close();
        }
    }

    /** Checks the invariants of all programs. */
    void check() {
        subjects.values().forEach(Subject::check);
    }

    /** Closes everything, after a failed chain too. */
    @Override
    public void close() {
        subjects.values().forEach(subject -> subject.process.close());
        terminals.values().forEach(terminal -> terminal.pty.close());
        reactor.ifPresent(Reactor::close);
    }

    /** The end of a successful chain: closes everything, and compares it with the model. */
    void finish() throws Exception {
        for (int slot : List.copyOf(subjects.keySet())) {
            subjects.remove(slot).close(Where.PLATFORM);
        }
        for (int slot : List.copyOf(terminals.keySet())) {
            forgetTerminal(slot);
        }
        closeReactor();
    }

    @Override
    public String toString() {
        return subjects.toString();
    }
}
