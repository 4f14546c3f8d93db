package dev.panpty.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Measures in the JVM what {@code src/test/c/reference.c} measures in itself: time, the CPU time of this process with all its threads and
 * without its children, the single round trips, the growth of memory and threads, and the milliseconds that the JVM has compiled so far.
 */
final class Meter {

    private static final int MIN_MESSAGES = 100;
    private static final int MESSAGES_OF_ONE = 10_000;
    private static final int PAGE_BYTES = 4096;
    private static final int CLOCK_PROCESS_CPUTIME_ID = 2;
    private static final MethodHandle CLOCK_GETTIME = Linker.nativeLinker().downcallHandle(
            Linker.nativeLinker().defaultLookup().find("clock_gettime").orElseThrow(),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    private static final MemorySegment TIME = Arena.global().allocate(2 * Long.BYTES, Long.BYTES);

    private long wallNanos;
    private long cpuNanos;
    private double memoryBytes;
    private double threads;
    private long[] laps = {0};

    /** The number of messages for each terminal: enough for a measurement. */
    static int messages(int terminals) {
        return Math.max(MIN_MESSAGES, MESSAGES_OF_ONE / terminals);
    }

    /** Starts or continues the time. */
    void begin() {
        cpuNanos -= processCpuNanos();
        wallNanos -= System.nanoTime();
    }

    /** Stops the time until {@link #begin}. */
    void pause() {
        wallNanos += System.nanoTime();
        cpuNanos += processCpuNanos();
    }

    /** Ends the time; so many operations were done in it. */
    void end(long operations) {
        pause();
        wallNanos /= operations;
        cpuNanos /= operations;
    }

    /** The nanoseconds of the single round trips. */
    void laps(long[] nanos) {
        laps = nanos;
        Arrays.sort(laps);
    }

    /** To be called before the terminals are opened. */
    void beginGrowth() throws IOException {
        memoryBytes = memory();
        threads = ManagementFactory.getThreadMXBean().getThreadCount();
    }

    /** To be called while so many terminals are open. */
    void endGrowth(int terminals) throws IOException {
        threads = ManagementFactory.getThreadMXBean().getThreadCount() - threads;
        memoryBytes = (memory() - memoryBytes) / terminals;
    }

    /** Live heap plus resident memory: the heap is resident from the start, so resident memory grows by native memory only. */
    private static double memory() throws IOException {
        System.gc();
        long resident = Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]) * PAGE_BYTES;
        return resident + ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** By clock_gettime(2), since the MXBean counts in hundredths of a second. */
    private static long processCpuNanos() {
        try {
            int ignored = (int) CLOCK_GETTIME.invokeExact(CLOCK_PROCESS_CPUTIME_ID, TIME);
        } catch (Throwable thrown) {
            throw new AssertionError(thrown);
        }
        return TIME.get(ValueLayout.JAVA_LONG, 0) * 1_000_000_000 + TIME.get(ValueLayout.JAVA_LONG, Long.BYTES);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "wall=%d cpu=%d p50=%d p99=%d memory=%.0f threads=%.0f compiled=%d", wallNanos, cpuNanos,
                laps[laps.length / 2], laps[laps.length * 99 / 100], memoryBytes, threads,
                ManagementFactory.getCompilationMXBean().getTotalCompilationTime());
    }
}
