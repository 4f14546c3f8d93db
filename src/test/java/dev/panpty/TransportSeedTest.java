package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.Children;
import dev.panpty.testing.Programs;
import dev.panpty.testing.ProtocolRecorder;
import dev.panpty.testing.Way;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Each name of Twisted's API that this one follows, in its order there, with its counterpart here. */
class TransportSeedTest extends SeedFixture {

    @Test
    void initIsTheBuilderAndItsStart() throws Exception {
        PtyProcessBuilder builder = new PtyProcessBuilder("sh", "-c", "echo $0 $GREETING $PWD; id -u; id -g; stty size")
                .argv0("seed").directory(folder).windowSize(new WindowSize(31, 17));
        builder.environment().put("GREETING", "hello");
        String me = Files.getAttribute(Path.of("/proc/self"), "unix:uid").toString();
        String group = Files.getAttribute(Path.of("/proc/self"), "unix:gid").toString();
        builder.user(me).group(group);
        start(builder);
        recorder.awaitEnd().assertOrderly();
        String expected = "seed hello " + folder + "\r\n" + me + "\r\n" + group + "\r\n31 17\r\n";
        assertEquals(expected, recorder.text());
        try (PtyProcess streams = builder.start()) {
            assertEquals(expected, new String(streams.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        }
        try (Reactor reactor = Reactor.open()) {
            recorder = new ProtocolRecorder();
            builder.start(reactor, recorder);
            recorder.awaitEnd().assertOrderly();
            assertEquals(expected, recorder.text());
        }
    }

    @Test
    void setupChildExecChildForkResetSignalDispositionMakeASessionLeaderOnItsTerminal() throws Exception {
        PtyProcess process = sh("grep -h Sig[BI] /proc/self/status; echo settled; read x");
        recorder.awaitOutput("SigBlk:\t0000000000000000\r\nSigIgn:\t0000000000000000\r\nsettled");
        String[] fields = Children.fields(process.pid());
        String pid = Long.toString(process.pid());
        assertEquals(List.of(pid, pid, pid), List.of(fields[2], fields[3], fields[5]), "group, session, foreground group");
        for (String number : List.of("0", "1", "2")) {
            assertEquals(process.peer().devicePath(), Files.readSymbolicLink(Path.of("/proc/" + pid + "/fd/" + number)).toString());
        }
        try (var descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            assertEquals(3, descriptors.count());
        }
    }

    @Test
    void trySpawnInsteadOfForkIsTheNormalWay() throws Exception {
        Way.POSIX_SPAWN.need();
        assertEquals(SpawnStrategy.POSIX_SPAWN, start(new PtyProcessBuilder("true")).spawnStrategy());
        recorder = new ProtocolRecorder();
        assertEquals(SpawnStrategy.FORK_EXEC, start(new PtyProcessBuilder("true").umask(027)).spawnStrategy());
    }

    @Test
    void closeChildFdTakesZeroOneAndTwo() throws Exception {
        PtyProcess process = sh("echo R; cat; seq 1 1000; exit 6");
        recorder.awaitOutput("R\r\n");
        assertThrows(IllegalArgumentException.class, () -> process.closeChildFd(3));
        assertThrows(IllegalArgumentException.class, () -> process.closeChildFd(-1));
        process.closeChildFd(1);
        process.closeChildFd(2);
        process.closeChildFd(0);
        recorder.awaitEnd().assertOrderly();
        assertEquals("R\r\n", recorder.text());
        assertEquals(new ExitStatus.Exited(6), recorder.exit());
    }

    @Test
    void closeStdinIsTheEndOfInputBehindAllThatIsPending() throws Exception {
        PtyProcess process = sh("stty -echo; echo R; wc -c; exit 5");
        recorder.awaitOutput("R\r\n");
        process.write(ascii("0123456789\n".repeat(20_000)));
        process.closeStdin();
        assertThrows(IllegalStateException.class, () -> process.write(ascii("x")));
        recorder.awaitEnd().assertOrderly();
        assertEquals("R\r\n220000\r\n", recorder.text());
    }

    @Test
    void closeStdoutDropsTheRestAndTheProcessLives() throws Exception {
        PtyProcess process = sh("echo R; read line; seq 1 5000; exit 5");
        recorder.awaitOutput("R\r\n");
        process.closeStdout();
        process.write(ascii("\n"));
        recorder.awaitEnd().assertOrderly();
        assertEquals("R\r\n", recorder.text());
        assertEquals(new ExitStatus.Exited(5), recorder.exit());
        assertTrue(process.droppedBytes() > 20_000);
    }

    @Test
    void closeStderrIsCloseStdoutOnATerminal() throws Exception {
        PtyProcess process = sh("echo R; read line; seq 1 5000 >&2; exit 5");
        recorder.awaitOutput("R\r\n");
        process.closeStderr();
        process.write(ascii("\n"));
        recorder.awaitEnd().assertOrderly();
        assertEquals("R\r\n", recorder.text());
        assertEquals(new ExitStatus.Exited(5), recorder.exit());
    }

    @Test
    void connectionLostReadConnectionLostWriteConnectionLostChildConnectionLostAreNotifiedBeforeTheEnd() throws Exception {
        List<Integer> lost = new ArrayList<>();
        recorder = new ProtocolRecorder() {
            @Override
            public void childConnectionLost(int childFd) {
                lost.add(childFd);
                super.childConnectionLost(childFd);
            }
        };
        sh("echo R");
        recorder.awaitEnd().assertOrderly();
        assertEquals(List.of(0, 1), lost.stream().sorted().toList());
    }

    @Test
    void filenoAndFdAreValidWhileOpenAndThrowAfter() throws Exception {
        PtyProcess process = sh("read line");
        assertTrue(Files.readSymbolicLink(Path.of("/proc/self/fd/" + process.fileno())).toString().endsWith("ptmx"));
        process.write(ascii("\n"));
        recorder.awaitEnd().assertOrderly();
        assertThrows(IllegalStateException.class, process::fileno);
    }

    @Test
    void doReadDoWriteStartReadingStopReadingAreTheLoopsAndDataGoesBothWays() throws Exception {
        PtyProcess process = rawCat();
        process.write(buffer("both ways"));
        recorder.awaitOutput("Rboth ways");
    }

    @Test
    void maybeCallProcessEndedCallProcessExitedProcessEndedLostProcessJoinTheExitAndTheEndOfOutput() throws Exception {
        Path go = folder.resolve("go");
        sh("trap '' HUP; (" + Programs.until(go) + "; echo later) & exit 3");
        recorder.awaitEvent("exited");
        Files.createFile(go);
        recorder.awaitEnd().assertOrderly();
        assertTrue(recorder.events().indexOf("exited") < recorder.events().lastIndexOf("out"), () -> recorder.events().toString());
        assertEquals("later\r\n", recorder.text());
    }

    @Test
    void protoIsLetGoAfterTheEnd() throws Exception {
        WeakReference<ProtocolRecorder> reference = new WeakReference<>(recorder);
        PtyProcess process = sh("true");
        recorder.awaitEnd();
        recorder = null;
        Await.until("collected", () -> {
            System.gc();
            return reference.refersTo(null);
        });
        assertTrue(process.exitStatus().isPresent());
    }

    @Test
    void writeToChildTakesZeroOnly() throws Exception {
        PtyProcess process = rawCat();
        process.writeToChild(0, buffer("to zero"));
        recorder.awaitOutput("Rto zero");
        assertThrows(IllegalArgumentException.class, () -> process.writeToChild(1, buffer("x")));
        assertThrows(IllegalArgumentException.class, () -> process.writeToChild(3, buffer("x")));
    }

    @Test
    void writeTakesTheContentOverBeforeItReturns() throws Exception {
        PtyProcess process = rawCat();
        byte[] bytes = "x".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
        process.write(bytes);
        java.util.Arrays.fill(bytes, (byte) 'y');
        ByteBuffer slice = buffer("..slice..").position(2).limit(7);
        process.write(slice);
        process.write(new byte[0]);
        recorder.awaitSize(100_006);
        assertEquals("R" + "x".repeat(100_000) + "slice", recorder.text());
    }

    @Test
    void writeSequenceWalksItsIterableOnce() throws Exception {
        PtyProcess process = rawCat();
        AtomicInteger walks = new AtomicInteger();
        Iterable<ByteBuffer> pieces = () -> {
            walks.incrementAndGet();
            Iterator<String> words = List.of("one ", "", "two ", "three").iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return words.hasNext();
                }

                @Override
                public ByteBuffer next() {
                    return buffer(words.next());
                }
            };
        };
        process.writeSequence(pieces);
        recorder.awaitOutput("Rone two three");
        assertEquals(1, walks.get());
        process.writeSequence(List.of());
    }

