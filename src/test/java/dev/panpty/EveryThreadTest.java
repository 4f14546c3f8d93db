package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.Chatter.Transcript;
import dev.panpty.testing.Chatter;
import dev.panpty.testing.ChatterListeners;
import dev.panpty.testing.Crowd;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.LoggedErrors;
import dev.panpty.testing.ProcessCalls.Call;
import dev.panpty.testing.ProcessCalls.Caller;
import dev.panpty.testing.ProcessCalls;
import dev.panpty.testing.Programs;
import dev.panpty.testing.Seed;
import dev.panpty.testing.Way;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Every method of a process, called from many threads at once, platform and virtual, while it runs, while it exits and while it is
 * closed. {@link EveryMethodTest} checks that no method is missing.
 */
@Timeout(60)
class EveryThreadTest {

    @RegisterExtension
    final Seed seed = new Seed();

    private static final int CALLERS = 8;
    private static final int TIMES = 2;
    private static final int ROUNDS_BEFORE_THE_END = 3;
    private static final int EXIT_CODE = 7;
    private static final Duration GRACE = Duration.ofMillis(300);

    private enum Style { STREAMS, EVENTS }

    @EachWay
    void allThreadsSeeTheSameExit() throws Exception {
        for (Scenario scenario : Scenario.several(seed)) {
            scenario.run(scenario::quit);
            assertEquals(new ExitStatus.Exited(EXIT_CODE), scenario.process.exitStatus().orElseThrow());
            assertTrue(scenario.output.isComplete(), scenario.output::toString);
        }
    }

    @EachWay
    void allThreadsReturnAndSeeTheSameHoweverTheProcessEnds() throws Exception {
        for (Scenario scenario : Scenario.several(seed)) {
            scenario.run(scenario::endInEveryWay);
        }
    }

    /** One process from its start to its end, and all its callers. */
    private static final class Scenario {

        private final Style style;
        private final long seed;
        private final Transcript output = new Transcript(true);
        private final Queue<String> faults = new ConcurrentLinkedQueue<>();
        private final Set<Object> exitValues = ConcurrentHashMap.newKeySet();
        private final List<Caller> callers = new ArrayList<>();
        private final List<Thread> threads = new ArrayList<>();
        private final CountDownLatch warm = new CountDownLatch(CALLERS);
        private final CountDownLatch over = new CountDownLatch(1);
        private final CountDownLatch heard = new CountDownLatch(1);
        private volatile boolean ending;
        private boolean drained; // another reader may have taken some of the output
        private PtyProcess process;

        private Scenario(Style style, long seed) {
            this.style = style;
            this.seed = seed;
        }

        /** Some of each style. */
        static List<Scenario> several(Seed seed) {
            int times = Math.max(1, Way.times(TIMES));
            return Stream.of(Style.values()).flatMap(style -> LongStream.range(0, times).mapToObj(i -> new Scenario(style, seed.value() + i))).toList();
        }

