package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.Children;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.Programs;
import dev.panpty.testing.Way;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** close(): its effect on the program, and that it leaks nothing. */
class CloseTest {

    @TempDir
    Path folder;

    /** It waits in a read, which the final hang-up ends. It starts no child, since a shell blocks signals while it does. */
    private static PtyProcess ignoring(String signals, Duration grace) throws Exception {
        PtyProcess process = new PtyProcessBuilder("sh", "-c", "trap '' " + signals + "; echo R; read x").closeGrace(grace).start();
        assertEquals('R', process.getInputStream().read());
        return process;
    }

    @EachWay
    void aProgramIsEndedByAHangUp() throws Exception {
        Leaks.none(() -> {
            PtyProcess process = PtyProcess.start("cat");
            process.close();
            assertEquals(new ExitStatus.Signaled(Signal.HUP, false), process.exitStatus().orElseThrow());
        });
    }

    @EachWay
    void aProgramThatIgnoresTheHangUpIsTerminated() throws Exception {
        Leaks.none(() -> {
            PtyProcess process = ignoring("HUP", Duration.ofMillis(50));
            process.close(); // returns after three grace times, which may be too short on a busy machine
            assertEquals(143, process.waitFor());
        });
    }

    @EachWay
    void aProgramThatIgnoresBothIsKilled() throws Exception {
        Leaks.none(() -> {
            PtyProcess process = ignoring("HUP TERM", Duration.ofMillis(50));
            process.close();
            assertEquals(137, process.waitFor());
        });
    }

    @Test
    void withTheUsualGraceCloseReturnsWithinFourSeconds() throws Exception {
        PtyProcess process = ignoring("HUP TERM", Duration.ofSeconds(1));
        long start = System.nanoTime();
        process.close();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertEquals(137, process.waitFor());
        assertTrue(took.compareTo(Duration.ofMillis(1900)) > 0, took::toString);
        assertTrue(took.compareTo(Duration.ofSeconds(8)) < 0, took::toString);
    }

    @EachWay
    void aStoppedProgramIsEndedToo() throws Exception {
        Leaks.none(() -> {
            PtyProcess process = PtyProcess.start("cat");
            process.signal(Signal.STOP);
            Await.until("stopped", () -> Children.fields(process.pid())[0].equals("T"));
            process.close();
            assertEquals(129, process.exitValue());
        });
    }

