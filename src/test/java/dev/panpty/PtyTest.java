package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.TerminalAttributes.LocalFlag;
import dev.panpty.testing.Await;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.Needs;
import dev.panpty.testing.Programs;
import dev.panpty.testing.ProtocolRecorder;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A terminal without a process: both its ends, and a start on it. */
class PtyTest {

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String next(InputStream in, int bytes) throws IOException {
        return new String(in.readNBytes(bytes), StandardCharsets.US_ASCII);
    }

    @Test
    void typedBytesAreEchoedAndReadLineByLine() throws Exception {
        Leaks.none(() -> {
            try (Pty pty = Pty.open()) {
                BufferedReader program = new BufferedReader(new InputStreamReader(pty.ptsInputStream(), StandardCharsets.US_ASCII));
                pty.ptmxOutputStream().write(ascii("one\ntwo\n"));
                assertEquals("one", program.readLine());
                assertEquals("two", program.readLine());
                assertEquals("one\r\ntwo\r\n", next(pty.ptmxInputStream(), 10));
            }
        });
    }

    @Test
    void bytesThatAProgramWritesAreProcessedAsOutput() throws Exception {
        try (Pty pty = Pty.open()) {
            pty.ptsOutputStream().write(ascii("a\nb\n"));
            assertEquals("a\r\nb\r\n", next(pty.ptmxInputStream(), 6));
        }
    }

    @Test
    void anEditedLineIsReadAsEdited() throws Exception {
        try (Pty pty = Pty.open()) {
            pty.ptmxOutputStream().write(ascii("cax\177t\n"));
            assertEquals("cat\n", next(pty.ptsInputStream(), 4));
        }
    }

    @Test
    void inRawModeBytesPassBothWaysAsTheyAre() throws Exception {
        try (Pty pty = Pty.open()) {
            pty.attributes(TerminalAttributes.raw());
            byte[] all = new byte[256];
            for (int i = 0; i < all.length; i++) {
                all[i] = (byte) i;
            }
            pty.ptmxOutputStream().write(all);
            assertArrayEquals(all, pty.ptsInputStream().readNBytes(256));
            pty.ptsOutputStream().write(all);
            assertArrayEquals(all, pty.ptmxInputStream().readNBytes(256));
        }
    }

    @Test
    void megabytesPassBetweenTwoThreads() throws Exception {
        try (Pty pty = Pty.open(); ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            pty.attributes(TerminalAttributes.raw());
            byte[] much = new byte[2_000_000];
            new Random(1).nextBytes(much);
            Future<byte[]> typed = executor.submit(() -> pty.ptsInputStream().readNBytes(much.length));
            pty.ptmxOutputStream().write(much);
            assertArrayEquals(much, typed.get());
            Future<byte[]> written = executor.submit(() -> pty.ptmxInputStream().readNBytes(much.length));
            pty.ptsOutputStream().write(much);
            assertArrayEquals(much, written.get());
        }
    }

    @Test
    void closingTheKeyboardIsTheEndOfInputOnce() throws Exception {
        try (Pty pty = Pty.open()) {
            pty.ptmxOutputStream().write(ascii("line\n"));
            pty.ptmxOutputStream().close();
            assertArrayEquals(ascii("line\n"), pty.ptsInputStream().readAllBytes());
            assertThrows(IOException.class, () -> pty.ptmxOutputStream().write('x'));
        }
    }

    @Test
    void closingTheProgramsOutputRefusesLaterWritesOnly() throws Exception {
        try (Pty pty = Pty.open()) {
            OutputStream output = pty.ptsOutputStream();
            output.write('a');
            output.close();
            assertThrows(IOException.class, () -> output.write('b'));
            assertEquals('a', pty.ptmxInputStream().read());
            pty.ptmxOutputStream().write(ascii("x\n"));
            assertEquals("x\n", next(pty.ptsInputStream(), 2));
        }
    }

