package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.TerminalAttributes.LocalFlag;
import dev.panpty.testing.Await;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.LoggedErrors;
import dev.panpty.testing.Programs;
import dev.panpty.testing.ProtocolRecorder;
import dev.panpty.testing.TapEchoes;
import dev.panpty.testing.TapRecorder;
import dev.panpty.testing.TapStyle;
import dev.panpty.testing.Way;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a tap is told, when, and what becomes of a tap that does what it must not. */
@Timeout(120)
class TapTest {

    @TempDir
    Path folder;

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String numbers(int last) {
        return IntStream.rangeClosed(1, last).mapToObj(number -> number + "\r\n").collect(Collectors.joining());
    }

    private static void assertOrderly(TapRecorder... taps) {
        for (TapRecorder tap : taps) {
            assertEquals(List.of(), tap.faults());
            assertEquals("ended", tap.events().getLast());
        }
    }

    @EachWay
    void theEchoIsNeverToldBeforeItsInput() throws Exception {
        Leaks.none(() -> {
            for (TapStyle style : TapStyle.values()) {
                TapEchoes.run(style, Way.times(300));
            }
        });
    }

    @EachWay
    void eachByteOfOutputIsToldOnceAndInOrder() throws Exception {
        String expected = numbers(30_000);
        Leaks.none(() -> {
            for (TapStyle style : TapStyle.values()) {
                TapRecorder tap = new TapRecorder();
                TapStyle.Reader reader = style.start(new PtyProcessBuilder("seq", "30000").tap(tap));
                try (PtyProcess process = reader.process()) {
                    assertArrayEquals(bytes(expected), reader.allRead());
                    assertOrderly(tap);
                    assertEquals(expected, tap.output());
                    assertEquals(new ExitStatus.Exited(0), tap.status());
                    assertEquals(List.of("started", "output", "ended"), tap.events());
                    assertEquals(process.pid(), tap.terminal().pid());
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void outputThatIsDroppedIsToldToo(TapStyle style) throws Exception {
        String expected = numbers(30_000);
        TapRecorder tap = new TapRecorder();
        Path go = folder.resolve("go");
        TapStyle.Reader reader = style.start(Programs.shell("echo; " + Programs.until(go) + "; seq 30000").tap(tap));
        try (PtyProcess process = reader.process()) {
            Await.until("the first line", () -> reader.readSize() == 2);
            if (style.hasStreams()) {
                process.getInputStream().close();
            } else {
                process.closeStdout();
            }
            Files.createFile(go);
            process.onEnd().get();
            assertOrderly(tap);
            assertEquals("\r\n" + expected, tap.output());
            assertEquals(expected.length(), process.droppedBytes());
        }
    }

    @Test
    void outputThatIsReadAheadIsToldOnce() throws Exception {
        TapRecorder tap = new TapRecorder();
        byte[] sent = new byte[200 * 1024];
        new Random(1).nextBytes(sent);
        try (PtyProcess cat = Programs.shell("stty raw -echo; printf R; exec cat").tap(tap).start()) {
            assertEquals('R', cat.getInputStream().read());
            cat.getOutputStream().write(sent);
            assertArrayEquals(sent, cat.getInputStream().readNBytes(sent.length));
            cat.hangUp();
            cat.onEnd().get();
        }
        assertOrderly(tap);
        assertEquals(new String(sent, StandardCharsets.ISO_8859_1), tap.input());
        assertEquals("R" + new String(sent, StandardCharsets.ISO_8859_1), tap.output());
    }

    @Test
    void outputOfAPausedProcessIsToldWhenItIsReadAndStandardErrorIsNot() throws Exception {
        TapRecorder tap = new TapRecorder();
        ProtocolRecorder protocol = new ProtocolRecorder() {
            @Override
            public void connectionMade(ProcessTransport transport) {
                transport.pauseProducing();
                super.connectionMade(transport);
            }
        };
        try (PtyProcess process = Programs.shell("echo out; echo error >&2; exit 3").stderr(StandardError.PIPE).tap(tap).start(protocol)) {
            process.onExit().get();
            assertEquals(List.of("started"), tap.events());
            process.resumeProducing();
            protocol.awaitEnd();
            assertOrderly(tap);
            assertEquals("out\r\n", tap.output());
            assertEquals(new ExitStatus.Exited(3), tap.status());
        }
    }

    @EachWay
    void theEndIsToldAfterTheLastOutputAndNotAtTheExit() throws Exception {
        for (TapStyle style : TapStyle.values()) {
            Path go = folder.resolve(style + "-" + Way.forced().orElseThrow());
            TapRecorder tap = new TapRecorder();
            TapStyle.Reader reader = new TapStyle.Reader() {
                @Override
                public void processEnded(ExitStatus status) {
                    if (tap.status() == null) {
                        onError(new AssertionError("the protocol was told first"));
                    }
                    super.processEnded(status);
                }
            };
            style.start(Programs.shell("trap '' HUP; (" + Programs.until(go) + "; echo late) & exit 4").tap(tap), reader);
            try (PtyProcess process = reader.process()) {
                process.onExit().get();
                assertFalse(tap.events().contains("ended"));
                Files.createFile(go);
                process.onEnd().get();
                assertOrderly(tap);
                assertEquals("late\r\n", tap.output());
                assertEquals(new ExitStatus.Exited(4), tap.status());
                assertEquals(List.of(), reader.errors());
            }
        }
    }

    @EachWay
    void everyWayToEndAProcessEndsItsTap() throws Exception {
        Leaks.none(() -> {
            for (TapStyle style : TapStyle.values()) {
                for (int i = Way.times(50); i > 0; i--) {
                    TapRecorder tap = new TapRecorder();
                    PtyProcess process = style.start(new PtyProcessBuilder("yes").tap(tap)).process();
                    switch (i % 5) {
                        case 0 -> process.hangUp();
                        case 1 -> process.close();
                        case 2 -> process.destroyForcibly();
                        case 3 -> process.terminateSession(Duration.ofSeconds(5));
                        default -> {
                            Await.until("output", () -> tap.outputSize() > 0);
                            process.abortConnection();
                        }
                    }
                    process.onEnd().get();
                    assertOrderly(tap);
                    assertInstanceOf(ExitStatus.Signaled.class, tap.status());
                    process.close();
                }
            }
        });
    }

    /** Throws at its third output. */
    private static final class Throwing implements TerminalTap {

        private int outputs;

        @Override
        public void output(ByteBuffer data) {
            outputs++;
            if (outputs == 3) {
                throw new IllegalArgumentException("the third");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTapThatThrowsIsRemovedAndReportedAndTheOthersGoOn(TapStyle style) throws Exception {
        String expected = numbers(20_000);
        for (int round = 0; round < 20; round++) {
            try (LoggedErrors log = new LoggedErrors()) {
                TapRecorder before = new TapRecorder();
                Throwing throwing = new Throwing();
                TapRecorder after = new TapRecorder();
                TapStyle.Reader reader = style.start(new PtyProcessBuilder("seq", "20000").tap(before).tap(throwing).tap(after));
                try (PtyProcess process = reader.process()) {
                    assertArrayEquals(bytes(expected), reader.allRead());
                    assertEquals(0, process.exitValue());
                    assertOrderly(before, after);
                    assertEquals(3, throwing.outputs);
                    assertEquals(expected, before.output());
                    assertEquals(expected, after.output());
                    if (style == TapStyle.PROTOCOL) {
                        reader.awaitEnd();
                        assertEquals(List.of("java.lang.IllegalArgumentException: the third"),
                                reader.errors().stream().map(Object::toString).toList());
                    } else {
                        Await.until("the report", () -> !log.all().isEmpty());
                        assertEquals(1, log.all().size());
                        assertTrue(log.all().getFirst().endsWith("IllegalArgumentException: the third"), () -> log.all().toString());
                    }
                }
            }
        }
    }

    @Test
    void whatATapThrowsAtStartAndEndIsReportedBeforeTheEnd() throws Exception {
        TerminalTap atStart = new TerminalTap() {
            @Override
            public void started(Tapped terminal) {
                throw new IllegalStateException("start");
            }

            @Override
            public void ended(ExitStatus status) {
                throw new AssertionError("it is removed");
            }
        };
        TerminalTap atEnd = new TerminalTap() {
            @Override
            public void ended(ExitStatus status) {
                throw new IllegalStateException("end");
            }
        };
        ProtocolRecorder protocol = new ProtocolRecorder();
        try (PtyProcess process = new PtyProcessBuilder("true").tap(atStart).tap(atEnd).start(protocol)) {
            protocol.awaitEnd();
            assertEquals(List.of("start", "end"), protocol.errors().stream().map(Throwable::getMessage).toList());
            assertEquals("ended", protocol.events().getLast());
            assertEquals(0, process.waitFor());
        }
    }

    @Test
    void inputAtAPasswordPromptIsSecretAndThatOfALineEditorIsNot() throws Exception {
        for (TapStyle style : TapStyle.values()) {
            TapRecorder tap = new TapRecorder();
            TapStyle.Reader reader = style.start(Programs.shell("echo user; read a; stty -echo; echo password; read b;"
                    + " stty raw; echo editor; head -c 3 >/dev/null; stty sane; echo $a$b").tap(tap));
            try (PtyProcess process = reader.process()) {
                Await.until("the first question", () -> tap.output().contains("user"));
                style.write(process, bytes("duke\n"));
                Await.until("the second", () -> tap.output().contains("password"));
                style.write(process, bytes("s3cret\n"));
                Await.until("the editor", () -> tap.output().contains("editor"));
                style.write(process, bytes("abc"));
                process.onEnd().get();
                assertOrderly(tap);
                assertEquals("duke\ns3cret\nabc", tap.input());
                assertEquals("s3cret\n", tap.secrets());
                assertTrue(tap.output().endsWith("dukes3cret\r\n"), tap::output);
            }
        }
    }

    @Test
    void whatKeysAndTheEndOfTheInputTypeIsTold() throws Exception {
        for (TapStyle style : TapStyle.values()) {
            TapRecorder tap = new TapRecorder();
            TapStyle.Reader reader = style.start(Programs.shell("echo ready; stty raw; echo raw; head -c 3 >/dev/null; stty sane -echo;"
                    + " echo cooked; cat; echo over; cat; echo out").tap(tap));
            try (PtyProcess process = reader.process()) {
                Await.until("raw mode", () -> tap.output().contains("raw"));
                process.interrupt();
                process.quit();
                process.suspend();
                Await.until("cooked mode", () -> tap.output().contains("cooked"));
                assertEquals("\3\34\32", tap.input());
                process.sendEndOfFile();
                Await.until("the end of the first", () -> tap.output().contains("over"));
                style.write(process, bytes("unfinished"));
                style.endInput(process);
                process.onEnd().get();
                assertOrderly(tap);
                assertEquals("\3\34\32\4unfinished\4\4", tap.input());
            }
        }
    }

    @Test
    void anInterruptThatIsASignalIsNotInputAndTheEndThatItTypesAgainIs() throws Exception {
        for (TapStyle style : TapStyle.values()) {
            TapRecorder tap = new TapRecorder();
            TapStyle.Reader reader = style.start(Programs.shell(
                    "trap 'echo trapped' INT; stty -echo; echo ready; sleep 0.3; cat").tap(tap));
            try (PtyProcess process = reader.process()) {
                Await.until("ready", () -> tap.output().contains("ready"));
                style.endInput(process);
                process.interrupt();
                process.onEnd().get();
                assertOrderly(tap);
                assertTrue(tap.input().matches("\4{1,2}"), tap::input);
            }
        }
    }

    @Test
    void theEndsOfFileThatSplitALongLineAreTold() throws Exception {
        int length = 10_000;
        for (TapStyle style : TapStyle.values()) {
            TapRecorder tap = new TapRecorder();
            TapStyle.Reader reader = style.start(Programs.shell("stty -echo; echo ready; head -n 1 | wc -c")
                    .longLines(LongLines.SPLIT).tap(tap));
            try (PtyProcess process = reader.process()) {
                Await.until("ready", () -> tap.output().contains("ready"));
                style.write(process, bytes("x".repeat(length) + "\n"));
                process.onEnd().get();
                assertOrderly(tap);
                assertTrue(tap.output().endsWith(length + 1 + "\r\n"), tap::output);
                assertEquals("x".repeat(length) + "\n", tap.input().replace("\4", ""));
                assertEquals(2, tap.input().length() - length - 1);
            }
        }
    }

    @Test
    void writesThatAreHeldAreToldOnceTheyAreWritten() throws Exception {
        TapRecorder tap = new TapRecorder();
        ProtocolRecorder protocol = new ProtocolRecorder() {
            @Override
            public void connectionMade(ProcessTransport transport) {
                super.connectionMade(transport);
                for (String piece : List.of("one ", "two ", "three\n")) {
                    transport.write(TapTest.bytes(piece));
                }
                if (!tap.input().isEmpty()) {
                    onError(new AssertionError("told before it is written: " + tap.input()));
                }
            }
        };
        try (PtyProcess process = Programs.shell("read line; echo got $line").tap(tap).start(protocol)) {
            process.onEnd().get();
            protocol.assertOrderly();
            assertOrderly(tap);
            assertEquals("one two three\n", tap.input());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSizeThatIsSetIsToldWhicheverObjectSetsIt(TapStyle style) throws Exception {
        TapRecorder tap = new TapRecorder();
        try (Pty pty = Pty.open()) {
            pty.resize(new WindowSize(10, 20));
            TapStyle.Reader reader = style.start(new PtyProcessBuilder("cat").pty(pty).tap(tap));
            try (PtyProcess process = reader.process()) {
                process.resize(new WindowSize(11, 21));
                pty.resize(new WindowSize(12, 22));
                assertEquals(List.of("started", "resized 11 21", "resized 12 22"), tap.events());
                process.hangUp();
                process.onEnd().get();
            }
            assertOrderly(tap);
        }
    }

    @EachWay
    void theTerminalIsKnownAtTheStart() throws Exception {
        for (TapStyle style : TapStyle.values()) {
            CountDownLatch unchecked = new CountDownLatch(1);
            TapRecorder tap = new TapRecorder() {
                @Override
                public void started(Tapped terminal) {
                    super.started(terminal);
                    try {
                        assertEquals(List.of("cat", "-u"), terminal.command());
                        assertEquals("here", terminal.environment().get("TAPPED"));
                        assertTrue(terminal.environment().containsKey("TERM"));
                        assertEquals(new WindowSize(30, 90), terminal.windowSize());
                        assertTrue(terminal.attributes().has(LocalFlag.ICANON));
                        assertEquals(terminal.pid(), terminal.foregroundProcessGroup().orElseThrow());
                        assertEquals(terminal.pid(), terminal.foregroundProcess().orElseThrow().pid());
                        assertThrows(UnsupportedOperationException.class, () -> terminal.environment().put("a", "b"));
                        unchecked.countDown(); // what is thrown here is only logged
                    } catch (IOException closed) {
                        throw new AssertionError(closed);
                    }
                }
            };
            PtyProcessBuilder builder = new PtyProcessBuilder("cat", "-u").windowSize(new WindowSize(30, 90)).tap(tap);
            builder.environment().put("TAPPED", "here");
            try (PtyProcess process = style.start(builder).process()) {
                assertEquals(0, unchecked.getCount());
                process.destroyForcibly();
                process.onEnd().get();
                assertOrderly(tap);
            }
        }
    }

    @EachWay
    void aProgramThatCannotBeStartedCallsNothing() throws Exception {
        TapRecorder tap = new TapRecorder();
        PtyProcessBuilder builder = new PtyProcessBuilder("no-such-program").tap(tap);
        assertThrows(SpawnException.class, builder::start);
        assertThrows(SpawnException.class, () -> builder.start(new ProtocolRecorder()));
        assertEquals(List.of(), tap.events());
    }

    /** The reactor stops while the tap is called, and refuses the process afterwards. */
    @EachWay
    void aStartThatFailsAfterTheTapWasToldOfItEndsTheTap() throws Exception {
        Leaks.none(() -> {
            Reactor reactor = Reactor.open();
            TapRecorder tap = new TapRecorder() {
                @Override
                public void started(Tapped terminal) {
                    super.started(terminal);
                    reactor.loop().stop();
                    try {
                        reactor.loop().join();
                    } catch (InterruptedException stop) {
                        throw new AssertionError(stop);
                    }
                }
            };
            PtyProcessBuilder builder = new PtyProcessBuilder("cat").tap(tap);
            assertThrows(IllegalStateException.class, () -> builder.start(reactor, new ProtocolRecorder()));
            assertEquals(List.of("started", "ended"), tap.events());
            assertOrderly(tap);
            assertInstanceOf(ExitStatus.Unknown.class, tap.status());
            reactor.close();
        });
    }

    /** Answers a query of the cursor's position, as a screen does. */
    private static final class Answering extends TapRecorder {

        @Override
        public void output(ByteBuffer data) {
            super.output(data.duplicate());
            if (StandardCharsets.ISO_8859_1.decode(data).toString().contains("\33[6n")) {
                terminal().reply(ByteBuffer.wrap(bytes("\33[1;1R")));
            }
        }
    }

    @EachWay
    void aReplyIsTypedAndToldAsInput() throws Exception {
        Leaks.none(() -> {
            for (TapStyle style : TapStyle.values()) {
                for (int i = Way.times(20); i > 0; i--) {
                    Answering tap = new Answering();
                    TapRecorder second = new TapRecorder();
                    TapStyle.Reader reader = style.start(Programs.shell(
                            "stty raw -echo; printf '\\033[6n'; head -c 6 | od -An -c").tap(tap).tap(second));
                    try (PtyProcess process = reader.process()) {
                        process.onEnd().get();
                        assertOrderly(tap, second);
                        assertEquals("\33[1;1R", tap.input());
                        assertEquals("\33[1;1R", second.input());
                        assertTrue(tap.output().endsWith("033   [   1   ;   1   R\n"), tap::output);
                        assertEquals(0, tap.terminal().droppedReplyBytes());
                    }
                }
            }
        });
    }

    @Test
    void repliesThatDoNotFitAreDroppedAndCounted() throws Exception {
        int size = 1000;
        for (TapStyle style : TapStyle.values()) {
            Path go = folder.resolve("go-" + style);
            TapRecorder tap = new TapRecorder();
            TapStyle.Reader reader = style.start(Programs.shell(
                    "stty raw -echo; echo ready; " + Programs.until(go) + "; exec cat >/dev/null").tap(tap));
            try (PtyProcess process = reader.process()) {
                Await.until("ready", () -> tap.output().contains("ready"));
                style.write(process, new byte[style.hasStreams() ? 1 : 1 << 16]); // a queue that is not written
                int most = 64 * size;
                int taken = 0;
                Await.until("the kernel is full, or the queue is not written", () -> tap.input().length() > 0);
                ByteBuffer reply = ByteBuffer.allocate(size);
                for (int sent = 0; sent < most && tap.terminal().reply(reply.clear()); sent += size) {
                    taken += size;
                    assertEquals(0, reply.remaining());
                    int before = taken;
                    Await.within(Duration.ofMillis(20), () -> tap.input().length() > before); // the kernel takes some
                }
                assertTrue(taken >= 4 * size && taken < most, "taken: " + taken);
                assertEquals(size, reply.remaining());
                assertEquals(size, tap.terminal().droppedReplyBytes());
                assertFalse(tap.terminal().reply(ByteBuffer.allocate(4097)));
                assertEquals(size + 4097, tap.terminal().droppedReplyBytes());
                Files.createFile(go);
                int expected = taken + (style.hasStreams() ? 1 : 1 << 16);
                Await.until("all taken replies are typed", () -> tap.input().length() == expected);
                Await.until("there is room again", () -> tap.terminal().reply(reply.clear()));
                process.hangUp();
                process.onEnd().get();
            }
            assertOrderly(tap);
            assertThrows(NullPointerException.class, () -> tap.terminal().reply(null));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTapThatUsesItsProcessInsideACallIsRefusedRemovedAndReported(TapStyle style) throws Exception {
        ByteArrayOutputStream calls = new ByteArrayOutputStream();
        CountDownLatch known = new CountDownLatch(1);
        PtyProcess[] process = new PtyProcess[1];
        TerminalTap tap = new TerminalTap() {
            @Override
            public void output(ByteBuffer data) {
                calls.write('x');
                Await.opened(known);
                try {
                    process[0].resize(new WindowSize(3, 3));
                } catch (IOException closed) {
                    throw new AssertionError(closed);
                }
            }
        };
        try (LoggedErrors log = new LoggedErrors()) {
            TapStyle.Reader reader = style.start(Programs.shell("echo one; sleep 0.1; echo two").tap(tap));
            process[0] = reader.process();
            known.countDown();
            process[0].onEnd().get();
            Await.until("the report", () -> !log.all().isEmpty() || !reader.errors().isEmpty());
            assertEquals("x", calls.toString(StandardCharsets.US_ASCII));
            String all = log.all() + reader.errors().toString();
            assertTrue(all.contains("Tapped.reply"), all);
            process[0].close();
        }
    }

    /** A call of the process, by which a tap would wait for threads that wait for its lock. */
    private interface Ending {
        void of(PtyProcess process) throws Exception;
    }

    private static final List<Ending> ENDINGS = List.of(PtyProcess::close, PtyProcess::closeAsync, PtyProcess::hangUp,
            PtyProcess::abortConnection, PtyProcess::loseConnection, PtyProcess::waitFor, process -> process.waitFor(Duration.ofDays(1)),
            process -> process.terminateSession(Duration.ofDays(1)), process -> process.awaitEcho(false, Duration.ofDays(1)),
            process -> process.awaitOutput(Duration.ofDays(1)));

    @ParameterizedTest
    @EnumSource
    void aTapThatEndsItsProcessOrWaitsForItIsRefused(TapStyle style) throws Exception {
        for (Ending ending : ENDINGS) {
            CompletableFuture<PtyProcess> known = new CompletableFuture<>();
            CompletableFuture<Throwable> refused = new CompletableFuture<>();
            TerminalTap tap = new TerminalTap() {
                @Override
                public void resized(WindowSize size) {
                    try {
                        ending.of(known.join());
                        refused.complete(new AssertionError("it was not refused"));
                    } catch (Throwable thrown) {
                        refused.complete(thrown);
                    }
                }
            };
            try (PtyProcess process = style.start(new PtyProcessBuilder("cat").tap(tap)).process()) {
                known.complete(process);
                Thread resizing = Thread.startVirtualThread(() -> {
                    try {
                        process.resize(new WindowSize(30, 90));
                    } catch (IOException closed) {
                        refused.complete(closed);
                    }
                });
                assertInstanceOf(IllegalStateException.class, refused.get(10, TimeUnit.SECONDS));
                resizing.join();
                assertTrue(process.isAlive());
                process.hangUp();
                process.onEnd().get(10, TimeUnit.SECONDS);
            }
        }
    }

    @EachWay
    void drainReadsAllForAProgramThatIsOnlyTapped() throws Exception {
        String expected = numbers(30_000);
        Leaks.none(() -> {
            for (int i = Way.times(20); i > 0; i--) {
                TapRecorder tap = new TapRecorder();
                try (PtyProcess process = Programs.shell("seq 30000; head -c 200000 /dev/zero >&2").stderr(StandardError.PIPE)
                        .tap(tap).start()) {
                    process.drain();
                    assertEquals(0, process.waitFor());
                    process.onEnd().get();
                    assertOrderly(tap);
                    assertEquals(expected, tap.output());
                    assertEquals(0, process.droppedBytes());
                }
            }
        });
    }

    @Test
    void drainNeedsStreams() throws Exception {
        try (PtyProcess process = new PtyProcessBuilder("cat").start(new ProtocolRecorder())) {
            assertTrue(assertThrows(IllegalStateException.class, process::drain).getMessage().contains("protocol"));
        }
    }
}
