package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.Children;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.OwnReactor;
import dev.panpty.testing.Programs;
import dev.panpty.testing.ProtocolRecorder;
import dev.panpty.testing.Threads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** pauseProducing: no output is delivered until the resume, but the exit and an end without output are. */
class PauseTest extends OwnReactor {

    private static final int MEGABYTE = 1 << 20;

    @TempDir
    Path folder;

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
        PtyProcess process = Programs.shell("printf x; : >" + written + "; " + Programs.until(exit)).start(reactor, recorder);
        Await.until("the output is written", () -> Files.exists(written));
        recorder.awaitEvent("made");
        CountDownLatch edgeSeen = new CountDownLatch(1);
        reactor.execute(() -> reactor.execute(edgeSeen::countDown)); // one turn after the turn of connectionMade
        assertPromptly("two turns", edgeSeen);
        Files.createFile(exit);
        assertEquals(0, process.onEnd().get(PROMPTLY.toSeconds(), TimeUnit.SECONDS).exitValue());
    }

    @EachWay
    void outputOfAPausedProgramThatHasExitedArrivesOnResumeAndThenTheEnd() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder() {
            @Override
            public void connectionMade(ProcessTransport transport) {
                super.connectionMade(transport);
                transport.pauseProducing();
            }
        };
        PtyProcess process = Programs.shell("stty raw -echo; seq 1 300; exit 3").start(recorder);
        recorder.awaitEvent("exited");
        process.write(new byte[200_000]);
        Threads.cpuNanos(Reactor.shared()); // waits for a turn of the loop, in which the process must not end
        Threads.cpuNanos(Reactor.shared());
        assertEquals(List.of("made", "exited"), recorder.events());
        assertFalse(process.onEnd().isDone());
        process.resumeProducing();
        recorder.awaitEnd().assertOrderly();
        assertEquals(IntStream.rangeClosed(1, 300).mapToObj(i -> i + "\n").collect(Collectors.joining()), recorder.text());
        assertTrue(process.unwrittenBytes() > 0, "pending bytes are reported");
        assertEquals(0, process.pendingBytes());
        assertSame(process, process.onEnd().get(20, TimeUnit.SECONDS));
    }

    private final Semaphore told = new Semaphore(0);

    @Test
    void aPauseInsideTheCallbackStopsTheLoopBeforeTheNextRead() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder() {
            @Override
            public void outReceived(ByteBuffer data) {
                super.outReceived(data);
                transport().pauseProducing();
                told.release();
            }
        };
        Programs.shell("exec yes").start(recorder);
        for (int i = 0; i < 50; i++) {
            assertTrue(told.tryAcquire(20, TimeUnit.SECONDS));
            assertFalse(told.tryAcquire(2, TimeUnit.MILLISECONDS), "output delivered while paused");
            recorder.transport().resumeProducing();
        }
        recorder.transport().abortConnection();
        recorder.awaitEnd();
    }

    @Test
    void outputAfterAPauseOfAnotherThreadIsDeliveredAfterTheResume() throws Exception {
        Path file = folder.resolve("heard");
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        ProtocolRecorder recorder = new ProtocolRecorder() {
            @Override
            public void outReceived(ByteBuffer data) {
                super.outReceived(data);
                if (held.getCount() > 0 && text().contains("R\r\n")) {
                    held.countDown();
                    assertTrue(Await.opened(release));
                }
            }
        };
        PtyProcess process = Programs.shell("stty -echo; echo R; read line; echo \"$line\"; touch \"$0\"; exec sleep 1000", file).start(recorder);
        assertTrue(held.await(20, TimeUnit.SECONDS));
        process.pauseProducing();
        process.write("question\n".getBytes(StandardCharsets.US_ASCII));
        Await.until("the answer", () -> Files.exists(file));
        release.countDown();
        CountDownLatch turns = new CountDownLatch(1);
        Reactor.shared().schedule(Duration.ofMillis(50), turns::countDown);
        assertTrue(turns.await(20, TimeUnit.SECONDS));
        assertEquals("R\r\n", recorder.text());
        process.resumeProducing();
        recorder.awaitOutput("question");
        process.abortConnection();
        recorder.awaitEnd();
    }

    @Test
    void aFloodingPausedProgramIsBlockedByTheKernel() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder() {
            @Override
            public void connectionMade(ProcessTransport transport) {
                transport.pauseProducing();
                super.connectionMade(transport);
            }
        };
        PtyProcess process = new PtyProcessBuilder("yes").start(recorder);
        recorder.awaitEvent("made");
        Await.until("it has begun", () -> written(process) > 0);
        long[] last = {-1, System.nanoTime()};
        Await.until("it writes no more", () -> {
            long now = written(process);
            if (now != last[0]) {
                last[0] = now;
                last[1] = System.nanoTime();
            }
            return System.nanoTime() - last[1] > 200_000_000 && Children.fields(process.pid())[0].equals("S");
        });
        assertTrue(written(process) < MEGABYTE, () -> written(process) + " bytes");
        assertEquals(0, recorder.size());
        process.resumeProducing();
        recorder.awaitSize(MEGABYTE);
        byte[] bytes = recorder.bytes();
        byte[] expected = "y\r\n".repeat(bytes.length / 3 + 1).substring(0, bytes.length).getBytes(StandardCharsets.US_ASCII);
        assertArrayEquals(expected, bytes);
        process.abortConnection();
        recorder.awaitEnd();
    }

    /** The bytes that it has passed to write(2), see proc_pid_io(5). */
    private static long written(PtyProcess process) {
        try {
            return Files.readAllLines(Path.of("/proc/" + process.pid() + "/io")).stream()
                    .filter(line -> line.startsWith("wchar: ")).mapToLong(line -> Long.parseLong(line.substring(7))).findAny().orElse(0);
        } catch (IOException gone) {
            throw new AssertionError(gone);
        }
    }
}