    @Test
    void closeEndsReadsAtBothEnds() throws Exception {
        Leaks.none(() -> {
            Pty pty = Pty.open();
            List<Thread> readers = new ArrayList<>();
            List<Future<Integer>> reads = new ArrayList<>();
            try (ExecutorService executor = Executors.newFixedThreadPool(2, task -> {
                Thread thread = new Thread(task, "reader");
                readers.add(thread);
                return thread;
            })) {
                reads.add(executor.submit(() -> pty.ptmxInputStream().read()));
                reads.add(executor.submit(() -> pty.ptsInputStream().read()));
                for (Thread reader : readers) {
                    Await.blocked(reader); // in the read, or right before it: close() ends both
                }
                pty.close();
                for (Future<Integer> read : reads) {
                    assertEquals(-1, read.get(20, TimeUnit.SECONDS));
                }
            }
        });
    }

    @Test
    void aProgramOfAnotherProcessUsesItByItsName() throws Exception {
        try (Pty pty = Pty.open()) {
            InputStream keepsItOpen = pty.ptsInputStream();
            Process program = new ProcessBuilder("sh", "-c", "stty size; stty -echo; read x; echo got $x")
                    .redirectInput(new File(pty.ptsName())).redirectOutput(new File(pty.ptsName())).redirectErrorStream(true).start();
            assertEquals("24 80\r\n", next(pty.ptmxInputStream(), 7));
            Await.until("no echo", () -> !pty.attributes().has(LocalFlag.ECHO));
            pty.ptmxOutputStream().write(ascii("hello\n"));
            assertEquals("got hello\r\n", next(pty.ptmxInputStream(), 11));
            assertEquals(0, program.waitFor());
            assertEquals(0, keepsItOpen.available());
        }
    }

    @Test
    void sizeAndAttributesAreReadBackAsSet() throws Exception {
        try (Pty pty = Pty.open()) {
            assertEquals(WindowSize.DEFAULT, pty.windowSize());
            WindowSize size = new WindowSize(1, 2, 3, 4);
            pty.resize(size);
            assertEquals(size, pty.windowSize());
            pty.attributes(TerminalAttributes.raw());
            assertEquals(TerminalAttributes.raw(), pty.attributes());
        }
    }

    @Test
    void twoTerminalsHaveTwoNames() throws Exception {
        try (Pty one = Pty.open(); Pty two = Pty.open()) {
            assertTrue(one.ptsName().matches("/dev/pts/\\d+"));
            assertNotEquals(one.ptsName(), two.ptsName());
        }
    }

    @Test
    void aClosedTerminalIsRefusedEverywhere() throws Exception {
        Pty pty = Pty.open();
        pty.close();
        pty.close();
        assertThrows(IOException.class, pty::windowSize);
        assertThrows(IOException.class, pty::attributes);
        assertThrows(IOException.class, () -> pty.resize(WindowSize.DEFAULT));
        assertThrows(IOException.class, () -> pty.attributes(TerminalAttributes.raw()));
        assertThrows(IOException.class, pty::ptsInputStream);
        assertThrows(IOException.class, pty::ptsOutputStream);
        assertThrows(IOException.class, () -> pty.ptmxOutputStream().write('x'));
        assertEquals(-1, pty.ptmxInputStream().read());
        SpawnException refused = assertThrows(SpawnException.class, () -> new PtyProcessBuilder("true").pty(pty).start());
        assertEquals("cannot open a terminal: " + pty.ptsName() + ", which is closed: EBADF, Bad file descriptor", refused.getMessage());
    }

