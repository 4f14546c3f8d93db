package dev.panpty.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.EachWay;
import dev.panpty.testing.LostConnection;
import dev.panpty.testing.Way;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The tests of {@code LoseConnectionTest} two thousand times each, eight programs at once: with the profile {@code stress} only. */
class LoseConnectionStress {

    private static final int TIMES = 2000;
    private static final int AT_ONCE = 8;

    @TempDir
    Path folder;

    /** Runs the program many times; returns the number of runs that lost bytes, each at most {@code most}. */
    private int losses(String mode, String how, int most) throws Exception {
        AtomicInteger runs = new AtomicInteger();
        AtomicInteger losses = new AtomicInteger();
        List<Future<?>> all = new ArrayList<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE)) {
            for (int i = 0; i < AT_ONCE; i++) {
                Path report = folder.resolve("report-" + i);
                all.add(workers.submit(() -> {
                    while (runs.incrementAndGet() <= Way.times(TIMES)) {
                        int missing = LostConnection.missing(report, mode, how);
                        assertTrue(missing >= 0 && missing <= most, () -> missing + " bytes are missing");
                        losses.addAndGet(missing == 0 ? 0 : 1);
                    }
                    return null;
                }));
            }
            for (Future<?> worker : all) {
                worker.get();
            }
        }
        return losses.get();
    }

    @EachWay
    @Timeout(900)
    void aWriteInFlightArrivesWhole() throws Exception {
        assertEquals(0, losses("raw", "once", 0));
        assertEquals(0, losses("cooked", "once", 0));
    }

    @EachWay
    @Timeout(900)
    void ofAFloodOnARawTerminalNothingIsLost() throws Exception {
        assertEquals(0, losses("raw", "flood", 0));
    }

    /** One line end, which the kernel drops if output is stopped at that moment. */
    @EachWay
    @Timeout(900)
    void ofAFloodOnACookedTerminalALineEndIsLostAtMost() throws Exception {
        int losses = losses("cooked", "flood", 2);
        assertTrue(losses <= TIMES / 20, () -> losses + " of " + Way.times(TIMES) + " lost a line end");
    }
}