    @Test
    void connectedDisconnectingDisconnectedAreOneState() throws Exception {
        PtyProcess process = rawCat();
        assertEquals(ProcessTransport.State.CONNECTED, process.state());
        process.pauseProducing();
        process.loseConnection();
        assertEquals(ProcessTransport.State.DISCONNECTING, process.state());
        process.resumeProducing();
        recorder.awaitEnd().assertOrderly();
        assertEquals(ProcessTransport.State.DISCONNECTED, process.state());
    }

    @Test
    void pidStaysAndStatusIsEmptyUntilTheExit() throws Exception {
        PtyProcess process = sh("read line; exit 9");
        long pid = process.pid();
        assertTrue(pid > 0);
        assertEquals(Optional.empty(), process.exitStatus());
        process.write(ascii("\n"));
        recorder.awaitEnd().assertOrderly();
        assertEquals(pid, process.pid());
        assertEquals(Optional.of(new ExitStatus.Exited(9)), process.exitStatus());
        assertEquals(9 << 8, process.exitStatus().orElseThrow().rawStatus());
    }

    @Test
    void getHostAndGetPeerAreTheTwoEnds() throws Exception {
        PtyProcess process = sh("tty");
        recorder.awaitEnd().assertOrderly();
        assertEquals("/dev/ptmx", process.host().devicePath());
        assertEquals(recorder.text().strip(), process.peer().devicePath());
    }

