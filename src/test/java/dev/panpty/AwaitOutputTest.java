package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.Blocked;
import dev.panpty.testing.Call;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.OwnReactor;
import dev.panpty.testing.Programs;
import dev.panpty.testing.ProtocolRecorder;
import dev.panpty.testing.Way;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** awaitOutput: what it answers, and everything that ends its wait. */
@Timeout(120)
class AwaitOutputTest extends OwnReactor {

    private static final Duration LONG = Duration.ofDays(1);
    private static final Duration SHORT = Duration.ofMillis(20);

    @TempDir
    Path folder;

    @EachWay
    void aReadAfterItDoesNotWaitAndGetsAllBytes() throws Exception {
        Leaks.none(() -> {
            for (int i = 0; i < Way.times(200); i++) {
                Path go = folder.resolve("go-" + Way.forced().orElseThrow() + i);
                try (PtyProcess process = Programs.rawAndThen(Programs.until(go) + "; printf one; exec sleep 1000")) {
                    assertFalse(process.awaitOutput(Duration.ZERO));
                    assertFalse(process.awaitOutput(Duration.ofDays(-1)));
                    Blocked<Boolean> waiting = Blocked.in(i % 2 == 0, () -> process.awaitOutput(LONG));
                    Files.createFile(go);
                    assertTrue(waiting.result());
                    assertTrue(process.awaitOutput(Duration.ZERO));
                    assertTrue(process.awaitOutput(LONG));
                    assertTrue(process.getInputStream().available() > 0);
                    assertEquals("one", new String(process.getInputStream().readNBytes(3), StandardCharsets.US_ASCII));
                    assertFalse(process.awaitOutput(Duration.ZERO));
                }
            }
        });
    }

    @Test
    void itIsFalseAfterTheTimeOnPlatformAndVirtualThreads() throws Exception {
        try (PtyProcess process = Programs.settled()) {
            for (boolean virtual : new boolean[] {false, true}) {
                CompletableFuture<Boolean> answer = new CompletableFuture<>();
                Thread thread = virtual ? Thread.ofVirtual().unstarted(() -> complete(answer, process))
                        : Thread.ofPlatform().unstarted(() -> complete(answer, process));
                long before = System.nanoTime();
                thread.start();
                assertFalse(answer.get());
                assertTrue(System.nanoTime() - before >= SHORT.toNanos());
            }
        }
    }

    private static void complete(CompletableFuture<Boolean> answer, PtyProcess process) {
        try {
            answer.complete(process.awaitOutput(SHORT));
        } catch (IOException | InterruptedException failed) {
            answer.completeExceptionally(failed);
        }
    }

    @Test
    void itDoesNotTakeBytesFromAReaderThatWaits() throws Exception {
        try (PtyProcess process = Programs.rawCat()) {
            for (int i = 0; i < 200; i++) {
                Blocked<Integer> reader = Blocked.in(i % 2 == 0, process.getInputStream()::read);
                Blocked<Boolean> waiting = Blocked.in(i % 3 == 0, () -> process.awaitOutput(LONG));
                process.getOutputStream().write(i % 100);
                assertEquals(i % 100, reader.result());
                process.getOutputStream().write(7); // the reader may have taken the first before the other looked
                assertTrue(waiting.result());
                assertEquals(7, process.getInputStream().read());
            }
        }
    }

    @Test
    void itIsTrueForWhatWasReadAhead() throws Exception {
        try (PtyProcess cat = Programs.rawCat()) {
            byte[] sent = new byte[100 * 1024];
            cat.getOutputStream().write(sent);
            for (int left = sent.length; left > 0; ) {
                assertTrue(cat.awaitOutput(LONG));
                left -= cat.getInputStream().read(new byte[1000]);
            }
            assertFalse(cat.awaitOutput(Duration.ZERO));
        }
    }

    @EachWay
    void theEndFreesItAndIsThereForGood() throws Exception {
        Leaks.none(() -> {
            for (int i = 0; i < Way.times(200); i++) {
                try (PtyProcess process = Programs.rawAndThen("read x")) {
                    Blocked<Boolean> waiting = Blocked.in(i % 2 == 0, () -> process.awaitOutput(LONG));
                    switch (i % 3) {
                        case 0 -> process.getOutputStream().write('\n');
                        case 1 -> process.destroyForcibly();
                        default -> process.hangUp();
                    }
                    assertTrue(waiting.result());
                    assertEquals(-1, process.getInputStream().read());
                    assertTrue(process.awaitOutput(Duration.ZERO));
                    assertTrue(process.awaitOutput(LONG));
                }
            }
        });
    }

