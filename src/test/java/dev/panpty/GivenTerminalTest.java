package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Leaks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A terminal that is given to a process while another thread gives it to a second process, closes it or reads it. */
class GivenTerminalTest {

    private static final Duration PROMPTLY = Duration.ofSeconds(10);

    private static final int RACES = 60;

    private static <T> FutureTask<T> together(CyclicBarrier barrier, Callable<T> body) {
        FutureTask<T> task = new FutureTask<>(() -> {
            barrier.await();
            return body.call();
        });
        Thread.ofPlatform().daemon().start(task);
        return task;
    }

    /** The process, or null if the terminal was refused. */
    private static PtyProcess startOn(Pty pty) throws SpawnException {
        try {
            return new PtyProcessBuilder("cat").pty(pty).start();
        } catch (IllegalStateException refused) {
            return null;
        } catch (SpawnException failed) {
            if (failed.errnoName().equals("EBADF")) { // it was closed
                return null;
            }
            throw failed;
        }
    }

    private static void assertEchoes(PtyProcess process) throws Exception {
        process.getOutputStream().write("x\n".getBytes(StandardCharsets.US_ASCII));
        FutureTask<String> read = new FutureTask<>(() -> new String(process.getInputStream().readNBytes(3), StandardCharsets.US_ASCII));
        Thread.ofPlatform().daemon().start(read);
        assertEquals("x\r\n", read.get(PROMPTLY.toSeconds(), TimeUnit.SECONDS));
        assertTrue(process.isAlive());
    }

    @Test
    void ofTwoStartsOnOneTerminalAtTheSameTimeExactlyOneWins() throws Exception {
        Leaks.none(() -> {
            for (int i = 0; i < RACES; i++) {
                Pty pty = Pty.open();
                CyclicBarrier barrier = new CyclicBarrier(2);
                List<FutureTask<PtyProcess>> starts =
                        List.of(together(barrier, () -> startOn(pty)), together(barrier, () -> startOn(pty)));
                List<PtyProcess> started = new ArrayList<>();
                for (FutureTask<PtyProcess> start : starts) {
                    PtyProcess process = start.get(PROMPTLY.toSeconds(), TimeUnit.SECONDS);
                    if (process != null) {
                        started.add(process);
                    }
                }
                assertEquals(1, started.size(), "winners");
                assertEchoes(started.get(0));
                started.get(0).close();
                pty.close();
            }
        });
    }

    @Test
    void aTerminalThatIsClosedWhileItIsGivenDoesNotHangUpTheProcess() throws Exception {
        Leaks.none(() -> {
            for (int i = 0; i < RACES; i++) {
                Pty pty = Pty.open();
                CyclicBarrier barrier = new CyclicBarrier(2);
                FutureTask<PtyProcess> start = together(barrier, () -> startOn(pty));
                long pause = i * 50_000L; // later in the start each round
                FutureTask<Void> close = together(barrier, () -> {
                    for (long from = System.nanoTime(); System.nanoTime() - from < pause; ) {
                        Thread.onSpinWait();
                    }
                    pty.close();
                    return null;
                });
                PtyProcess process = start.get(PROMPTLY.toSeconds(), TimeUnit.SECONDS);
                close.get(PROMPTLY.toSeconds(), TimeUnit.SECONDS);
                if (process != null) {
                    assertEchoes(process);
                    process.close();
                }
            }
        });
    }

    @Test
    void aReadOfATerminalThatIsBeingGivenTakesNothingFromTheProcess() throws Exception {
        Leaks.none(() -> {
            for (int i = 0; i < RACES; i++) {
                Pty pty = Pty.open();
                CyclicBarrier barrier = new CyclicBarrier(2);
                FutureTask<PtyProcess> start = together(barrier, () -> new PtyProcessBuilder("echo", "all").pty(pty).start());
                long pause = i * 50_000L; // later in the start each round
                FutureTask<Integer> read = together(barrier, () -> {
                    for (long from = System.nanoTime(); System.nanoTime() - from < pause; ) {
                        Thread.onSpinWait();
                    }
                    return pty.ptmxInputStream().read();
                });
                try (PtyProcess process = start.get(PROMPTLY.toSeconds(), TimeUnit.SECONDS)) {
                    assertEquals(-1, read.get(PROMPTLY.toSeconds(), TimeUnit.SECONDS));
                    assertEquals("all\r\n", new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
                }
            }
        });
    }
}
