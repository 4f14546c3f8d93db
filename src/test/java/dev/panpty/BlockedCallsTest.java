package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.Blocked;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.Programs;
import dev.panpty.testing.Way;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads, writes and waits that block, and everything that ends the wait. */
class BlockedCallsTest {

    private static final byte[] MEGABYTE = new byte[1 << 20];
    private static final String NEVER_READS = "exec sleep 1000";

    @TempDir
    Path folder;

    private static Callable<Void> writing(PtyProcess process) {
        return () -> {
            process.getOutputStream().write(MEGABYTE);
            return null;
        };
    }

    @EachWay
    @Timeout(180)
    void aBlockedReaderIsFreedByCloseTwoHundredTimesAndNoOtherFileIsTouched() throws Exception {
        besideFiles(() -> {
            for (int i = 0; i < Way.times(200); i++) {
                PtyProcess process = PtyProcess.start("cat");
                Blocked<Integer> reader = Blocked.in(i % 2 == 0, process.getInputStream()::read);
                process.close();
                assertEquals(-1, reader.result());
            }
        });
    }

    @EachWay
    @Timeout(180)
    void aBlockedWriterIsFreedByCloseTwoHundredTimesAndNoOtherFileIsTouched() throws Exception {
        besideFiles(() -> {
            for (int i = 0; i < Way.times(200); i++) {
                PtyProcess process = Programs.rawAndThen(NEVER_READS);
                Blocked<Void> writer = Blocked.in(i % 2 == 0, writing(process));
                process.close();
                IOException freed = assertInstanceOf(IOException.class, writer.failure());
                assertTrue(freed.getMessage().contains("closed") || freed.getMessage().contains("ended"), freed::getMessage);
            }
        });
    }