        void run(Leaks.Body end) throws Exception {
            try (LoggedErrors logged = new LoggedErrors()) {
                Leaks.none(() -> {
                    start();
                    try {
                        callFromAllSides();
                        assertTrue(warm.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS), () -> "not warm: " + stuck());
                        ending = true;
                        end.run();
                        process.onEnd().get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
                        // in stream style the rest may still be in memory, and close() would drop it
                        assertTrue(heard.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS), () -> "output not complete: " + stuck());
                    } finally {
                        process.close();
                        over.countDown();
                    }
                    for (Thread thread : threads) {
                        assertTrue(thread.join(Await.DEADLINE), () -> "hangs: " + stuck());
                    }
                });
                assertEquals(List.of(), logged.errors());
            }
            assertEquals(List.of(), List.copyOf(faults));
            assertEquals(Set.of(process.exitValue()), exitValues);
            if (!drained) {
                assertEquals("", output.fault());
            }
            for (Caller caller : callers) {
                assertTrue(output.units(caller.number()) <= caller.units(), "no refused unit is repeated");
            }
        }

        private List<String> stuck() {
            return threads.stream().filter(Thread::isAlive).map(thread -> thread + " " + List.of(thread.getStackTrace())).toList();
        }

        private void start() throws IOException {
            PtyProcessBuilder builder = Chatter.builder((int) seed, Await.DEADLINE.toMillis(), EXIT_CODE, "")
                    .closeGrace(GRACE)
                    .loseConnectionLimit(GRACE);
            process = style == Style.STREAMS ? builder.start()
                    : builder.start(new ChatterListeners.Protocol(output, new Transcript(false)));
        }

        private void callFromAllSides() {
            if (style == Style.STREAMS) {
                begin(this::listen);
            } else {
                heard.countDown(); // the protocol's data comes before the end
            }
            ProcessCalls.waiting().forEach((signature, call) -> {
                for (int i = 0; i < 2; i++) {
                    begin(() -> {
                        Object answer = attempt(signature, call, new Caller(CALLERS, new Random(0)));
                        if (answer instanceof Integer value) {
                            exitValues.add(value);
                        }
                        if (answer instanceof PtyProcess ended && (ended != process || ended.isAlive())) {
                            faults.add(signature + " gave " + answer);
                        }
                    });
                }
            });
            for (int i = 0; i < CALLERS; i++) {
                Caller caller = new Caller(i, new Random(seed + i));
                callers.add(caller);
                begin(() -> callUntilOver(caller));
            }
        }

        /** Platform and virtual threads in turn. */
        private void begin(Runnable work) {
            threads.add(threads.size() % 2 == 0 ? Thread.ofPlatform().start(work) : Thread.startVirtualThread(work));
        }

        private void listen() {
            byte[] buffer = new byte[10_000];
            try (InputStream stream = process.getInputStream()) {
                for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
                    output.accept(ByteBuffer.wrap(buffer, 0, count));
                }
            } catch (IOException failed) {
                if (!failed.getMessage().startsWith("output cut")) {
                    faults.add("reading: " + failed);
                }
            } finally {
                heard.countDown();
            }
        }

        /** And once more after the end. */
        private void callUntilOver(Caller caller) {
            Map<String, Call> calls = new LinkedHashMap<>(ProcessCalls.harmless());
            calls.putAll(ProcessCalls.whileItLasts());
            calls.putAll(ProcessCalls.ofStreams());
            calls.putAll(ProcessCalls.ofEvents());
            List<String> signatures = new ArrayList<>(calls.keySet());
            boolean last = false;
            for (int round = 1; !last; round++) {
                last = over.getCount() == 0;
                Collections.shuffle(signatures, caller.random());
                for (String signature : signatures) {
                    attempt(signature, calls.get(signature), caller);
                }
                process.exitStatus().map(ExitStatus::exitValue).ifPresent(exitValues::add);
                if (round == ROUNDS_BEFORE_THE_END) {
                    warm.countDown();
                }
                Thread.yield(); // a virtual thread that never waits keeps its carrier from the thread that notifies of the end
            }
        }

        /** The result of the call; an exception that it may not throw is a fault. */
        private Object attempt(String signature, Call call, Caller caller) {
            boolean wrongStyle = style == Style.STREAMS
                    ? ProcessCalls.ofEvents().containsKey(signature) || ProcessCalls.endingOfEvents().containsKey(signature)
                    : isOfStreams(signature);
            try {
                Object answer = call.on(process, caller);
                if (wrongStyle) {
                    faults.add(signature + " is not refused");
                }
                return answer;
            } catch (Throwable thrown) {
                boolean now = wrongStyle || ending || ProcessCalls.mayBeRefused(signature);
                if (!now || !refusal(signature).isInstance(thrown)) {
                    faults.add(signature + (ending ? " at the end: " : " while it runs: ") + thrown + " at " + thrown.getStackTrace()[0]);
                }
                return "refused";
            }
        }

        private Class<? extends Exception> refusal(String signature) {
            if (signature.equals("exitValue()")) {
                return IllegalThreadStateException.class;
            }
            boolean byState = signature.equals("fileno()") || ProcessCalls.ofEvents().containsKey(signature)
                    || ProcessCalls.endingOfEvents().containsKey(signature);
            boolean byStyle = style == Style.EVENTS && isOfStreams(signature);
            return byState || byStyle ? IllegalStateException.class : IOException.class;
        }

        private static boolean isOfStreams(String signature) {
            return ProcessCalls.ofStreams().containsKey(signature) || ProcessCalls.endingOfStreams().containsKey(signature);
        }

        private void quit() throws IOException {
            if (style == Style.STREAMS) {
                process.getOutputStream().write(Chatter.QUIT);
            } else {
                process.write(Chatter.QUIT);
            }
        }

        private void endInEveryWay() throws Exception {
            Map<String, Call> calls = new LinkedHashMap<>(ProcessCalls.ending());
            calls.putAll(ProcessCalls.endingOfEvents());
            if (seed % 2 == 0) {
                calls.putAll(ProcessCalls.endingOfStreams());
                drained = style == Style.STREAMS;
            }
            List<String> signatures = new ArrayList<>(calls.keySet());
            signatures.addAll(calls.keySet()); // each twice
            Collections.shuffle(signatures, new Random(seed));
            Crowd.run(signatures.size(), (number, count) -> {
                attempt(signatures.get(number), calls.get(signatures.get(number)), new Caller(CALLERS, new Random(seed + number)));
                return false;
            });
        }
    }

    @EachWay
    void eachByteGoesToOneOfManyReaders() throws Exception {
        int bytes = 300_000;
        Leaks.none(() -> {
            try (PtyProcess process = Programs.rawAndThen("head -c " + bytes + " /dev/zero")) {
                AtomicInteger heard = new AtomicInteger();
                Crowd.run(CALLERS, (number, count) -> {
                    int read = process.getInputStream().read(new byte[1 + (number * 31 + count) % 3000]);
                    heard.addAndGet(Math.max(read, 0));
                    return read >= 0;
                });
                assertEquals(bytes, heard.get());
                assertEquals(0, process.waitFor());
            }
        });
    }
}