    @Test
    void loseConnectionAndPostLoseConnectionFlushAndHangUp() throws Exception {
        Path file = folder.resolve("heard");
        PtyProcess process = start(new PtyProcessBuilder("sh", "-c", "trap '' HUP; echo R; cat >\"$0\"", file.toString()));
        recorder.awaitOutput("R");
        process.write(ascii("last input\n"));
        process.loseConnection();
        assertThrows(IllegalStateException.class, () -> process.write(ascii("x")));
        recorder.awaitEnd().assertOrderly();
        assertEquals("last input\n", Files.readString(file));
    }

    @Test
    void loseWriteConnectionIsAHalfClose() throws Exception {
        PtyProcess process = sh("stty -echo; echo R; cat; echo after; exit 2");
        recorder.awaitOutput("R");
        process.write(ascii("a line\n"));
        process.loseWriteConnection();
        assertThrows(IllegalStateException.class, () -> process.write(ascii("x")));
        recorder.awaitEnd().assertOrderly();
        assertEquals("R\r\na line\r\nafter\r\n", recorder.text());
    }

    @Test
    void pauseProducingAndResumeProducingHoldAndReleaseTheOutput() throws Exception {
        PtyProcess process = rawCat();
        process.pauseProducing();
        process.write(ascii("held"));
        // two turns of the loop: output in flight has been delivered
        for (int i = 0; i < 2; i++) {
            AtomicReference<Boolean> turned = new AtomicReference<>(false);
            Reactor.shared().execute(() -> turned.set(true));
            Await.until("a turn", turned::get);
        }
        assertEquals("R", recorder.text());
        process.resumeProducing();
        recorder.awaitOutput("Rheld");
    }

    @Test
    void stopProducingIsLoseConnection() throws Exception {
        PtyProcess process = rawCat();
        process.stopProducing();
        recorder.awaitEnd().assertOrderly();
        assertEquals(new ExitStatus.Signaled(Signal.HUP, false), recorder.exit());
    }

    @Test
    void registerProducerTakesAPushOrAPullKindAndUnregisterProducerForgetsIt() throws Exception {
        PtyProcess process = rawCat();
        AtomicInteger asked = new AtomicInteger();
        Producer pull = new Producer.Pull() {
            @Override
            public void resumeProducing() {
                if (asked.incrementAndGet() <= 3) {
                    process.write(ascii("piece "));
                }
            }

            @Override
            public void stopProducing() {}
        };
        process.registerProducer(pull);
        assertThrows(IllegalStateException.class, () -> process.registerProducer(pull));
        recorder.awaitOutput("Rpiece piece piece ");
        process.unregisterProducer();
        AtomicReference<String> told = new AtomicReference<>("");
        process.registerProducer(new Producer.Push() {
            @Override
            public void pauseProducing() {
                told.set(told.get() + "pause ");
            }

            @Override
            public void resumeProducing() {
                told.set(told.get() + "resume ");
            }

            @Override
            public void stopProducing() {
                told.set(told.get() + "stop ");
            }
        });
        process.write(new byte[1 << 20]);
        recorder.awaitSize(19 + (1 << 20));
        Await.until("paused and resumed", () -> told.get().equals("pause resume "));
        process.abortConnection();
        recorder.awaitEnd().assertOrderly();
        assertEquals("pause resume stop ", told.get());
    }

    @Test
    void stopConsumingForgetsTheProducerAndLosesTheConnection() throws Exception {
        PtyProcess process = rawCat();
        AtomicInteger stopped = new AtomicInteger();
        process.registerProducer(new Producer.Pull() {
            @Override
            public void resumeProducing() {}

            @Override
            public void stopProducing() {
                stopped.incrementAndGet();
            }
        });
        process.stopConsuming();
        recorder.awaitEnd().assertOrderly();
        assertEquals(0, stopped.get());
    }

