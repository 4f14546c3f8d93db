package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Programs;
import dev.panpty.testing.ProtocolRecorder;
import dev.panpty.testing.ReactorCrowd;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** The loop's thread: the work on it, the calls that it refuses, and its end. */
class ReactorTest {

    private static final long SECONDS = 20;

    private Reactor reactor;

    @BeforeEach
    void open() throws Exception {
        reactor = Reactor.open();
    }

    @AfterEach
    void close() {
        reactor.close();
    }

    private static PtyProcessBuilder sh(String script) {
        return new PtyProcessBuilder("sh", "-c", script);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertTrue(latch.await(SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void executedWorkRunsInOrderOnTheOneDaemonThread() throws Exception {
        List<Integer> ran = Collections.synchronizedList(new ArrayList<>());
        AtomicReference<Thread> thread = new AtomicReference<>();
        CountDownLatch last = new CountDownLatch(1);
        for (int i = 0; i < 1000; i++) {
            int number = i;
            reactor.execute(() -> ran.add(number));
        }
        reactor.execute(() -> {
            thread.set(Thread.currentThread());
            last.countDown();
        });
        await(last);
        assertEquals(IntStream.range(0, 1000).boxed().toList(), ran);
        assertTrue(thread.get().isDaemon());
        assertTrue(thread.get().getName().startsWith("panpty-reactor"), () -> thread.get().getName());
    }

    @Test
    void everyCallThatBlocksIsRefusedInACallbackAtOnce() throws Exception {
        try (PtyProcess streams = Programs.sh("exec sleep 1000"); Reactor other = Reactor.open()) {
            AtomicReference<Throwable> outcome = new AtomicReference<>();
            ProtocolRecorder recorder = new ProtocolRecorder() {
                @Override
                public void outReceived(ByteBuffer data) {
                    super.outReceived(data);
                    try {
                        PtyProcess self = (PtyProcess) transport();
                        List<Executable> calls = List.of(self::waitFor, () -> self.waitFor(1, TimeUnit.SECONDS),
                                () -> self.waitFor(Duration.ofSeconds(1)), self::close, streams::waitFor, streams::close,
                                () -> streams.getInputStream().read(), () -> streams.getInputStream().read(new byte[10]),
                                () -> streams.getInputStream().readAllBytes(), () -> streams.inputReader().read(),
                                () -> streams.getOutputStream().write(1), () -> streams.getOutputStream().write(new byte[10]),
                                () -> streams.getOutputStream().close(), reactor::close, other::close);
                        for (Executable call : calls) {
                            assertThrows(IllegalStateException.class, call, () -> "call " + calls.indexOf(call));
                        }
                        assertFalse(self.waitFor(0, TimeUnit.SECONDS), "which only polls");
                    } catch (Throwable thrown) {
                        outcome.set(thrown);
                    }
                }
            };
            sh("echo hello; exec sleep 1000").start(reactor, recorder);
            recorder.awaitOutput("hello");
            CountDownLatch turn = new CountDownLatch(1);
            reactor.execute(turn::countDown);
            await(turn);
            if (outcome.get() != null) {
                throw new AssertionError(outcome.get());
            }
            assertEquals(List.of(), recorder.errors());
        }
    }

    @Test
    void typingIntoAStreamOnAReactorsThreadIsRefused() throws Exception {
        try (PtyProcess process = Programs.rawCat()) {
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            reactor.execute(() -> {
                try {
                    process.sendEndOfFile();
                    thrown.complete(new AssertionError("typed"));
                } catch (Throwable refused) {
                    thrown.complete(refused);
                }
            });
            assertInstanceOf(IllegalStateException.class, thrown.get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void dependentsThatBlockLeaveOtherTerminalsUndisturbed() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(20);
        Runnable block = () -> {
            blocked.countDown();
            try {
                release.await(SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        };
        for (int i = 0; i < 10; i++) {
            PtyProcess process = sh("read line").start(reactor, new ProtocolRecorder());
            process.onExit().thenRun(block);
            process.onEnd().thenRun(block);
            process.write(ascii("\n"));
        }
        await(blocked);
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = sh("echo hello; exit 3").start(reactor, recorder);
        recorder.awaitEnd().assertOrderly();
        assertEquals(3, process.onEnd().get(SECONDS, TimeUnit.SECONDS).exitValue());
        release.countDown();
    }

    @Test
    void aFloodingTerminalDoesNotStarveOthers() throws Exception {
        for (int i = 0; i < 3; i++) {
            sh("exec yes").start(reactor, new ProcessProtocol() {});
        }
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess cat = sh("stty raw -echo; printf R; exec cat").start(reactor, recorder);
        recorder.awaitOutput("R");
        for (int i = 0; i < 200; i++) {
            cat.write(ascii("<" + i + ">"));
            recorder.awaitOutput("<" + i + ">");
        }
    }

    @Test
    @Timeout(120)
    void fiveHundredTerminalsAtOnceShareOneThread() throws Exception {
        ReactorCrowd.cats(500);
    }

    @Test
    void idleTerminalsCostNothing() throws Exception {
        ReactorCrowd.idle(200, Duration.ofSeconds(2));
    }
}