    @EachWay
    void aProcessRunsOnATerminalThatWasSetUpBefore() throws Exception {
        Leaks.none(() -> {
            Pty pty = Pty.open();
            pty.resize(new WindowSize(7, 9));
            pty.attributes(TerminalAttributes.cooked().withEcho(false));
            try (PtyProcess process = new PtyProcessBuilder("sh", "-c", "tty; stty size; read x; echo got $x").pty(pty).start()) {
                BufferedReader output = process.inputReader();
                assertEquals(pty.ptsName(), output.readLine());
                assertEquals("7 9", output.readLine());
                process.getOutputStream().write(ascii("y\n"));
                assertEquals("got y", output.readLine());
                assertEquals(pty.ptsName(), process.ptsName());
            }
        });
    }

    @EachWay
    void settingsOfTheBuilderOverrideThoseOfTheTerminal() throws Exception {
        Pty pty = Pty.open();
        pty.resize(new WindowSize(7, 9));
        assertEquals("3 4\n", Programs.output(new PtyProcessBuilder("stty", "size").pty(pty).windowSize(new WindowSize(3, 4))
                .attributes(TerminalAttributes.raw())));
    }

    @EachWay
    void inEventStyleAProcessRunsOnAGivenTerminalToo() throws Exception {
        Leaks.none(() -> {
            Pty pty = Pty.open();
            ProtocolRecorder recorder = new ProtocolRecorder();
            new PtyProcessBuilder("tty").pty(pty).start(recorder);
            recorder.awaitEnd().assertOrderly();
            assertEquals(pty.ptsName() + "\r\n", recorder.text());
        });
    }

    @Test
    void bytesTypedBeforeTheStartAreReadByTheProgram() throws Exception {
        Pty pty = Pty.open();
        pty.attributes(TerminalAttributes.cooked().withEcho(false));
        pty.ptmxOutputStream().write(ascii("typed before\n"));
        assertEquals("typed before\r\n", Programs.output(new PtyProcessBuilder("head", "-n", "1").pty(pty)));
    }

    @EachWay
    void afterAFailedStartTheCallerOwnsTheTerminalAndCanUseItAgain() throws Exception {
        Leaks.none(() -> {
            Pty pty = Pty.open();
            assertThrows(SpawnException.class, () -> new PtyProcessBuilder("/nowhere").pty(pty).start());
            pty.ptsOutputStream().write(ascii("still mine"));
            assertEquals("still mine", next(pty.ptmxInputStream(), 10));
            assertEquals("next\r\n", Programs.output(new PtyProcessBuilder("echo", "next").pty(pty)));
        });
    }

