package dev.panpty.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.OperatingSystemMXBean;
import dev.panpty.PtyProcess;
import dev.panpty.SessionReport;
import dev.panpty.testing.Programs;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two hundred sessions ended at once, on an otherwise idle machine: with the profile {@code stress} only. Each call returns within its
 * bound, and all together take at most two seconds of CPU, except the first run in this JVM.
 */
class SessionStress {

    private static final int SESSIONS = 200;
    private static final int ROUNDS = 6;
    private static final Duration GRACE = Duration.ofMillis(500);
    private static final Duration BOUND = GRACE.plusSeconds(1);
    private static final Duration MOST_CPU = Duration.ofSeconds(2);

    private static final String OBEDIENT = "echo; sleep 100 & sleep 100";
    private static final String STUBBORN = "trap '' HUP TERM; " + OBEDIENT;

    @Test
    @Timeout(600)
    void twoHundredAtOnceAreEndedInTime() throws Exception {
        endAll(OBEDIENT);
        for (int round = 0; round < ROUNDS; round++) {
            for (String script : List.of(OBEDIENT, STUBBORN)) {
                List<Duration> times = endAll(script);
                System.out.println("slowest " + Collections.max(times.subList(1, times.size())) + ", CPU " + times.get(0) + ": " + script);
                assertTrue(Collections.max(times.subList(1, times.size())).compareTo(BOUND) <= 0, times::toString);
                assertTrue(times.get(0).compareTo(MOST_CPU) <= 0, times::toString);
            }
        }
    }

    /** Returns the CPU time of this process, followed by the duration of each call. */
    private static List<Duration> endAll(String script) throws Exception {
        List<PtyProcess> processes = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            processes.add(Programs.sh(script));
        }
        for (PtyProcess process : processes) {
            process.getInputStream().read();
        }
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = system.getProcessCpuTime();
        List<CompletableFuture<Duration>> calls = new ArrayList<>();
        for (PtyProcess process : processes) {
            CompletableFuture<Duration> call = new CompletableFuture<>();
            calls.add(call);
            Thread.ofVirtual().start(() -> end(process, call));
        }
        List<Duration> times = new ArrayList<>();
        for (CompletableFuture<Duration> call : calls) {
            times.add(call.get(60, TimeUnit.SECONDS));
        }
        times.add(0, Duration.ofNanos(system.getProcessCpuTime() - cpu));
        processes.forEach(PtyProcess::close);
        return times;
    }

    private static void end(PtyProcess process, CompletableFuture<Duration> call) {
        try {
            long start = System.nanoTime();
            assertEquals(new SessionReport(List.of(), List.of()), process.terminateSession(GRACE));
            call.complete(Duration.ofNanos(System.nanoTime() - start));
        } catch (IOException | InterruptedException | AssertionError failed) {
            call.completeExceptionally(failed);
        }
    }
}