    @EachWay
    void closingAgainAndFromManyThreadsIsOneClose() throws Exception {
        Leaks.none(() -> {
            for (int i = 0; i < 20; i++) {
                PtyProcess process = PtyProcess.start("cat");
                try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                    for (int j = 0; j < 10; j++) {
                        executor.submit(process::close);
                    }
                }
                process.close();
                assertFalse(process.isAlive());
            }
        });
    }

    @EachWay
    void closingAProgramThatHasEndedIsHarmless() throws Exception {
        PtyProcess process = Programs.sh("exit 8");
        process.onEnd().get();
        process.close();
        process.close();
        assertEquals(8, process.exitValue());
    }

    @EachWay
    void theEndIsReachedAfterClose() throws Exception {
        PtyProcess process = PtyProcess.start("cat");
        process.close();
        process.onEnd().get();
        process.onExit().get();
    }

    @EachWay
    void descendantsInTheForegroundAreHungUp() throws Exception {
        PtyProcess process = Programs.sh("sleep 1000; echo never");
        Await.until("sleep runs", () -> process.children().count() == 1);
        ProcessHandle child = process.children().findFirst().orElseThrow();
        process.close();
        Await.until("the descendant is gone", () -> Children.hasExited(child.pid()));
    }

    @EachWay
    void aTerminalHeldByADescendantIsGivenUpByClose() throws Exception {
        Leaks.none(() -> {
            PtyProcess process = Programs.sh("trap '' HUP; sleep 100 & echo $!; exit 0");
            long holder = Long.parseLong(process.inputReader().readLine());
            process.waitFor();
            process.close();
            process.onEnd().get();
            ProcessHandle.of(holder).ifPresent(ProcessHandle::destroyForcibly);
        });
    }

    @Test
    void aNegativeGraceIsRefused() {
        PtyProcessBuilder builder = new PtyProcessBuilder("true");
        assertThrows(IllegalArgumentException.class, () -> builder.closeGrace(Duration.ofMillis(-1)));
    }

    @EachWay
    void withoutGraceTheProgramIsKilledAtOnce() throws Exception {
        Leaks.none(() -> {
            PtyProcess process = ignoring("HUP TERM", Duration.ZERO);
            process.close();
            assertTrue(process.waitFor(Duration.ofSeconds(20)));
            assertEquals(137, process.exitValue());
        });
    }

    /** A descriptor that is closed twice, or by a stale number, would close the sentinel's in one of the rounds. */
    @EachWay
    @Timeout(120)
    void closesThatRaceTheExitNeverTouchAnotherDescriptor() throws Exception {
        byte[] content = "the sentinel's own bytes".getBytes();
        Path file = Files.write(folder.resolve("sentinel"), content);
        Leaks.none(() -> {
            AtomicBoolean over = new AtomicBoolean();
            try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
                Future<?> sentinel = executor.submit(() -> {
                    while (!over.get()) {
                        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
                            byte[] read = new byte[content.length];
                            for (int i = 0; i < 20; i++) {
                                open.seek(0);
                                open.readFully(read);
                                assertArrayEquals(content, read);
                            }
                            assertEquals(content.length, open.length());
                        }
                    }
                    return null;
                });
                try {
                    raceCloses(executor);
                } finally {
                    over.set(true);
                }
                sentinel.get();
            }
        });
        assertArrayEquals(content, Files.readAllBytes(file));
    }

    private static void raceCloses(ExecutorService executor) throws Exception {
        for (int i = 0; i < Way.times(200); i++) {
            PtyProcess process = PtyProcess.start("cat");
            CountDownLatch both = new CountDownLatch(2);
            Future<?> closer = executor.submit(() -> {
                both.countDown();
                both.await();
                process.close();
                return null;
            });
            both.countDown();
            both.await();
            process.destroyForcibly();
            closer.get();
            int value = process.exitValue();
            assertTrue(value == 137 || value == 129, () -> process.toString());
        }
    }

    @EachWay
    void everyCallRacingACloseEndsAndHarmsNoOtherProcess() throws Exception {
        Leaks.none(() -> {
            try (PtyProcess bystander = Programs.rawCat(); ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < Way.times(200); i++) {
                    PtyProcess process = Programs.rawCat();
                    List<Future<?>> calls = new ArrayList<>();
                    calls.add(executor.submit(() -> readUntilCut(process)));
                    calls.add(executor.submit(() -> useUntilRefused(process)));
                    calls.add(executor.submit(() -> process.waitFor()));
                    calls.add(executor.submit(() -> {
                        process.close();
                        return null;
                    }));
                    for (Future<?> call : calls) {
                        call.get();
                    }
                    bystander.getOutputStream().write(i);
                    assertEquals(i & 0xff, bystander.getInputStream().read());
                }
                assertEquals(0, bystander.getInputStream().available());
            }
        });
    }

    private static byte[] readUntilCut(PtyProcess process) {
        try {
            return process.getInputStream().readAllBytes();
        } catch (IOException cut) {
            assertTrue(cut.getMessage().startsWith("output cut"), cut::toString);
            return new byte[0];
        }
    }

    private static Void useUntilRefused(PtyProcess process) {
        try {
            for (;;) {
                process.getOutputStream().write('x');
                process.resize(new WindowSize(10, 10));
                process.windowSize();
                process.signal(Signal.CONT);
                process.signalForeground(Signal.CONT);
            }
        } catch (IOException refused) {
            return null; // expected: the process is closed
        }
    }
}
