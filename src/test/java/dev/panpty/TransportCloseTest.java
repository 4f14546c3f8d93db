package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.Programs;
import dev.panpty.testing.ProtocolRecorder;
import dev.panpty.testing.Seed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Every way to end a connection or one side of it. */
class TransportCloseTest {

    @RegisterExtension
    final Seed seed = new Seed();

    private static final ExitStatus HUNG_UP = new ExitStatus.Signaled(Signal.HUP, false);

    @TempDir
    Path folder;

    private static PtyProcessBuilder sh(String script, Object... arguments) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", script));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new PtyProcessBuilder(command);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void loseConnectionLetsASlowReaderReadEveryPendingByte() throws Exception {
        Path file = folder.resolve("read");
        byte[] sent = seed.bytes(21 * 4096); // more than 64 KiB stay pending after the kernel's buffer is full
        ProtocolRecorder recorder = new ProtocolRecorder();
        Path go = folder.resolve("go");
        PtyProcess process = sh("trap '' HUP; stty raw -echo; printf R; " + Programs.until(go) + "; i=0; while [ $i -lt 21 ]; do"
                + " dd bs=4096 count=1 iflag=fullblock 2>/dev/null >>\"$0\" || exit 1; sleep 0.02; i=$((i+1)); done", file)
                .loseConnectionLimit(Await.DEADLINE).start(recorder);
        recorder.awaitOutput("R");
        process.write(sent);
        assertTrue(process.pendingBytes() > 32 * 1024, () -> process.pendingBytes() + " pending");
        process.loseConnection();
        assertEquals(ProcessTransport.State.DISCONNECTING, process.state());
        assertThrows(IllegalStateException.class, () -> process.write(ascii("more")));
        Files.createFile(go);
        recorder.awaitEnd().assertOrderly();
        assertArrayEquals(sent, Files.readAllBytes(file));
        assertEquals(0, process.unwrittenBytes());
        assertEquals(ProcessTransport.State.DISCONNECTED, process.state());
    }

    @Test
    void loseConnectionPushesAnUnfinishedLine() throws Exception {
        Path file = folder.resolve("read");
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = sh("trap '' HUP; echo R; cat >\"$0\"", file).start(recorder);
        recorder.awaitOutput("R");
        process.write(ascii("a line\nand a half"));
        process.loseConnection();
        recorder.awaitEnd().assertOrderly();
        assertEquals("a line\nand a half", Files.readString(file));
    }

    @Test
    void loseConnectionDeliversTheOutputThatIsThereFirst() throws Exception {
        Path file = folder.resolve("written");
        ProtocolRecorder recorder = new ProtocolRecorder() {
            @Override
            public void connectionMade(ProcessTransport transport) {
                transport.pauseProducing();
                super.connectionMade(transport);
            }
        };
        PtyProcess process = sh("stty -echo; seq 1 500; touch \"$0\"; exec sleep 1000", file).start(recorder);
        recorder.awaitEvent("made");
        Await.until("all is written", () -> Files.exists(file));
        process.resumeProducing();
        process.loseConnection();
        recorder.awaitEnd().assertOrderly();
        assertTrue(recorder.text().endsWith("\r\n500\r\n"), recorder::text);
        assertEquals(HUNG_UP, recorder.exit());
    }

    @Test
    void loseConnectionEndsAtItsLimitWithoutAReaderAndCountsUnwrittenBytes() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        Duration limit = Duration.ofMillis(300);
        PtyProcess process = sh("stty raw -echo; printf R; exec sleep 1000").loseConnectionLimit(limit).start(recorder);
        recorder.awaitOutput("R");
        process.write(new byte[64 * 1024]);
        long pending = process.pendingBytes();
        long start = System.nanoTime();
        process.loseConnection();
        recorder.awaitEnd().assertOrderly();
        long nanos = System.nanoTime() - start;
        assertTrue(nanos >= limit.toNanos(), nanos + " ns");
        assertTrue(0 < pending && pending <= process.unwrittenBytes() && process.unwrittenBytes() <= 64 * 1024,
                process.unwrittenBytes() + " of " + pending);
        assertEquals(0, process.pendingBytes());
        assertEquals(HUNG_UP, recorder.exit());
    }

    @Test
    void aLimitThatIsLongerThanAnyNumberOfNanosecondsIsTaken() throws Exception {
        Leaks.none(() -> {
            ProtocolRecorder recorder = new ProtocolRecorder();
            PtyProcess process = sh("exec cat").loseConnectionLimit(ChronoUnit.FOREVER.getDuration()).start(recorder);
            process.loseConnection();
            recorder.awaitEnd().assertOrderly();
        });
    }

    @Test
    void aGraceTimeThatIsLongerThanAnyNumberOfNanosecondsIsTaken() throws Exception {
        Leaks.none(() -> {
            try (PtyProcess process = sh("exec cat").closeGrace(ChronoUnit.FOREVER.getDuration()).start(new ProtocolRecorder())) {
                process.destroyForcibly();
            }
        });
    }

    @Test
    void timesThatNeverEndAreTakenAndLeaveNothingBehind() throws Exception {
        Leaks.none(() -> {
            Reactor own = Reactor.open();
            ProtocolRecorder recorder = new ProtocolRecorder();
            PtyProcess events = new PtyProcessBuilder("cat").closeGrace(ChronoUnit.FOREVER.getDuration()).loseConnectionLimit(ChronoUnit.FOREVER.getDuration()).start(own, recorder);
            events.loseConnection();
            recorder.awaitEnd();
            PtyProcess streams = new PtyProcessBuilder("cat").closeGrace(ChronoUnit.FOREVER.getDuration()).start();
            streams.close();
            assertFalse(streams.isAlive());
            own.close();
        });
    }

    @Test
    void abortConnectionHangsUpAtOnceAndPendingBytesAreLost() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = sh("stty raw -echo; printf R; exec sleep 1000").start(recorder);
        recorder.awaitOutput("R");
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Reactor.shared().execute(() -> { // on the loop, since it might write some more between the two reads
            held.countDown();
            Await.opened(release);
        });
        assertTrue(Await.opened(held));
        process.write(new byte[64 * 1024]);
        long pending = process.pendingBytes();
        process.abortConnection();
        release.countDown();
        recorder.awaitEnd().assertOrderly();
        assertTrue(0 < pending && pending < 64 * 1024, () -> pending + " pending");
        assertEquals(pending, process.unwrittenBytes());
        assertEquals(HUNG_UP, recorder.exit());
        assertEquals(ProcessTransport.State.DISCONNECTED, process.state());
        assertThrows(IllegalStateException.class, () -> process.write(ascii("x")));
        assertThrows(IllegalStateException.class, process::fileno);
    }

    @Test
    void nothingIsDeliveredAfterAnAbortInTheCallback() throws Exception {
        AtomicInteger after = new AtomicInteger();
        ProtocolRecorder recorder = new ProtocolRecorder() {
            private boolean aborted;

            @Override
            public void outReceived(ByteBuffer data) {
                super.outReceived(data);
                after.addAndGet(aborted ? 1 : 0);
                if (size() > 100_000 && !aborted) { // here the terminal always has more
                    transport().abortConnection();
                    aborted = true;
                }
            }
        };
        sh("exec yes").start(recorder);
        recorder.awaitEnd();
        assertEquals(0, after.get());
    }

    @Test
    void anAbortInTheCallbackTakesEffectWithoutAnyOtherEvent() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (Reactor reactor = Reactor.open()) {
                ProtocolRecorder recorder = new ProtocolRecorder() {
                    @Override
                    public void outReceived(ByteBuffer data) {
                        super.outReceived(data);
                        transport().abortConnection();
                    }
                };
                sh("echo hello; exec sleep 1000").start(reactor, recorder);
                recorder.awaitEnd().assertOrderly();
            }
        }
    }

    @Test
    void bytesWrittenByAThreadAfterItsAbortAreNotSent() throws Exception {
        Path file = folder.resolve("executed");
        try (Reactor reactor = Reactor.open()) {
            ProtocolRecorder recorder = new ProtocolRecorder();
            PtyProcess process = sh("trap '' HUP; echo R; read line && touch \"$0\"; exit 0", file).start(reactor, recorder);
            recorder.awaitOutput("R");
            CountDownLatch held = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            reactor.execute(() -> {
                held.countDown();
                try {
                    release.await(20, TimeUnit.SECONDS);
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                }
            });
            assertTrue(held.await(20, TimeUnit.SECONDS));
            process.abortConnection();
            assertThrows(IllegalStateException.class, () -> process.write(ascii("go\n")));
            release.countDown();
            recorder.awaitEnd();
            assertFalse(Files.exists(file), "the program read it");
        }
    }

    @Test
    void halfCloseFlushesEndsTheInputAndLetsTheOutputCome() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        Path go = folder.resolve("go");
        PtyProcess process = sh("stty -echo; echo R; " + Programs.until(go) + "; wc -l; exit 3").start(recorder);
        recorder.awaitOutput("R");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            lines.append("line ").append(i).append('\n');
        }
        process.write(ascii(lines.toString()));
        assertTrue(process.pendingBytes() > 0);
        process.closeStdin();
        process.closeStdin();
        assertThrows(IllegalStateException.class, () -> process.write(ascii("more\n")));
        Files.createFile(go);
        recorder.awaitEnd().assertOrderly();
        assertTrue(recorder.text().contains("20000\r\n"), recorder::text);
        assertEquals(new ExitStatus.Exited(3), recorder.exit());
        assertEquals(0, process.unwrittenBytes());
        assertTrue(recorder.events().indexOf("in lost") < recorder.events().indexOf("exited"), () -> recorder.events().toString());
    }

    @Test
    void halfCloseInMidLineIsTheEndToo() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = sh("stty -echo; echo R; cat; exit 4").start(recorder);
        recorder.awaitOutput("R");
        process.write(ascii("no newline"));
        process.loseWriteConnection();
        recorder.awaitEnd().assertOrderly();
        assertEquals("R\r\nno newline", recorder.text());
        assertEquals(new ExitStatus.Exited(4), recorder.exit());
    }

    @Test
    void afterCloseStdoutTheRestIsDroppedAndTheProgramLivesOn() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = sh("echo R; read line; seq 1 20000; exit 8").start(recorder);
        recorder.awaitOutput("R\r\n");
        process.closeStdout();
        process.write(ascii("\n"));
        recorder.awaitEnd().assertOrderly();
        assertEquals("R\r\n", recorder.text());
        assertEquals(new ExitStatus.Exited(8), recorder.exit());
        assertTrue(process.droppedBytes() >= 108_894 + 20_000, () -> process.droppedBytes() + " dropped");
    }

    @Test
    void closeOfAProcessWithAProtocolNotifiesTheWholeEnd() throws Exception {
        Leaks.none(() -> {
            for (int i = 0; i < 100; i++) {
                ProtocolRecorder recorder = new ProtocolRecorder();
                try (PtyProcess process = sh("exec cat").start(recorder)) {
                    process.write(ascii("x\n"));
                }
                recorder.awaitEnd().assertOrderly();
            }
        });
    }

    @Test
    void abortFromAnotherThreadRacesWithTheExitWithoutHarm() throws Exception {
        Leaks.none(() -> {
            for (int i = 0; i < 300; i++) {
                ProtocolRecorder recorder = new ProtocolRecorder();
                PtyProcess process = sh("seq 1 100").start(recorder);
                if (i % 3 == 0) {
                    recorder.awaitEvent("out");
                }
                try {
                    process.write(new byte[i * 10]);
                } catch (IllegalStateException ended) {
                    // the exit came first: the call is refused
                }
                process.abortConnection();
                recorder.awaitEnd().assertOrderly();
            }
        });
    }

    @Test
    void loseConnectionRacesWithTheExitWithoutHarm() throws Exception {
        Leaks.none(() -> {
            for (int i = 0; i < 300; i++) {
                ProtocolRecorder recorder = new ProtocolRecorder();
                PtyProcess process = sh("echo hello; exit 2").start(recorder);
                if (i % 2 == 0) {
                    recorder.awaitEvent("out");
                }
                process.loseConnection();
                recorder.awaitEnd().assertOrderly();
            }
        });
    }

    @Test
    void theStateInsideProcessEndedIsDisconnected() throws Exception {
        AtomicReference<ProcessTransport.State> state = new AtomicReference<>();
        ProtocolRecorder recorder = new ProtocolRecorder() {
            @Override
            public void processEnded(ExitStatus status) {
                state.set(transport().state());
                super.processEnded(status);
            }
        };
        PtyProcess process = sh("true").start(recorder);
        recorder.awaitEnd().assertOrderly();
        assertEquals(ProcessTransport.State.DISCONNECTED, state.get());
        assertFalse(process.isAlive());
    }
}