    @Test
    void aReaderThatWaitsDuringAFailedStartReadsAfterwards() throws Exception {
        try (Pty pty = Pty.open()) {
            OutputStream program = pty.ptsOutputStream();
            FutureTask<Integer> read = new FutureTask<>(() -> pty.ptmxInputStream().read());
            Thread reader = new Thread(read);
            reader.start();
            Await.blocked(reader);
            assertThrows(SpawnException.class, () -> new PtyProcessBuilder("/nowhere").pty(pty).start());
            program.write('x');
            assertEquals('x', read.get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void aTerminalThatAProcessOwnsIsRefusedToAnother() throws Exception {
        Pty pty = Pty.open();
        try (PtyProcess process = new PtyProcessBuilder("cat").pty(pty).start()) {
            assertThrows(IllegalStateException.class, () -> new PtyProcessBuilder("true").pty(pty).start());
            pty.close();
            process.getOutputStream().write(ascii("alive\n"));
            assertEquals("alive", process.inputReader().readLine());
            assertEquals(-1, pty.ptmxInputStream().read());
            assertThrows(IOException.class, () -> pty.ptmxOutputStream().write('x'));
        }
    }

    /** Even before the reactor has run any command of the start. */
    @EachWay
    void theStreamsOfATerminalHaveEndedWhenAProcessOwnsIt() throws Exception {
        Pty pty = Pty.open();
        CountDownLatch busy = new CountDownLatch(1);
        Reactor.shared().execute(() -> awaitUninterruptibly(busy));
        try (PtyProcess process = new PtyProcessBuilder("echo", "all").pty(pty).start()) {
            try {
                FutureTask<Integer> read = new FutureTask<>(() -> pty.ptmxInputStream().read());
                Thread.ofPlatform().daemon().start(read);
                assertEquals(-1, read.get(10, TimeUnit.SECONDS));
                assertThrows(IOException.class, () -> pty.ptmxOutputStream().write('x'));
            } finally {
                busy.countDown();
            }
            assertEquals("all\r\n", new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        }
    }

    /** Streams of the pts would keep the output of the process open, and read its input. */
    @EachWay
    void theProgramsEndOfAProcesssTerminalIsRefused() throws Exception {
        Leaks.none(() -> {
            Pty pty = Pty.open();
            try (PtyProcess process = new PtyProcessBuilder("cat").pty(pty).start()) {
                assertThrows(IllegalStateException.class, pty::ptsInputStream);
                assertThrows(IllegalStateException.class, pty::ptsOutputStream);
                process.getOutputStream().close();
                process.onEnd().get(10, TimeUnit.SECONDS);
                assertThrows(IllegalStateException.class, pty::ptsInputStream);
            }
        });
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    /** The output then has no reader, and a writer to the pts must not block. */
    @Test
    void aClosedStreamGoesOnDroppingAfterAFailedStart() throws Exception {
        Leaks.none(() -> {
            try (Pty pty = Pty.open()) {
                pty.ptmxInputStream().close();
                assertThrows(SpawnException.class, () -> new PtyProcessBuilder("/nowhere").pty(pty).start());
                FutureTask<Void> write = new FutureTask<>(() -> {
                    pty.ptsOutputStream().write(new byte[300_000]);
                    return null;
                });
                Thread.ofPlatform().daemon().start(write);
                write.get(10, TimeUnit.SECONDS);
            }
        });
    }

    @Test
    void ofManyThatStartOnOneTerminalAtOnceOneSucceeds() throws Exception {
        Leaks.none(() -> {
            for (int i = 0; i < 100; i++) {
                Pty pty = Pty.open();
                CyclicBarrier barrier = new CyclicBarrier(2);
                List<Future<PtyProcess>> starts = new ArrayList<>();
                try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
                    for (int j = 0; j < 2; j++) {
                        starts.add(executor.submit(() -> {
                            barrier.await();
                            return new PtyProcessBuilder("cat").pty(pty).start();
                        }));
                    }
                }
                List<PtyProcess> running = starts.stream().filter(start -> start.state() == Future.State.SUCCESS)
                        .map(Future::resultNow).toList();
                running.forEach(PtyProcess::close);
                pty.close();
                assertEquals(1, running.size());
            }
        });
    }

    /** posix_spawn would start the program without a controlling terminal. */
    @EachWay
    @Needs("setsid")
    void theControllingTerminalOfAnotherSessionIsRefused() throws Exception {
        Leaks.none(() -> {
            Pty pty = Pty.open();
            Process other = new ProcessBuilder("setsid", "sh", "-c", "exec <>" + pty.ptsName() + " >&0; echo has it; read x").start();
            assertEquals("has it\r\n", next(pty.ptmxInputStream(), 8));
            PtyProcessBuilder builder = new PtyProcessBuilder("tty").pty(pty).windowSize(new WindowSize(3, 4));
            SpawnException failed = assertThrows(SpawnException.class, builder::start);
            assertEquals(SpawnException.Step.TERMINAL, failed.step());
            assertEquals("EPERM", failed.errnoName());
            assertEquals(pty.ptsName() + ", which is the controlling terminal of session " + other.pid(), failed.culprit());
            assertEquals(WindowSize.DEFAULT, pty.windowSize());
            pty.ptmxOutputStream().write(ascii("\n"));
            assertEquals(0, other.waitFor());
            try (PtyProcess process = builder.start()) { // now no session has it
                assertTrue(new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).endsWith(pty.ptsName() + "\r\n"));
            }
        });
    }
}