    @Test
    void sendLimitAndDataBufferAreTheWriteQueueAndPendingBytes() throws Exception {
        recorder = new ProtocolRecorder();
        PtyProcess process = sh("stty raw -echo; printf R; exec sleep 1000");
        recorder.awaitOutput("R");
        assertEquals(0, process.pendingBytes());
        process.write(new byte[300_000]);
        assertTrue(process.pendingBytes() > 200_000);
        process.abortConnection();
        recorder.awaitEnd().assertOrderly();
        assertEquals(0, process.pendingBytes());
        assertTrue(process.unwrittenBytes() > 200_000);
    }

    @Test
    void reactorIsSharedByDefault() throws Exception {
        AtomicReference<Thread> thread = new AtomicReference<>();
        recorder = new ProtocolRecorder() {
            @Override
            public void processExited(ExitStatus status) {
                thread.set(Thread.currentThread());
                super.processExited(status);
            }
        };
        sh("true");
        recorder.awaitEnd();
        AtomicReference<Thread> shared = new AtomicReference<>();
        Reactor.shared().execute(() -> shared.set(Thread.currentThread()));
        Await.until("run", () -> shared.get() != null);
        assertSame(shared.get(), thread.get());
        try (Reactor own = Reactor.open()) {
            assertNotSame(own, Reactor.shared());
        }
    }

    @Test
    void logPrefixAndGetLogPrefixNameProtocolAndPid() throws Exception {
        final class MyProtocol extends ProtocolRecorder {}
        recorder = new MyProtocol();
        PtyProcess process = sh("true");
        assertTrue(process.logPrefix().contains("MyProtocol"), process::logPrefix);
        assertTrue(process.logPrefix().contains("" + process.pid()), process::logPrefix);
        recorder.awaitEnd();
        assertTrue(process.logPrefix().contains("MyProtocol"), process::logPrefix);
    }

    @Test
    void reprNamesPidCommandAndStateAndKeepsThePid() throws Exception {
        PtyProcess process = start(new PtyProcessBuilder("sh", "-c", "read line; exit 3"));
        String before = process.toString();
        assertTrue(before.contains("" + process.pid()) && before.contains("read line") && before.contains("running"), before);
        process.write(ascii("\n"));
        recorder.awaitEnd();
        String after = process.toString();
        assertTrue(after.contains("" + process.pid()) && after.contains("read line") && after.contains("3"), after);
        assertFalse(after.contains("running"), after);
    }

    @Test
    void reapProcessIsDoneByTheLoopAndNoZombieStays() throws Exception {
        PtyProcess process = sh("true");
        recorder.awaitEnd().assertOrderly();
        assertArrayEquals(new String[0], Children.fields(process.pid()));
    }

    @Test
    void signalProcessTakesNamesNumbersAndSignalsAndRefusesAfterTheExit() throws Exception {
        PtyProcess process = sh("for s in HUP INT TERM USR1 QUIT; do trap \"echo got $s\" $s; done; echo R; while test -t 0; do sleep 0.02; done");
        recorder.awaitOutput("R");
        process.signalProcess("HUP");
        recorder.awaitOutput("got HUP");
        process.signalProcess("SIGINT");
        recorder.awaitOutput("got INT");
        process.signalProcess(15);
        recorder.awaitOutput("got TERM");
        process.signal(Signal.USR1);
        recorder.awaitOutput("got USR1");
        process.signalProcess("quit");
        recorder.awaitOutput("got QUIT");
        process.signalProcess("STOP");
        Await.until("stopped", () -> Children.fields(process.pid())[0].equals("T"));
        assertThrows(IllegalArgumentException.class, () -> process.signalProcess("NONSENSE"));
        assertThrows(IllegalArgumentException.class, () -> process.signalProcess(65));
        process.signalProcess("KILL");
        recorder.awaitEnd().assertOrderly();
        assertThrows(ProcessExitedException.class, () -> process.signalProcess("TERM"));
    }

    @Test
    void getReasonIsTheExitStatus() throws Exception {
        sh("exit 0");
        recorder.awaitEnd();
        assertTrue(recorder.exit().isSuccess());
        recorder = new ProtocolRecorder();
        sh("exit 1");
        recorder.awaitEnd();
        assertEquals(new ExitStatus.Exited(1), recorder.exit());
        recorder = new ProtocolRecorder();
        sh("kill -9 $$");
        recorder.awaitEnd();
        assertEquals(Signal.KILL, assertInstanceOf(ExitStatus.Signaled.class, recorder.exit()).signal());
    }
}
