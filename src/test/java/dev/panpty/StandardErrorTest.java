package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.Call;
import dev.panpty.testing.Descriptors;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.ErrorRecorder;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.OwnReactor;
import dev.panpty.testing.Programs;
import dev.panpty.testing.ProtocolRecorder;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Standard error on a pipe of its own, while input and output stay on the terminal. */
class StandardErrorTest extends OwnReactor {

    private static final String BOTH = "echo out; echo err >&2; exit 3";

    @TempDir
    Path folder;

    private static PtyProcessBuilder piped(String script) {
        return new PtyProcessBuilder("sh", "-c", script).stderr(StandardError.PIPE);
    }

    private static String all(InputStream in) throws Exception {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    @EachWay
    void streamsKeepErrorsApartFromOutput() throws Exception {
        Leaks.none(() -> {
            try (PtyProcess process = piped(BOTH).start()) {
                assertEquals("out\r\n", all(process.getInputStream()));
                assertEquals("err\n", all(process.getErrorStream()));
                assertEquals(3, process.waitFor());
            }
        });
    }

    @EachWay
    void aProtocolHearsOfErrorsApartFromOutput() throws Exception {
        Leaks.none(() -> {
            ErrorRecorder recorder = new ErrorRecorder();
            piped(BOTH).start(recorder);
            recorder.awaitEnd().assertOrderly();
            assertEquals("out\r\n", recorder.text());
            assertEquals("err\n", recorder.standardError());
            assertTrue(recorder.isStandardErrorLost());
        });
    }

    @EachWay
    void onlyErrorsAreNoTerminal() throws Exception {
        try (PtyProcess process = piped("for i in 0 1 2; do test -t $i && echo $i; done; echo in >/dev/tty").start()) {
            assertEquals("0\r\n1\r\nin\r\n", all(process.getInputStream()));
        }
    }

    @EachWay
    void nothingElseIsOpenInTheProgram() throws Exception {
        try (PtyProcess process = piped("echo ready; read x").start()) {
            assertEquals('r', process.getInputStream().read()); // after the descriptors that a program opens and closes at its start
            assertEquals("[0, 1, 2]", Descriptors.of(process.pid()).keySet().toString());
        }
    }

    @EachWay
    void unlessAskedForErrorsGoToTheTerminalInOrder() throws Exception {
        try (PtyProcess process = new PtyProcessBuilder("sh", "-c", "echo 1; echo 2 >&2; echo 3; test -t 2 && echo same").start()) {
            assertEquals("1\r\n2\r\n3\r\nsame\r\n", all(process.getInputStream()));
            assertEquals(-1, process.getErrorStream().read());
        }
    }

    @EachWay
    void megabytesOfBothArriveWhole() throws Exception {
        Leaks.none(() -> {
            try (PtyProcess process = piped("stty -opost; yes 123456789 | head -c 1000000 & yes abcdefghi | head -c 1000000 >&2; wait")
                    .start(); ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<String> errors = executor.submit(() -> all(process.getErrorStream()));
                assertEquals("123456789\n".repeat(100_000).hashCode(), all(process.getInputStream()).hashCode());
                assertEquals("abcdefghi\n".repeat(100_000).hashCode(), errors.get().hashCode());
            }
        });
    }

    @EachWay
    void inEventStyleMegabytesOfBothArriveWhole() throws Exception {
        ErrorRecorder recorder = new ErrorRecorder();
        piped("stty -opost; yes 123456789 | head -c 1000000 & yes abcdefghi | head -c 1000000 >&2; wait").start(recorder);
        recorder.awaitEnd().assertOrderly();
        assertEquals(1_000_000, recorder.size());
        assertEquals("abcdefghi\n".repeat(100_000).hashCode(), recorder.standardError().hashCode());
    }

    @EachWay
    void closingTheErrorStreamLetsTheProgramWriteOn() throws Exception {
        try (PtyProcess process = piped("head -c 300000 /dev/zero >&2; echo written").start()) {
            process.getErrorStream().close();
            assertEquals("written\r\n", all(process.getInputStream()));
            assertEquals(0, process.waitFor());
        }
    }

    @EachWay
    void errorsLeftByTheProgramAreReadAfterItsExit() throws Exception {
        try (PtyProcess process = piped("seq 1 5000 >&2").start()) {
            process.waitFor();
            assertTrue(all(process.getErrorStream()).endsWith("\n5000\n"));
        }
    }

    @EachWay
    void theEndWaitsForHoldersOfStandardError() throws Exception {
        try (PtyProcess process = piped("trap '' HUP; (sleep 0.3; echo late >&2) </dev/null >/dev/null & exit 0").start()) {
            process.waitFor();
            assertEquals("late\n", all(process.getErrorStream()));
            process.onEnd().get();
        }
    }

    @Test
    void closeEndsReadsOfStandardError() throws Exception {
        Leaks.none(() -> {
            PtyProcess process = piped("read x").start();
            try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<Integer> read = executor.submit(() -> process.getErrorStream().read());
                process.close();
                assertEquals(-1, read.get());
            }
        });
    }

    @Test
    void aFailedStartLeavesNoPipe() throws Exception {
        Leaks.none(() -> {
            for (int i = 0; i < 20; i++) {
                assertThrows(SpawnException.class, () -> new PtyProcessBuilder("/nowhere").stderr(StandardError.PIPE).start());
            }
        });
    }

    @Test
    void streamsWithAPipeThatOthersFloodEndAtTheExit() throws Exception {
        Path go = folder.resolve("go");
        PtyProcessBuilder builder = new PtyProcessBuilder("sh", "-c", "(trap '' HUP PIPE; exec yes >&2) & " + Programs.until(go) + "; exit 3")
                .stderr(StandardError.PIPE).endAtExit(true);
        try (PtyProcess process = builder.start()) {
            assertEquals('y', process.getErrorStream().read());
            Files.createFile(go);
            Call<Long> errors = Call.of(() -> process.getErrorStream().transferTo(OutputStream.nullOutputStream()));
            Call<byte[]> output = Call.of(process.getInputStream()::readAllBytes);
            assertEquals(0, output.result().length);
            assertTrue(errors.result() > 0);
            assertEquals(3, process.waitFor());
            process.onEnd().get(PROMPTLY.toSeconds(), TimeUnit.SECONDS);
        }
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
        Programs.shell("(trap '' HUP PIPE; exec yes >&2) & " + Programs.until(go) + "; exit 3")
                .stderr(StandardError.PIPE).endAtExit(true).start(reactor, recorder);
        assertPromptly("the flood", flooded);
        Files.createFile(go);
        assertTrue(Await.within(PROMPTLY, () -> recorder.events().contains("ended")), () -> recorder.events().toString());
        assertEquals(3, recorder.exit().exitValue());
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
        Programs.shell("printf out; " + Programs.until(go) + "; printf err >&2; : >" + written + "; exec sleep 1000")
                .stderr(StandardError.PIPE).start(reactor, recorder);
        recorder.awaitEnd();
        assertEquals("err", errors.toString());
        assertEquals(List.of(), recorder.errors());
    }
}
