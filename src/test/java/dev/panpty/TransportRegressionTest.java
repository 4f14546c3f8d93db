package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.LoggedErrors;
import dev.panpty.testing.Programs;
import dev.panpty.testing.Threads;
import dev.panpty.testing.Way;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What once went wrong in event style. */
@Timeout(60)
class TransportRegressionTest extends OwnReactor {

    private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

    @TempDir
    Path folder;

    private static PtyProcessBuilder sh(String script) {
        return new PtyProcessBuilder("sh", "-c", script);
    }

    @Test
    void whatIsWrittenWhenTheConnectionIsMadeArrivesHoweverMuchItIs() throws Exception {
        byte[] sent = new byte[200_000];
        new Random(5).nextBytes(sent);
        ProtocolRecorder recorder = new ProtocolRecorder() {
            @Override
            public void connectionMade(ProcessTransport transport) {
                super.connectionMade(transport);
                transport.write(sent);
            }
        };
        PtyProcess process = new PtyProcessBuilder("cat").attributes(TerminalAttributes.raw()).start(reactor, recorder);
        assertTrue(Await.within(PROMPTLY, () -> recorder.size() == sent.length), () -> recorder.size() + " bytes came back, pending "
                + process.pendingBytes());
        assertArrayEquals(sent, recorder.bytes());
    }

    @Test
    void aWriteQueueToALiveChildThatIsHungUpDoesNotSpin() throws Exception {
        Path closed = folder.resolve("closed");
        sh("exec </dev/null >/dev/null 2>&1; : >" + closed + "; exec sleep 1000").attributes(TerminalAttributes.raw())
                .start(reactor, new ProtocolRecorder() {
                    @Override
                    public void connectionMade(ProcessTransport transport) {
                        super.connectionMade(transport);
                        transport.write(new byte[100_000]);
                    }
                });
        Await.until("the child has closed its terminal", () -> Files.exists(closed));
        assertEquals("", Threads.spinning("panpty-reactor"));
    }

    @Test
    void aPausedProcessWithNoOutputLeftEnds() throws Exception {
        PtyProcess process = new PtyProcessBuilder("true").start(reactor, new ProtocolRecorder() {
            @Override
            public void connectionMade(ProcessTransport transport) {
                transport.pauseProducing();
            }
        });
        assertEquals(0, process.onEnd().get(PROMPTLY.toSeconds(), TimeUnit.SECONDS).exitValue());
    }

