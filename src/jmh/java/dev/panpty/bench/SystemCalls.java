package dev.panpty.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Counts system calls by {@code strace -c}, attached to all threads of a warm contestant, and to none of its children, for one
 * measurement. Tracing slows the contestant down, which changes how often a read gives EAGAIN and so how often a thread waits.
 */
final class SystemCalls {

    private static final double LEAST_SHOWN = 0.02;
    private static final Map<Workload, Integer> COUNTS =
            Map.of(Workload.BULK, 32, Workload.TEXT, 32, Workload.ECHO, 5_000, Workload.FEED, 32);
    private static final List<Contestant> CONTESTANTS =
            List.of(Contestant.C, Contestant.PLATFORM, Contestant.VIRTUAL, Contestant.PROTOCOL, Contestant.PTY4J);

    private SystemCalls() {}

    static void run() throws Exception {
        System.out.printf("%n| workload | contestant | system calls (of them failed) |%n|---|---|---|%n");
        for (Workload workload : Workload.values()) {
            if (COUNTS.containsKey(workload)) {
                for (Contestant contestant : CONTESTANTS) {
                    System.out.printf("| %s, a %s | %s | %s |%n", workload, workload.unit(), contestant.label(),
                            calls(contestant, workload, COUNTS.get(workload)));
                }
            }
        }
    }

    private static String calls(Contestant contestant, Workload workload, int count) throws Exception {
        Path table = Files.createTempFile("panpty-strace", "");
        try (Running running = new Running(contestant, 0)) {
            running.warmUp(workload, count);
            Process strace = attach(running.pid(), table);
            try {
                running.measure(workload, count);
            } finally {
                strace.destroy(); // it detaches and writes its table
                strace.waitFor();
            }
            return summary(Files.readAllLines(table), count);
        } finally {
            Files.delete(table);
        }
    }

    private static Process attach(long pid, Path table) throws Exception {
        Path tasks = Path.of("/proc/" + pid + "/task");
        List<String> command = new ArrayList<>(List.of("strace", "-qq", "-c", "-o", table.toString()));
        try (var threads = Files.list(tasks)) {
            threads.forEach(thread -> command.addAll(List.of("-p", thread.getFileName().toString())));
        }
        Process strace = new ProcessBuilder(command).inheritIO().start();
        while (!isTraced(tasks)) {
            if (!strace.isAlive()) {
                throw new IOException("strace cannot attach to " + pid);
            }
            Thread.onSpinWait();
        }
        return strace;
    }

    private static boolean isTraced(Path tasks) throws IOException {
        try (var threads = Files.list(tasks)) {
            for (Path thread : threads.toList()) {
                if (Files.readAllLines(thread.resolve("status")).contains("TracerPid:\t0")) {
                    return false;
                }
            }
            return true;
        }
    }

    /** The lines are: % time, seconds, usecs/call, calls, errors if any, name. */
    private static String summary(List<String> table, int operations) {
        List<String> calls = new ArrayList<>();
        for (String line : table) {
            String[] words = line.strip().split(" +");
            String name = words[words.length - 1];
            if (!words[0].matches("[0-9.]+") || name.equals("total")) {
                continue;
            }
            double each = Double.parseDouble(words[3]) / operations;
            if (each >= LEAST_SHOWN) {
                calls.add(String.format("%s %.2f", name, each)
                        + (words.length > 5 ? String.format(" (%.2f)", Double.parseDouble(words[4]) / operations) : ""));
            }
        }
        return String.join(", ", calls);
    }
}
