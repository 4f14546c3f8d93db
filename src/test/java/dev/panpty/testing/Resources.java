package dev.panpty.testing;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The resources of this process at a moment.
 *
 * @param rssBytes resident memory, VmRSS in proc_pid_status(5)
 * @param heapBytes Java objects after a collection
 * @param nativeBytes bytes allocated by malloc, see mallinfo(3)
 * @param descriptors open descriptors, the JVM's own files included
 * @param threads kernel threads, so not virtual ones
 */
public record Resources(long rssBytes, long heapBytes, long nativeBytes, int descriptors, int threads) {

    private static final MemoryLayout MALLINFO = MemoryLayout.sequenceLayout(10, ValueLayout.JAVA_LONG);
    /** {@code hblkhd} and {@code uordblks}: bytes in mappings of their own, and in use in the arenas. */
    private static final int MAPPED = 4;
    private static final int IN_USE = 7;

    private static final MethodHandle MALLINFO2 = Linker.nativeLinker().downcallHandle(
            Linker.nativeLinker().defaultLookup().find("mallinfo2").orElseThrow(),
            FunctionDescriptor.of(MemoryLayout.structLayout(MALLINFO)));

    /** Measures after a garbage collection. */
    public static Resources now() throws IOException {
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        return new Resources(status("VmRSS:") * 1024, heap, nativeBytesInUse(), Descriptors.of("self").size(), (int) status("Threads:"));
    }

    private static long status(String name) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/self/status"));
        String line = lines.stream().filter(one -> one.startsWith(name)).findFirst().orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", ""));
    }

    private static long nativeBytesInUse() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = (MemorySegment) MALLINFO2.invokeExact((SegmentAllocator) arena);
            return info.getAtIndex(ValueLayout.JAVA_LONG, MAPPED) + info.getAtIndex(ValueLayout.JAVA_LONG, IN_USE);
        } catch (Throwable thrown) {
            throw new AssertionError(thrown);
        }
    }
}