    /** Runs the body while other threads open, write, read and close files and check that no other descriptor replaces theirs. */
    private void besideFiles(Leaks.Body body) throws Exception {
        Leaks.none(() -> {
            AtomicBoolean over = new AtomicBoolean();
            try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
                List<Future<?>> others = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    Path file = folder.resolve("file-" + i);
                    others.add(executor.submit(() -> useFiles(file, over)));
                }
                try {
                    body.run();
                } finally {
                    over.set(true);
                }
                for (Future<?> other : others) {
                    other.get();
                }
            }
        });
    }

    private static Void useFiles(Path file, AtomicBoolean over) throws IOException {
        byte[] content = file.toString().getBytes(StandardCharsets.UTF_8);
        while (!over.get()) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(content));
                Thread.yield();
                ByteBuffer read = ByteBuffer.allocate(content.length + 10);
                int count = channel.read(read, 0);
                assertEquals(new String(content, StandardCharsets.UTF_8), new String(read.array(), 0, count, StandardCharsets.UTF_8));
                assertEquals(content.length, channel.size());
            }
        }
        return null;
    }

    @EachWay
    void aBlockedReaderIsFreedByTheExit() throws Exception {
        try (PtyProcess process = PtyProcess.start("cat")) {
            Blocked<Integer> reader = Blocked.in(true, process.getInputStream()::read);
            process.destroyForcibly();
            assertEquals(-1, reader.result());
        }
    }

    @EachWay
    void aBlockedWriterIsFreedByTheExit() throws Exception {
        try (PtyProcess process = Programs.rawAndThen(NEVER_READS)) {
            Blocked<Void> writer = Blocked.in(false, writing(process));
            process.destroyForcibly();
            assertInstanceOf(IOException.class, writer.failure());
        }
    }

    @Test
    void aBlockedWriterIsFreedByTheExitWhenAnotherProcessHoldsTheTerminal() throws Exception {
        try (PtyProcess process = Programs.rawAndThen("trap '' HUP; sleep 100 & wait")) {
            ProcessHandle holder = holder(process);
            Blocked<Void> writer = Blocked.in(false, writing(process));
            process.destroyForcibly();
            assertInstanceOf(IOException.class, writer.failure());
            holder.destroyForcibly();
        }
    }

    private static ProcessHandle holder(PtyProcess process) throws Exception {
        Await.until("the holder runs", () -> process.children().count() == 1);
        return process.children().findFirst().orElseThrow();
    }

    @Test
    void aBlockedWaitIsFreedByClose() throws Exception {
        PtyProcess process = PtyProcess.start("cat");
        Blocked<Integer> waiting = Blocked.in(false, () -> process.waitFor());
        process.close();
        assertEquals(129, waiting.result());
    }

    @Test
    void aBlockedReaderIsFreedByClosingItsStream() throws Exception {
        try (PtyProcess process = PtyProcess.start("cat")) {
            Blocked<Integer> reader = Blocked.in(false, process.getInputStream()::read);
            process.getInputStream().close();
            assertEquals("Stream closed", reader.failure().getMessage());
            assertTrue(process.isAlive());
        }
    }

    @Test
    void manyBlockedReadersOfOneTerminalAreAllFreed() throws Exception {
        PtyProcess process = PtyProcess.start("cat");
        List<Blocked<Integer>> readers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            readers.add(Blocked.in(i % 2 == 0, process.getInputStream()::read));
        }
        process.close();
        for (Blocked<Integer> reader : readers) {
            assertEquals(-1, reader.result());
        }
    }

    @Test
    void manyBlockedReadersOfOneTerminalShareItsOutput() throws Exception {
        try (PtyProcess process = Programs.rawCat()) {
            List<Blocked<Integer>> readers = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                readers.add(Blocked.in(i % 2 == 0, process.getInputStream()::read));
            }
            process.getOutputStream().write("0123456789".getBytes(StandardCharsets.US_ASCII));
            List<Integer> got = new ArrayList<>();
            for (Blocked<Integer> reader : readers) {
                got.add(reader.result() - '0');
            }
            assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), got.stream().sorted().toList());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anInterruptedReadThrowsKeepsTheStatusAndLeavesTheStreamUsable(boolean virtual) throws Exception {
        try (PtyProcess process = Programs.rawCat()) {
            Blocked<Integer> reader = Blocked.in(virtual, () -> {
                InterruptedIOException interrupted =
                        assertThrows(InterruptedIOException.class, () -> process.getInputStream().read());
                assertTrue(Thread.interrupted());
                return interrupted.bytesTransferred;
            });
            reader.thread().interrupt();
            assertEquals(0, reader.result());
            process.getOutputStream().write('x');
            assertEquals('x', process.getInputStream().read());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anInterruptedWriteReportsTheBytesWritten(boolean virtual) throws Exception {
        Path go = folder.resolve("go");
        try (PtyProcess process = Programs.rawAndThen(Programs.until(go) + "; exec cat")) {
            byte[] sent = new byte[1 << 20];
            new java.util.Random(7).nextBytes(sent);
            Blocked<Integer> writer = Blocked.in(virtual, () -> {
                InterruptedIOException interrupted =
                        assertThrows(InterruptedIOException.class, () -> process.getOutputStream().write(sent));
                assertTrue(Thread.interrupted());
                return interrupted.bytesTransferred;
            });
            writer.thread().interrupt();
            int done = writer.result();
            assertTrue(done > 0 && done < sent.length, () -> done + " bytes transferred");
            Files.createFile(go);
            byte[] received = process.getInputStream().readNBytes(done);
            assertEquals(ByteBuffer.wrap(sent, 0, done), ByteBuffer.wrap(received));
            process.getOutputStream().write('x');
            assertEquals('x', process.getInputStream().read());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anInterruptedWaitThrows(boolean virtual) throws Exception {
        try (PtyProcess process = PtyProcess.start("cat")) {
            for (Callable<?> wait : List.<Callable<?>>of(process::waitFor, () -> process.waitFor(1, TimeUnit.HOURS))) {
                Blocked<?> waiting = Blocked.in(virtual, wait);
                waiting.thread().interrupt();
                assertInstanceOf(InterruptedException.class, waiting.failure());
            }
            assertTrue(process.isAlive());
        }
    }

    @Test
    void anInterruptDuringCloseKillsAtOnceAndKeepsTheStatus() throws Exception {
        PtyProcess process = new PtyProcessBuilder("sh", "-c", "trap '' HUP TERM; echo R; " + Programs.REST)
                .closeGrace(Duration.ofSeconds(20)).start();
        assertEquals('R', process.getInputStream().read());
        Blocked<Boolean> closing = Blocked.in(false, () -> {
            process.close();
            return Thread.interrupted();
        });
        closing.thread().interrupt();
        assertTrue(closing.result());
        assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        assertEquals(137, process.exitValue());
    }

    @Test
    void manyVirtualThreadsBlockedInReadAndWaitLeaveTheCarriersFree() throws Exception {
        int many = Math.min(10 * Runtime.getRuntime().availableProcessors(), 320);
        List<PtyProcess> processes = new ArrayList<>();
        List<Blocked<Integer>> blocked = new ArrayList<>();
        try {
            for (int i = 0; i < many; i++) {
                PtyProcess process = PtyProcess.start("cat");
                processes.add(process);
                blocked.add(Blocked.in(true, process.getInputStream()::read));
                blocked.add(Blocked.in(true, () -> process.waitFor()));
            }
            CountDownLatch done = new CountDownLatch(100);
            for (int i = 0; i < 100; i++) {
                Thread.startVirtualThread(done::countDown);
            }
            assertTrue(done.await(10, TimeUnit.SECONDS));
            for (PtyProcess process : processes) {
                process.destroyForcibly();
            }
            for (int i = 0; i < blocked.size(); i++) {
                assertEquals(i % 2 == 0 ? -1 : 137, blocked.get(i).result());
            }
        } finally {
            processes.forEach(PtyProcess::close);
        }
    }

    @Test
    void manyVirtualThreadsBlockedInWriteLeaveTheCarriersFree() throws Exception {
        List<PtyProcess> processes = new ArrayList<>();
        List<Blocked<Void>> blocked = new ArrayList<>();
        try {
            for (int i = 0; i < 10 * Math.min(Runtime.getRuntime().availableProcessors(), 8); i++) {
                PtyProcess process = Programs.rawAndThen(NEVER_READS);
                processes.add(process);
                blocked.add(Blocked.in(true, writing(process)));
            }
            CountDownLatch done = new CountDownLatch(100);
            for (int i = 0; i < 100; i++) {
                Thread.startVirtualThread(done::countDown);
            }
            assertTrue(done.await(10, TimeUnit.SECONDS));
        } finally {
            processes.forEach(PtyProcess::close);
        }
        for (Blocked<Void> writer : blocked) {
            assertInstanceOf(IOException.class, writer.failure());
        }
    }
}
