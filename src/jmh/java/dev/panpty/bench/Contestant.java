package dev.panpty.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.concurrent.FutureTask;

/**
 * One measurement in a JVM of its own, warmed up by some seconds of the same: {@code Contestant panpty spawn 300} prints nanoseconds and CPU
 * nanoseconds of this process per operation, as {@code src/test/c/reference.c} does. {@link Compare} runs it.
 */
public final class Contestant {

    private static final long WARM_UP_NANOS = 4_000_000_000L;

    /** Work that throws. */
    private interface Work {
        void run(String workload, int count) throws Exception;
    }

    private Contestant() {}

    /** The library, the workload and how many of it; the library may end with {@code -virtual} or {@code -events}. */
    public static void main(String[] arguments) throws Exception {
        String workload = arguments[1];
        int count = Integer.parseInt(arguments[2]);
        String[] library = arguments[0].split("-");
        Work work = work(library[0], library.length == 1 ? "" : library[1]);
        long start = System.nanoTime();
        do {
            work.run(workload, count);
        } while (System.nanoTime() - start < WARM_UP_NANOS);

        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = system.getProcessCpuTime();
        long wall = System.nanoTime();
        work.run(workload, count);
        wall = System.nanoTime() - wall;
        cpu = system.getProcessCpuTime() - cpu;
        System.out.println(wall / count + " " + cpu / count);
        System.exit(0);
    }

    private static Work work(String library, String style) {
        if (style.equals("events")) {
            return new EventWorkloads()::run;
        }
        Work streams = new StreamWorkloads(Library.valueOf(library.toUpperCase(Locale.ROOT)))::run;
        return style.equals("virtual") ? onVirtualThread(streams) : streams;
    }

    private static Work onVirtualThread(Work work) {
        return (workload, count) -> {
            FutureTask<Void> task = new FutureTask<>(() -> {
                work.run(workload, count);
                return null;
            });
            Thread.ofVirtual().start(task);
            task.get();
        };
    }
}
