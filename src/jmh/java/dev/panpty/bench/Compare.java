package dev.panpty.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares this library with the C reference and with others, interleaved: each round runs every contestant once, in a process of its
 * own, so that what else the machine does meets all of them. Prints medians, and medians of the ratios to the first contestant.
 *
 * <pre>
 *   Compare [--rounds 5] [--heap 8] [--scale 100] [workload ...]
 * </pre>
 *
 * <p>{@code --heap} makes every process touch so many GiB first; {@code --scale} is the percentage of the usual counts. A workload
 * is one of {@link #COUNTS}, or {@code fresh}.
 */
public final class Compare {

    /** How many operations one measurement has, MiB for bulk, text and feed. */
    private static final Map<String, Integer> COUNTS = new TreeMap<>(
            Map.of("spawn", 300, "bulk", 256, "text", 128, "echo", 10_000, "feed", 64, "terminals", 300, "fresh", 5));

    private static final Map<String, List<String>> CONTESTANTS = Map.of(
            "spawn", List.of("C", "panpty", "panpty-fork", "panpty-events", "builder", "pty4j"),
            "bulk", List.of("C", "panpty", "panpty-virtual", "panpty-events", "builder", "pty4j"),
            "text", List.of("C", "panpty", "panpty-virtual", "panpty-events", "builder", "pty4j"),
            "echo", List.of("C", "panpty", "panpty-virtual", "panpty-events", "builder", "pty4j"),
            "feed", List.of("C", "panpty", "panpty-virtual", "builder", "pty4j"),
            "terminals", List.of("C", "panpty-events"),
            "fresh", List.of("builder", "nothing", "panpty", "pty4j"));

    private static final Path REFERENCE_SOURCE = Path.of("src/test/c/reference.c");

    private int rounds = 5;
    private int heapGib;
    private int scalePercent = 100;
    private final List<String> workloads = new ArrayList<>();
    private final Path reference = Files.createTempFile("panpty-reference", "");

    /** What a measurement gives, per operation. */
    private record Cost(double wallNanos, double cpuNanos) {}

    private Compare(String[] arguments) throws IOException {
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--rounds" -> rounds = Integer.parseInt(arguments[++i]);
                case "--heap" -> heapGib = Integer.parseInt(arguments[++i]);
                case "--scale" -> scalePercent = Integer.parseInt(arguments[++i]);
                default -> workloads.add(arguments[i]);
            }
        }
        if (workloads.isEmpty()) {
            workloads.addAll(COUNTS.keySet());
        }
    }

    /** The options and workloads named above. */
    public static void main(String[] arguments) throws Exception {
        Compare compare = new Compare(arguments);
        try {
            output(List.of("cc", "-std=c11", "-O2", "-o", compare.reference.toString(), REFERENCE_SOURCE.toString()));
            for (String workload : compare.workloads) {
                compare.run(workload);
            }
        } finally {
            Files.delete(compare.reference);
        }
    }

    private void run(String workload) throws Exception {
        Map<String, List<Cost>> costs = new LinkedHashMap<>();
        CONTESTANTS.get(workload).forEach(contestant -> costs.put(contestant, new ArrayList<>()));
        for (int round = 0; round < rounds; round++) {
            for (Map.Entry<String, List<Cost>> contestant : costs.entrySet()) {
                contestant.getValue().add(measure(contestant.getKey(), workload));
            }
        }
        print(workload, costs);
    }

    private Cost measure(String contestant, String workload) throws Exception {
        int count = Math.max(1, COUNTS.get(workload) * scalePercent / 100);
        if (workload.equals("fresh")) {
            return fresh(contestant, count);
        }
        List<String> command = contestant.equals("C") ? new ArrayList<>(List.of(reference.toString())) : java(contestant);
        if (contestant.equals("C") && heapGib > 0) {
            command.addAll(List.of("--heap", heapGib + "G"));
        } else if (!contestant.equals("C")) {
            command.addAll(List.of(Contestant.class.getName(), contestant.replace("-fork", "")));
        }
        command.addAll(List.of(workload, Integer.toString(count)));
        String[] words = output(command).strip().split(" ");
        return new Cost(Double.parseDouble(words[0]), Double.parseDouble(words[1]));
    }

    private Cost fresh(String contestant, int count) throws Exception {
        List<String> command = java(contestant);
        command.add(Fresh.class.getName());
        if (!contestant.equals("nothing")) {
            command.add(contestant);
        }
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            output(command);
        }
        return new Cost((double) (System.nanoTime() - start) / count, Double.NaN);
    }

    private List<String> java(String contestant) {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java",
                "--enable-native-access=ALL-UNNAMED", "-Dslf4j.internal.verbosity=ERROR",
                "-classpath", System.getProperty("java.class.path")));
        if (heapGib > 0) {
            command.addAll(List.of("-Xms" + heapGib + "g", "-Xmx" + (heapGib + 1) + "g", "-XX:+AlwaysPreTouch"));
        }
        if (contestant.endsWith("-fork")) {
            command.add("-Ddev.panpty.spawn=fork_exec");
        }
        return command;
    }

    private static String output(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException(command + " exited with code " + process.exitValue());
        }
        return output;
    }

    private void print(String workload, Map<String, List<Cost>> costs) {
        List<Cost> first = costs.values().iterator().next();
        System.out.printf("%n%s, %d rounds%s%n", workload, rounds, heapGib > 0 ? ", " + heapGib + " GiB of touched memory" : "");
        System.out.printf("  %-16s %12s %8s %12s %8s%n", "", "us", "ratio", "CPU us", "ratio");
        costs.forEach((contestant, own) -> System.out.printf("  %-16s %12.1f %8.2f %12.1f %8.2f%n", contestant,
                median(own.stream().mapToDouble(Cost::wallNanos).toArray()) / 1000, ratio(own, first, false),
                median(own.stream().mapToDouble(Cost::cpuNanos).toArray()) / 1000, ratio(own, first, true)));
    }

    private static double ratio(List<Cost> own, List<Cost> first, boolean cpu) {
        double[] ratios = new double[own.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = cpu ? own.get(i).cpuNanos / first.get(i).cpuNanos : own.get(i).wallNanos / first.get(i).wallNanos;
        }
        return median(ratios);
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return (values[(values.length - 1) / 2] + values[values.length / 2]) / 2;
    }
}
