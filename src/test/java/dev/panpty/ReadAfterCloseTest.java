package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.Programs;
import dev.panpty.testing.Way;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads after the close of the stream, the process or the terminal: they give -1 only if all output was read. */
class ReadAfterCloseTest {

    private static final Pattern CUT = Pattern.compile("output cut: .* was closed with (\\d+) bytes unread, or more");

    private static final int ONE_WRITE_BYTES = 10_000_000;

    @TempDir
    Path folder;

    /** Runs a call on a thread of its own, and returns when that is blocked. */
    private static <T> FutureTask<T> waiting(boolean virtual, Callable<T> call) throws Exception {
        FutureTask<T> task = new FutureTask<>(call);
        Thread thread = virtual ? Thread.ofVirtual().unstarted(task) : Thread.ofPlatform().daemon().unstarted(task);
        thread.start();
        Await.blocked(thread);
        return task;
    }

    private static <T> T result(FutureTask<T> task) throws Exception {
        return task.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    private static void assertStreamClosed(InputStream stream) {
        for (Callable<?> call : List.<Callable<?>>of(stream::read, () -> stream.read(new byte[9]), () -> stream.read(new byte[9], 3, 0),
                stream::available, stream::readAllBytes, () -> stream.skip(1), () -> stream.transferTo(OutputStream.nullOutputStream()))) {
            assertEquals("Stream closed", assertThrows(IOException.class, call::call).getMessage());
        }
    }

    private static int cut(InputStream stream) {
        IOException failed = assertThrows(IOException.class, stream::read);
        assertEquals(failed.getMessage(), assertThrows(IOException.class, stream::readAllBytes).getMessage());
        Matcher matcher = CUT.matcher(failed.getMessage());
        assertTrue(matcher.matches(), failed::getMessage);
        return Integer.parseInt(matcher.group(1));
    }

    private static void assertAtEnd(InputStream stream) throws IOException {
        assertEquals(-1, stream.read());
        assertEquals(-1, stream.read(new byte[10]));
        assertEquals(0, stream.available());
    }

    private static void awaitAvailable(InputStream stream, int bytes) throws Exception {
        Await.until(bytes + " bytes of output", () -> stream.available() >= bytes);
    }

    @EachWay
    void readsOfAClosedStreamFail() throws Exception {
        try (PtyProcess process = Programs.sh("printf 12345; exec 2>/dev/null; read x; exit 9")) {
            InputStream output = process.getInputStream();
            awaitAvailable(output, 5);
            output.close();
            assertStreamClosed(output);
            process.getOutputStream().write('\n');
            assertEquals(9, process.waitFor());
            process.onEnd().get();
            assertStreamClosed(output);
            end(process, false);
            assertStreamClosed(output);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aReadThatWaitsFailsWhenAnotherThreadClosesTheStream(boolean virtual) throws Exception {
        try (PtyProcess process = new PtyProcessBuilder("cat").stderr(StandardError.PIPE).start()) {
            for (InputStream stream : List.of(process.getInputStream(), process.getErrorStream())) {
                FutureTask<Integer> read = waiting(virtual, stream::read);
                stream.close();
                ExecutionException failed = assertThrows(ExecutionException.class, () -> result(read));
                assertEquals("Stream closed", failed.getCause().getMessage());
                assertStreamClosed(stream);
            }
            assertTrue(process.isAlive());
        }
    }

    @Test
    void readsOfAStreamThatIsClosedAfterTheEndFail() throws Exception {
        try (PtyProcess process = PtyProcess.start("echo", "all")) {
            process.onEnd().get();
            process.getInputStream().close();
            assertStreamClosed(process.getInputStream());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aQuietPumpEndsQuietly(boolean virtual) throws Exception {
        for (boolean hangUp : new boolean[] {false, true}) {
            for (int i = 0; i < 25; i++) {
                PtyProcess process = new PtyProcessBuilder("sh", "-c", "printf ready >&2; printf ready; exec cat")
                        .stderr(StandardError.PIPE).start();
                ByteArrayOutputStream copied = new ByteArrayOutputStream();
                FutureTask<Long> output = waiting(virtual, () -> process.getInputStream().transferTo(copied));
                FutureTask<String> errors = waiting(virtual,
                        () -> process.errorReader(StandardCharsets.US_ASCII).readLine());
                Await.until("all is copied", () -> copied.size() == 5);
                Await.until("errors are read", () -> process.getErrorStream().available() == 0);
                end(process, hangUp);
                assertEquals(5, result(output));
                assertEquals("ready", result(errors));
                assertAtEnd(process.getInputStream());
                process.close();
            }
        }
    }

    private static void end(PtyProcess process, boolean hangUp) {
        if (hangUp) {
            process.hangUp();
        } else {
            process.close();
        }
    }

    @EachWay
    void outputThatIsCutIsCounted() throws Exception {
        for (boolean hangUp : new boolean[] {false, true}) {
            try (PtyProcess process = new PtyProcessBuilder("sh", "-c",
                    "trap '' HUP TERM; stty raw; head -c 1000 /dev/zero >&2; head -c 3000 /dev/zero; " + Programs.REST)
                    .stderr(StandardError.PIPE).closeGrace(Duration.ofMillis(20)).start()) {
                awaitAvailable(process.getInputStream(), 3000);
                assertEquals(100, process.getInputStream().readNBytes(100).length);
                awaitAvailable(process.getErrorStream(), 1000);
                end(process, hangUp);
                assertEquals(2900, cut(process.getInputStream()));
                assertEquals(1000, cut(process.getErrorStream()));
                assertEquals(0, process.getInputStream().available());
            }
        }
    }

    /** A waiting writer has read it ahead. */
    @EachWay
    void outputThatWasReadAheadIsReadFirst() throws Exception {
        for (boolean hangUp : new boolean[] {false, true}) {
            PtyProcess process = Programs.rawAndThen("exec cat");
            FutureTask<Void> write = waiting(false, () -> {
                process.getOutputStream().write(new byte[1 << 20]);
                return null;
            });
            awaitAvailable(process.getInputStream(), 256 * 1024);
            end(process, hangUp);
            assertThrows(ExecutionException.class, () -> result(write));
            int ahead = process.getInputStream().available();
            assertTrue(ahead > 252 * 1024, () -> "" + ahead); // up to 4095 of those that were available were the terminal's
            assertArrayEquals(new byte[ahead], process.getInputStream().readNBytes(ahead));
            assertTrue(cut(process.getInputStream()) > 0);
            process.close();
        }
    }

    /** One write(2) in flight; a fast reader leaves nothing of it unread at nearly every moment. */
    @EachWay
    void aWriteInFlightIsCutThoughNothingOfItIsUnread() throws Exception {
        Path accepted = Path.of(System.getProperty("panpty.test.native"), "accepted");
        for (int i = 0; i < Math.max(4, Way.times(40)); i++) {
            PtyProcess process = new PtyProcessBuilder(accepted.toString(), folder.resolve("report").toString(), "raw", "once",
                    Integer.toString(ONE_WRITE_BYTES))
                    .closeGrace(Duration.ofMillis(20)).start();
            int enough = 1 + i * 1000;
            AtomicInteger copied = new AtomicInteger();
            FutureTask<Void> pump = new FutureTask<>(() -> {
                byte[] piece = new byte[8192];
                for (int count; (count = process.getInputStream().read(piece)) >= 0; ) {
                    copied.addAndGet(count);
                }
                return null;
            });
            Thread thread = i % 2 == 0 ? Thread.ofVirtual().unstarted(pump) : Thread.ofPlatform().daemon().unstarted(pump);
            thread.start();
            Await.until("some of it is copied", () -> copied.get() >= enough);
            end(process, i % 4 < 2);
            try {
                result(pump);
                assertEquals(ONE_WRITE_BYTES, copied.get(), "the end was given");
            } catch (ExecutionException cut) {
                assertTrue(CUT.matcher(cut.getCause().getMessage()).matches(), cut.getCause()::getMessage);
            }
            process.close();
        }
    }

    /** A caller that has seen the exit before the close loses no output. */
    @EachWay
    void closeAfterTheExitLeavesAllTheOutputToBeRead() throws Exception {
        for (int i = 0; i < Way.times(200); i++) {
            PtyProcess process = new PtyProcessBuilder("sh", "-c", "printf 1234567; printf 123 >&2").stderr(StandardError.PIPE).start();
            if (i % 2 == 0) {
                process.waitFor();
            } else {
                process.onExit().get();
            }
            end(process, i % 3 == 0);
            assertEquals("1234567", new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
            assertEquals("123", new String(process.getErrorStream().readAllBytes(), StandardCharsets.US_ASCII));
            process.close();
        }
    }

    @Test
    void theReaderOfProcessFailsAsItsStream() throws Exception {
        PtyProcess process = Programs.sh("stty raw; printf 12345678; exec cat");
        awaitAvailable(process.getInputStream(), 8);
        process.close();
        IOException failed = assertThrows(IOException.class, process.inputReader()::readLine);
        assertTrue(CUT.matcher(failed.getMessage()).matches(), failed::getMessage);
        process.inputReader().close();
        assertThrows(IOException.class, process.inputReader()::read);
        assertStreamClosed(process.getInputStream());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bothEndsOfATerminalWithoutAProcessAreQuietWhereNothingIsLost(boolean virtual) throws Exception {
        Pty pty = Pty.open();
        FutureTask<Integer> typed = waiting(virtual, pty.ptsInputStream()::read);
        FutureTask<Integer> shown = waiting(virtual, pty.ptmxInputStream()::read);
        pty.close();
        assertEquals(-1, result(typed));
        assertEquals(-1, result(shown));
        pty.ptmxInputStream().close();
        assertStreamClosed(pty.ptmxInputStream());
    }

    @Test
    void bothEndsOfATerminalWithoutAProcessReportCutOutput() throws Exception {
        Pty pty = Pty.open();
        pty.attributes(TerminalAttributes.cooked().withEcho(false));
        InputStream typed = pty.ptsInputStream();
        pty.ptsOutputStream().write(new byte[20]);
        pty.ptmxOutputStream().write("four\n".getBytes(StandardCharsets.US_ASCII));
        awaitAvailable(typed, 5);
        awaitAvailable(pty.ptmxInputStream(), 20);
        assertEquals(4, pty.ptmxInputStream().readNBytes(4).length);
        pty.close();
        assertEquals(16, cut(pty.ptmxInputStream()));
        assertEquals(5, cut(typed));
        typed.close();
        assertStreamClosed(typed);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aReadThatWaitsAtEitherEndFailsWhenItsStreamIsClosed(boolean virtual) throws Exception {
        try (Pty pty = Pty.open()) {
            for (InputStream stream : List.of(pty.ptsInputStream(), pty.ptmxInputStream())) {
                FutureTask<Integer> read = waiting(virtual, stream::read);
                stream.close();
                ExecutionException failed = assertThrows(ExecutionException.class, () -> result(read));
                assertEquals("Stream closed", failed.getCause().getMessage());
            }
        }
    }

    @Test
    void aTerminalThatIsGivenToAProcessTakesItsUnreadInputAlong() throws Exception {
        Pty pty = Pty.open();
        pty.ptsOutputStream().write("shown".getBytes(StandardCharsets.US_ASCII));
        pty.ptmxOutputStream().write("line\n".getBytes(StandardCharsets.US_ASCII));
        InputStream typed = pty.ptsInputStream();
        InputStream shown = pty.ptmxInputStream();
        awaitAvailable(typed, 5);
        awaitAvailable(shown, 5);
        try (PtyProcess process = new PtyProcessBuilder("sh", "-c", "read x; echo got $x").pty(pty).start()) {
            assertAtEnd(typed);
            assertAtEnd(shown);
            String all = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertTrue(all.startsWith("shown") && all.endsWith("got line\r\n"), all);
        }
    }
}
