package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.Libc;
import dev.panpty.testing.ProtocolRecorder;
import dev.panpty.testing.Seed;
import dev.panpty.testing.Way;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The callbacks of a protocol: their order, and that they are complete. */
class ProtocolOrderTest {

    @RegisterExtension
    final Seed seed = new Seed();

    private static final int AT_ONCE = 12;
    private static final int MEGABYTE = 1 << 20;
    private static final int O_NONBLOCK = 04000;
    private static final String UNTIL_THE_FILE_IS_THERE = "while kill -0 " + ProcessHandle.current().pid()
            + " 2>/dev/null && [ -d \"${0%/*}\" ] && [ ! -e \"$0\" ]; do sleep 0.01; done; ";

    @TempDir
    Path folder;

    private static PtyProcessBuilder sh(String script, Object... arguments) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", script));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new PtyProcessBuilder(command);
    }

    private static String lines(int last) {
        return IntStream.rangeClosed(1, last).mapToObj(i -> i + "\r\n").collect(Collectors.joining());
    }

    /** The protocol of one short program; it pauses and resumes at random. */
    private static final class Short extends ProtocolRecorder {

        private final Random random;
        private final Reactor reactor;
        private final Semaphore free;
        private final boolean pauses;
        private final boolean types;

        Short(long seed, Reactor reactor, Semaphore free) {
            random = new Random(seed);
            this.reactor = reactor;
            this.free = free;
            pauses = random.nextBoolean();
            types = random.nextInt(3) == 0;
        }

        @Override
        public void connectionMade(ProcessTransport transport) {
            super.connectionMade(transport);
            if (types) {
                transport.write(new byte[random.nextInt(3000)]); // NUL bytes: the echo is ^@
            }
            pauseForAWhile();
        }

        @Override
        public void outReceived(ByteBuffer data) {
            super.outReceived(data);
            pauseForAWhile();
        }

        private void pauseForAWhile() {
            if (pauses && random.nextInt(3) == 0) {
                transport().pauseProducing();
                reactor.schedule(Duration.ofNanos(random.nextInt(3_000_000)), () -> transport().resumeProducing());
            }
        }

        @Override
        public void processEnded(ExitStatus status) {
            super.processEnded(status);
            free.release();
        }
    }

    @ParameterizedTest
    @EnumSource(SpawnStrategy.class)
    @Timeout(120)
    void hundredsOfShortProgramsAreNotifiedInOrderAndCompletely(SpawnStrategy strategy) throws Exception {
        if (strategy == SpawnStrategy.POSIX_SPAWN) {
            Way.POSIX_SPAWN.need();
        }
        Random random = seed.random();
        Leaks.none(() -> {
            try (Reactor reactor = Reactor.open()) {
                Semaphore free = new Semaphore(AT_ONCE);
                // each fork copies the page tables of a big JVM
                int count = Boolean.getBoolean("panpty.stress") ? 1000 : strategy == SpawnStrategy.PLAIN_FORK ? 100 : 300;
                for (int i = 0; i < count; i++) {
                    oneShort(reactor, free, random.nextLong(), strategy);
                }
                assertTrue(free.tryAcquire(AT_ONCE, 30, TimeUnit.SECONDS), "some have not ended");
            }
            for (Check check : checks) {
                check.check();
            }
        });
    }

    private record Check(Short recorder, String expected, ExitStatus status, long seed) {

        void check() {
            try {
                recorder.assertOrderly();
                assertEquals(status, recorder.exit());
                assertEquals(expected, recorder.text().replaceAll("\\^@|\\^$", "")); // the end may cut an echo at any byte
            } catch (AssertionError wrong) {
                String text = recorder.text();
                throw new AssertionError("seed " + seed + ": " + recorder.events() + ", " + text.length() + " of " + expected.length()
                        + " bytes, the last: " + text.substring(Math.max(0, text.length() - 100)), wrong);
            }
        }
    }

    private final List<Check> checks = new ArrayList<>();

    private void oneShort(Reactor reactor, Semaphore free, long seed, SpawnStrategy strategy) throws Exception {
        assertTrue(free.tryAcquire(30, TimeUnit.SECONDS), "none ends");
        Random random = new Random(seed);
        Short recorder = new Short(seed, reactor, free);
        int last = random.nextInt(4) == 0 ? 3000 : random.nextInt(100);
        boolean dies = random.nextInt(3) == 0;
        int code = random.nextInt(256);
        PtyProcessBuilder builder = dies ? sh("seq 1 \"$0\"; kill -9 $$", last)
                : random.nextBoolean() ? sh("seq 1 \"$0\"; exit " + code, last) : new PtyProcessBuilder("seq", "1", "" + last);
        boolean plain = builder.command().get(0).equals("seq");
        ExitStatus status = dies ? new ExitStatus.Signaled(Signal.KILL, false) : new ExitStatus.Exited(plain ? 0 : code);
        builder.spawnStrategy(strategy).start(reactor, recorder);
        checks.add(new Check(recorder, lines(last), status, seed));
    }

    @Test
    void aBackgroundJobThatHoldsTheTerminalDelaysTheEndButNotTheExit() throws Exception {
        Path file = folder.resolve("go");
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = sh("trap '' HUP; (" + UNTIL_THE_FILE_IS_THERE + "echo later) & echo first; exit 5", file).start(recorder);
        recorder.awaitEvent("exited").awaitOutput("first\r\n");
        assertEquals(5, process.onExit().get(20, TimeUnit.SECONDS).exitValue());
        assertFalse(recorder.events().contains("out lost"));
        assertFalse(process.onEnd().isDone());
        Files.createFile(file);
        recorder.awaitEnd().assertOrderly();
        assertEquals("first\r\nlater\r\n", recorder.text());
    }

    @Test
    void withEndAtExitABackgroundJobDoesNotDelayTheEnd() throws Exception {
        Path file = folder.resolve("go");
        ProtocolRecorder recorder = new ProtocolRecorder();
        sh("trap '' HUP; (" + UNTIL_THE_FILE_IS_THERE + "echo later) & seq 1 500; exit 5", file).endAtExit(true).start(recorder);
        recorder.awaitEnd().assertOrderly();
        assertEquals(lines(500), recorder.text());
        assertEquals(new ExitStatus.Exited(5), recorder.exit());
        Files.createFile(file);
    }

    @EachWay
    void withEndAtExitAPausedProtocolEndsOnceAllOutputIsDelivered() throws Exception {
        Path file = folder.resolve("go");
        for (String words : List.of("", "last output")) {
            ProtocolRecorder recorder = new ProtocolRecorder() {
                @Override
                public void connectionMade(ProcessTransport newTransport) {
                    newTransport.pauseProducing();
                    super.connectionMade(newTransport);
                }
            };
            PtyProcess process = sh("trap '' HUP; (" + UNTIL_THE_FILE_IS_THERE + ":) & printf '" + words + "'; exit 5", file)
                    .endAtExit(true).start(recorder);
            recorder.awaitEvent("exited");
            if (!words.isEmpty()) {
                assertFalse(process.onEnd().isDone());
                process.resumeProducing();
            }
            recorder.awaitEnd().assertOrderly();
            assertEquals(words, recorder.text());
        }
        Files.createFile(file);
    }

    @EachWay
    void withEndAtExitTheLeadersLinesAreAllThereAndTheEndComesSoonBesideTwoFloods() throws Exception {
        for (int i = 0; i < 20; i++) {
            AtomicInteger heardAtExit = new AtomicInteger();
            ProtocolRecorder recorder = new ProtocolRecorder() {
                @Override
                public void processExited(ExitStatus status) {
                    heardAtExit.set(size());
                    super.processExited(status);
                }
            };
            sh("trap '' HUP; yes a & yes b & seq -f 'leader %g' 1 200; exit 6").endAtExit(true).start(recorder);
            recorder.awaitEnd().assertOrderly();
            assertEquals(new ExitStatus.Exited(6), recorder.exit());
            String leaders = recorder.text().lines().filter(line -> line.contains("leader")).collect(Collectors.joining("\n"));
            assertEquals(IntStream.rangeClosed(1, 200).mapToObj(n -> "leader " + n).collect(Collectors.joining("\n")), leaders,
                    () -> recorder.text().lines().filter(line -> line.length() > 1).limit(9).toList().toString());
            int afterwards = recorder.size() - heardAtExit.get();
            assertTrue(afterwards <= MEGABYTE, afterwards + " bytes of the floods after the exit");
        }
    }

    @EachWay
    void theProgramsDescriptorsAreBlocking() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        sh("cat /proc/self/fdinfo/0 /proc/self/fdinfo/1 /proc/self/fdinfo/2").start(recorder);
        recorder.awaitEnd().assertOrderly();
        List<String> flags = recorder.text().lines().filter(line -> line.startsWith("flags:")).toList();
        assertEquals(3, flags.size());
        for (String line : flags) {
            assertEquals(0, Integer.parseInt(line.substring(6).strip(), 8) & O_NONBLOCK, recorder::text);
        }
    }

    @Test
    void theTransportOfConnectionMadeIsTheReturnedObject() throws Exception {
        for (int i = 0; i < 200; i++) {
            ProtocolRecorder recorder = new ProtocolRecorder();
            PtyProcess process = new PtyProcessBuilder("true").start(recorder);
            recorder.awaitEnd().assertOrderly();
            assertSame(process, recorder.transport());
        }
    }

    @Test
    void theDataIsAReadOnlyViewWhoseLimitIsZeroAfterwards() throws Exception {
        AtomicReference<ByteBuffer> seen = new AtomicReference<>();
        AtomicReference<Boolean> direct = new AtomicReference<>();
        ProtocolRecorder recorder = new ProtocolRecorder() {
            @Override
            public void outReceived(ByteBuffer data) {
                assertTrue(data.isReadOnly());
                assertThrows(ReadOnlyBufferException.class, () -> data.put(0, (byte) 1));
                direct.set(data.isDirect());
                seen.set(data);
                super.outReceived(data);
            }
        };
        sh("echo hello; exec sleep 1000").start(recorder);
        recorder.awaitOutput("hello\r\n");
        Await.until("limit 0", () -> seen.get().limit() == 0);
        assertTrue(direct.get());
        recorder.transport().abortConnection();
        recorder.awaitEnd().assertOrderly();
    }

    @Test
    void theBytesThatWereDeliveredAreOverwrittenAfterwards() throws Exception {
        assertTrue(Boolean.getBoolean("dev.panpty.poison"), "the tests run with -Ddev.panpty.poison=true");
        try (Reactor reactor = Reactor.open()) {
            AtomicReference<ByteBuffer> kept = new AtomicReference<>();
            ProtocolRecorder recorder = new ProtocolRecorder() {
                @Override
                public void outReceived(ByteBuffer data) {
                    kept.set(data.slice());
                    super.outReceived(data);
                }
            };
            sh("echo hello; exec sleep 1000").start(reactor, recorder);
            recorder.awaitOutput("hello\r\n");
            CountDownLatch next = new CountDownLatch(1);
            reactor.execute(next::countDown);
            assertTrue(next.await(20, TimeUnit.SECONDS));
            byte[] now = new byte[kept.get().remaining()];
            kept.get().get(now);
            for (byte poisoned : now) {
                assertFalse("hello\r\n".indexOf(poisoned) >= 0, () -> new String(now, StandardCharsets.ISO_8859_1));
            }
        }
    }

    @Test
    void inProcessExitedTheTransportKnowsTheStatus() throws Exception {
        AtomicReference<String> seen = new AtomicReference<>();
        ProtocolRecorder recorder = new ProtocolRecorder() {
            @Override
            public void processExited(ExitStatus status) {
                seen.set(transport().exitStatus() + " " + assertThrows(ProcessExitedException.class,
                        () -> transport().signalProcess("TERM")).getClass().getSimpleName());
                super.processExited(status);
            }
        };
        sh("exit 4").start(recorder);
        recorder.awaitEnd().assertOrderly();
        assertEquals("Optional[Exited[code=4]] ProcessExitedException", seen.get());
    }

    @Test
    void theInputsEndIsNotifiedBeforeTheEndAlsoWhileAReportOfAnotherThreadIsInFlight() throws Exception {
        Path file = folder.resolve("go");
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        ProtocolRecorder recorder = new ProtocolRecorder() {
            @Override
            public void outReceived(ByteBuffer data) {
                super.outReceived(data);
                if (text().contains("later")) {
                    held.countDown();
                    assertTrue(Await.opened(release));
                }
            }
        };
        // the program has exited before: after the callback the loop finds the end at once
        PtyProcess process = sh("stty raw -echo; trap '' HUP; (" + UNTIL_THE_FILE_IS_THERE + "echo later) & exit 0", file)
                .start(recorder);
        recorder.awaitEvent("exited");
        Files.createFile(file);
        assertTrue(held.await(20, TimeUnit.SECONDS));
        process.write(new byte[300_000]);
        Await.until("no process holds the terminal", () -> !holdsTerminal(Path.of(process.peer().devicePath())));
        release.countDown();
        recorder.awaitEnd().assertOrderly();
    }

    /** Whether a process has the pts as one of its first descriptors. A pts of another devpts may have the same path, but is another file. */
    private static boolean holdsTerminal(Path pts) throws Exception {
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                for (String number : List.of("0", "1", "2", "10")) {
                    try {
                        if (Files.isSameFile(process.resolve("fd").resolve(number), pts)) {
                            return true;
                        }
                    } catch (IOException gone) {
                        // the process has exited or closed it: it does not hold it
                    }
                }
            }
        }
        return false;
    }

    @Test
    void theStatusIsNotifiedAsUnknownWhenOtherCodeTakesIt() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = sh("read line").start(recorder);
        Thread thief = Thread.ofPlatform().daemon().start(() -> Libc.takeStatus(process.pid()));
        Await.until("the thief waits", () -> thief.getState() == Thread.State.RUNNABLE);
        process.write("\n".getBytes(StandardCharsets.US_ASCII));
        recorder.awaitEnd().assertOrderly();
        if (!(recorder.exit() instanceof ExitStatus.Exited)) { // the loop may reap first
            assertInstanceOf(ExitStatus.Unknown.class, recorder.exit());
        }
    }
}