    @Test
    void aPullProducerIsAskedAgainWhenAnInterruptDiscardsWhatIsPending() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = sh("trap '' INT; stty -icanon -echo; echo R; exec sleep 1000").start(reactor, recorder);
        recorder.awaitOutput("R");
        AtomicInteger asked = new AtomicInteger();
        process.registerProducer(new Producer.Pull() {
            @Override
            public void resumeProducing() {
                if (asked.incrementAndGet() == 1) {
                    process.write(new byte[200_000]);
                }
            }

            @Override
            public void stopProducing() {
                // it has no more
            }
        });
        Await.until("it has produced", () -> process.pendingBytes() > 0);
        assertTheReactorAnswers(); // so the write is over
        process.interrupt();
        assertTrue(Await.within(PROMPTLY, () -> asked.get() == 2), "not asked again");
    }

    /** A subscriber that asks for output as it subscribes, and then does not come back properly. */
    private static class Awkward implements Flow.Subscriber<ByteBuffer> {

        private final Runnable then;
        private final CountDownLatch received = new CountDownLatch(1);

        Awkward(Runnable then) {
            this.then = then;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(5);
            then.run();
        }

        @Override
        public void onNext(ByteBuffer item) {
            received.countDown();
        }

        @Override
        public void onError(Throwable thrown) {
            throw new AssertionError(thrown);
        }

        @Override
        public void onComplete() {
            // the end
        }
    }

    /** The start's own commands, and what the first output leads to, are behind it. */
    private void assertTheReactorAnswers() throws Exception {
        ProtocolRecorder other = new ProtocolRecorder();
        sh("echo hi").start(reactor, other);
        other.awaitEnd();
    }

    @Test
    void aSubscriberThatThrowsWhenItSubscribesDoesNotBlockTheReactor() throws Exception {
        for (int i = 0; i < 5; i++) {
            ProcessFlow flow = new ProcessFlow();
            sh("echo hi; exec sleep 1000").start(reactor, flow);
            assertThrows(IllegalCallerException.class, () -> flow.output().subscribe(new Awkward(() -> {
                throw new IllegalCallerException("mine");
            })));
            assertTheReactorAnswers();
        }
    }

    @Test
    void aSubscriberThatIsSlowToSubscribeDoesNotBlockTheReactor() throws Exception {
        ProcessFlow flow = new ProcessFlow();
        sh("echo hi; exec sleep 1000").start(reactor, flow);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        Awkward slow = new Awkward(() -> {
            inside.countDown();
            try {
                release.await();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        });
        Thread subscribing = Thread.ofPlatform().daemon().start(() -> flow.output().subscribe(slow));
        try {
            assertPromptly("onSubscribe", inside);
            assertTheReactorAnswers();
            assertEquals(1, slow.received.getCount(), "an item before onSubscribe has returned");
        } finally {
            release.countDown();
        }
        assertPromptly("the item", slow.received);
        assertTrue(subscribing.join(PROMPTLY));
    }

    @Test
    void timesThatNeverEndAreTakenAndLeaveNothingBehind() throws Exception {
        Leaks.none(() -> {
            Reactor own = Reactor.open();
            ProtocolRecorder recorder = new ProtocolRecorder();
            PtyProcess events = new PtyProcessBuilder("cat").closeGrace(FOREVER).loseConnectionLimit(FOREVER).start(own, recorder);
            events.loseConnection();
            recorder.awaitEnd();
            PtyProcess streams = new PtyProcessBuilder("cat").closeGrace(FOREVER).start();
            streams.close();
            assertFalse(streams.isAlive());
            own.close();
        });
    }

    @Test
    void aStartThatFailsOnAClosedReactorLeavesNothingBehind() throws Exception {
        Leaks.none(() -> {
            Reactor own = Reactor.open();
            own.close();
            PtyProcessBuilder builder = new PtyProcessBuilder("cat").closeGrace(FOREVER).stderr(StandardError.PIPE);
            assertThrows(IllegalStateException.class, () -> builder.start(own, new ProtocolRecorder()));
        });
    }

    @Test
    void aProtocolWithAPipeThatOthersFloodEndsAtTheExit() throws Exception {
        Path go = folder.resolve("go");
        CountDownLatch flooded = new CountDownLatch(5);
        ProtocolRecorder recorder = new ProtocolRecorder() {
            @Override
            public void errReceived(ByteBuffer data) {
                flooded.countDown();
                LockSupport.parkNanos(5_000_000); // the pipe is full again
            }
        };
        sh("(trap '' HUP PIPE; exec yes >&2) & " + Programs.until(go) + "; exit 3")
                .stderr(StandardError.PIPE).endAtExit(true).start(reactor, recorder);
        assertPromptly("the flood", flooded);
        Files.createFile(go);
        assertTrue(Await.within(PROMPTLY, () -> recorder.events().contains("ended")), () -> recorder.events().toString());
        assertEquals(3, recorder.exit().exitValue());
    }

    @Test
    void aSequenceThatIsRefusedIsNotTaken() throws Exception {
        List<ByteBuffer> pieces = List.of(ByteBuffer.wrap(new byte[3000]), ByteBuffer.wrap(new byte[10], 2, 5), ByteBuffer.allocateDirect(3000));
        List<String> before = pieces.stream().map(ByteBuffer::toString).toList();
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = new PtyProcessBuilder("cat").start(reactor, recorder);
        assertThrows(IllegalArgumentException.class, () -> process.writeSequence(pieces), "a line that the kernel would cut");
        assertEquals(before, pieces.stream().map(ByteBuffer::toString).toList());
        assertThrows(NullPointerException.class, () -> process.writeSequence(Arrays.asList(pieces.get(0), null)));
        assertEquals(before, pieces.stream().map(ByteBuffer::toString).toList());
        process.closeStdin();
        assertThrows(IllegalStateException.class, () -> process.writeSequence(pieces));
        assertEquals(before, pieces.stream().map(ByteBuffer::toString).toList());
        recorder.awaitEnd();
        try (PtyProcess streams = PtyProcess.start("cat")) {
            assertThrows(IllegalStateException.class, () -> streams.writeSequence(pieces));
            assertEquals(before, pieces.stream().map(ByteBuffer::toString).toList());
        }
    }

    @Test
    void aBufferForWhichThereIsNoMemoryIsNotTakenAndHurtsNothing() throws Exception {
        new ForkedJvm(HugeBuffer.class).options("-Xmx80m").arguments(folder.toString()).run();
    }

    /** Two gigabytes, of which the heap has no place for one. */
    public static final class HugeBuffer implements ForkedJvm.Body {
        @Override
        public void run(String[] arguments) throws Throwable {
            Path sparse = Path.of(arguments[0], "sparse");
            ByteBuffer huge;
            try (FileChannel file = FileChannel.open(sparse, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                file.write(ByteBuffer.wrap(new byte[1]), Integer.MAX_VALUE - 1);
                huge = file.map(FileChannel.MapMode.READ_ONLY, 0, Integer.MAX_VALUE);
            }
            ProtocolRecorder recorder = new ProtocolRecorder();
            PtyProcess process = new PtyProcessBuilder("sh", "-c", "stty raw -echo; printf R; exec cat").start(recorder);
            recorder.awaitOutput("R");
            assertThrows(OutOfMemoryError.class, () -> process.write(huge));
            assertEquals(Integer.MAX_VALUE, huge.remaining());
            assertEquals(0, process.pendingBytes());
            process.write(new byte[] {'a', 'b', 'c'});
            recorder.awaitOutput("Rabc");
            huge.limit(1_000_000);
            process.write(huge);
            recorder.awaitSize(1_000_004);
            process.close();
            recorder.awaitEnd().assertOrderly();
        }
    }

    @Test
    void anOnErrorThatThrowsOnWhatItWasToldLosesNeitherExitNorEnd() throws Exception {
        ProcessProtocol thrower = new ProcessProtocol() {
            @Override
            public void processExited(ExitStatus status) {
                throw new IllegalStateException("mine");
            }

            @Override
            public void onError(Throwable thrown) {
                throw (IllegalStateException) thrown;
            }
        };
        try (LoggedErrors logged = new LoggedErrors()) {
            PtyProcess process = sh("exit 3").start(reactor, thrower);
            assertEquals(3, process.onEnd().get(PROMPTLY.toSeconds(), TimeUnit.SECONDS).exitValue());
            assertEquals(List.of("in the protocol of a process: java.lang.IllegalStateException: mine"), logged.all());
        }
    }

    @Test
    void aProcessThatIsPausedByTheLastOfItsOutputEnds() throws Exception {
        Path written = folder.resolve("written");
        Path exit = folder.resolve("exit");
        ProtocolRecorder recorder = new ProtocolRecorder() {
            @Override
            public void connectionMade(ProcessTransport transport) {
                super.connectionMade(transport);
                transport.pauseProducing();
            }

            @Override
            public void outReceived(ByteBuffer data) {
                super.outReceived(data);
                transport().pauseProducing();
            }

            @Override
            public void processExited(ExitStatus status) {
                super.processExited(status);
                transport().resumeProducing();
            }
        };
        PtyProcess process = sh("printf x; : >" + written + "; " + Programs.until(exit)).start(reactor, recorder);
        Await.until("the output is written", () -> Files.exists(written));
        recorder.awaitEvent("made");
        CountDownLatch edgeSeen = new CountDownLatch(1);
        reactor.execute(() -> reactor.execute(edgeSeen::countDown)); // a turn after the one in which it connected
        assertPromptly("two turns", edgeSeen);
        Files.createFile(exit);
        assertEquals(0, process.onEnd().get(PROMPTLY.toSeconds(), TimeUnit.SECONDS).exitValue());
    }

    @Test
    void standardErrorThatIsThereWhenTheConnectionIsLostIsDelivered() throws Exception {
        Path go = folder.resolve("go");
        Path written = folder.resolve("written");
        StringBuffer errors = new StringBuffer();
        ProtocolRecorder recorder = new ProtocolRecorder() {
            @Override
            public void outReceived(ByteBuffer data) {
                super.outReceived(data);
                try {
                    Files.createFile(go);
                    Await.until("standard error is written", () -> Files.exists(written));
                } catch (Exception failed) {
                    throw new AssertionError(failed);
                }
                transport().loseConnection();
            }

            @Override
            public void errReceived(ByteBuffer data) {
                errors.append(StandardCharsets.ISO_8859_1.decode(data));
            }
        };
        sh("printf out; " + Programs.until(go) + "; printf err >&2; : >" + written + "; exec sleep 1000")
                .stderr(StandardError.PIPE).start(reactor, recorder);
        recorder.awaitEnd();
        assertEquals("err", errors.toString());
        assertEquals(List.of(), recorder.errors());
    }

    @Test
    void aConnectionThatIsLostAtOnceIsNotHungUpInsideTheCallback() throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        ProtocolRecorder recorder = new ProtocolRecorder() {
            @Override
            public void outReceived(ByteBuffer data) {
                transport().loseConnection();
                events.add("out");
            }

            @Override
            public void outConnectionLost() {
                events.add("out lost");
            }
        };
        sh("echo out; exec sleep 1000").loseConnectionLimit(Duration.ZERO).start(reactor, recorder);
        recorder.awaitEnd();
        assertEquals(List.of("out", "out lost"), events);
    }

    /** The kernel hands on what was written in small pieces by and by, so that a read may give little though more is on its way. */
    @EachWay
    void loseConnectionDeliversWhatIsThereThoughItComesInPieces() throws Exception {
        for (int i = 0; i < Way.times(100); i++) {
            Path written = folder.resolve("written-" + i);
            ProtocolRecorder recorder = new ProtocolRecorder() {
                @Override
                public void connectionMade(ProcessTransport transport) {
                    transport.pauseProducing();
                    super.connectionMade(transport);
                }
            };
            PtyProcess process = sh("i=0; while [ $i -lt 600 ]; do printf %025d 0; i=$((i+1)); done; : >" + written + "; exec sleep 1000")
                    .start(reactor, recorder);
            recorder.awaitEvent("made");
            Await.until("all is written", () -> Files.exists(written));
            reactor.execute(() -> {
                process.resumeProducing();
                process.loseConnection();
            });
            recorder.awaitEnd().assertOrderly();
            assertEquals(600 * 25, recorder.size());
        }
    }
}