    @EachWay
    void closeOfTheProcessFreesIt() throws Exception {
        Leaks.none(() -> {
            for (int i = 0; i < Way.times(200); i++) {
                PtyProcess process = PtyProcess.start("cat");
                Blocked<Boolean> waiting = Blocked.in(i % 2 == 0, () -> process.awaitOutput(LONG));
                process.close();
                assertTrue(waiting.result());
                assertEquals(-1, process.getInputStream().read());
            }
        });
    }

    @EachWay
    void closeOfTheStreamFreesItWithAnExceptionAsARead() throws Exception {
        for (int i = 0; i < Way.times(200); i++) {
            try (PtyProcess process = PtyProcess.start("cat")) {
                Blocked<Boolean> waiting = Blocked.in(i % 2 == 0, () -> process.awaitOutput(LONG));
                process.getInputStream().close();
                assertEquals("Stream closed", assertInstanceOf(IOException.class, waiting.failure()).getMessage());
                assertThrows(IOException.class, () -> process.awaitOutput(Duration.ZERO));
            }
        }
    }

    @Test
    void anInterruptFreesItAndNothingIsLost() throws Exception {
        try (PtyProcess process = Programs.rawCat()) {
            for (int i = 0; i < 200; i++) {
                Blocked<Boolean> waiting = Blocked.in(i % 2 == 0, () -> process.awaitOutput(LONG));
                waiting.thread().interrupt();
                assertInstanceOf(InterruptedException.class, waiting.failure());
            }
            process.getOutputStream().write('x');
            assertTrue(process.awaitOutput(LONG));
            assertEquals('x', process.getInputStream().read());
        }
    }

    @Test
    void itIsTrueWhereAReadFailsSinceOutputWasCut() throws Exception {
        try (PtyProcess process = Programs.shell("echo unread; exec cat").start()) {
            Await.until("output", () -> process.getInputStream().available() > 0);
            process.hangUp();
            assertTrue(process.awaitOutput(LONG));
            assertThrows(IOException.class, () -> process.getInputStream().read());
        }
    }

    @Test
    void aHangUpWhileTheProgramRunsIsNotTheEnd() throws Exception {
        Path go = folder.resolve("go");
        try (PtyProcess process = Programs.sh("exec 3</dev/null 0<&3 1>&3 2>&3; " + Programs.until(go) + "; echo back >/dev/tty")) {
            assertFalse(process.awaitOutput(Duration.ofMillis(300)));
            Files.createFile(go);
            assertTrue(process.awaitOutput(LONG));
            assertEquals("back\r\n", new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        }
    }

    @Test
    void aWriterThatWaitsReadsAheadOnceItIsOver() throws Exception {
        try (PtyProcess cat = Programs.rawCat()) {
            Blocked<Boolean> waiting = Blocked.in(true, () -> cat.awaitOutput(LONG));
            Call<Void> writer = Call.of(Call.writing(cat, 200 * 1024)); // more than the kernel holds
            assertTrue(waiting.result());
            writer.result();
            assertEquals(200 * 1024, cat.getInputStream().readNBytes(200 * 1024).length);
        }
    }

    @Test
    void aReactorsThreadMayPollAndMustNotWait() throws Exception {
        try (PtyProcess process = Programs.settled(); PtyProcess events = new PtyProcessBuilder("cat").start(new ProtocolRecorder())) {
            CompletableFuture<Boolean> polled = new CompletableFuture<>();
            reactor.execute(() -> {
                try {
                    polled.complete(process.awaitOutput(Duration.ZERO));
                } catch (Exception failed) {
                    polled.completeExceptionally(failed);
                }
            });
            assertFalse(polled.get());
            CompletableFuture<Throwable> refused = new CompletableFuture<>();
            reactor.execute(() -> refused.complete(assertThrows(IllegalStateException.class, () -> process.awaitOutput(SHORT))));
            assertTrue(refused.get().getMessage().contains("awaitOutput"));
            assertThrows(IllegalStateException.class, () -> events.awaitOutput(SHORT));
        }
    }
}
