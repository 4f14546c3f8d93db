package dev.panpty.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.expect.Expect;
import dev.panpty.expect.ExpectOptions;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What it costs to find a text behind much output of a program: by a text and by a regex of {@link Expect}, by a loop that only reads, and
 * by pexpect, where {@code /usr/bin/python3} has it. Each round measures all in turn, in this one warm JVM; pexpect in a process of its own,
 * whose start is not measured. Prints a table in Markdown: medians, and the medians of the ratios to the loop of the same round.
 *
 * <pre>
 *   ExpectFlood [rounds] [megabytes ...]      7 rounds and 25, 10, 50 MB, unless given
 * </pre>
 */
public final class ExpectFlood {

    private static final int MEGA = 1_000_000;
    private static final double NANO = 1e-9;
    private static final int WARM_UP = 3;
    private static final String LINE = "abcdefghijklmnopqrstuvwxyz 0123456789 abcdefghijklmnopqrstuvwxyz 0123456789 abc";

    private static final String PYTHON = """
            import pexpect, sys, time
            for size in (2000, 65536):
                p = pexpect.spawn('cat', [sys.argv[1]], maxread=size, timeout=300)
                w, c = time.time(), time.process_time()
                p.expect_exact('END OF IT') if sys.argv[2] == 'text' else p.expect('END [A-Z]+ IT')
                print(time.time() - w, time.process_time() - c)
                p.close(force=True)
            """;

    private final int rounds;

    /** Seconds of the clock, and of the CPU by this process. */
    private record Cost(double wall, double cpu) {}

    /** Reads the output up to the text. */
    private interface Way {
        void run(Path file) throws Exception;
    }

    private ExpectFlood(int rounds) {
        this.rounds = rounds;
    }

    /** See the class comment. */
    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 7;
        List<Integer> sizes = arguments.length > 1 ? Arrays.stream(arguments).skip(1).map(Integer::valueOf).toList() : List.of(25, 10, 50);
        System.out.println("| MB | | time | CPU | × reading | CPU beyond reading |");
        System.out.println("|---:|---|---:|---:|---:|---:|");
        for (int size : sizes) {
            new ExpectFlood(rounds).measure(size);
        }
    }

    private void measure(int megabytes) throws Exception {
        Path file = Files.createTempFile("flood", ".txt");
        try {
            String line = LINE + "\n";
            Files.writeString(file, line.repeat(megabytes * MEGA / line.length()) + "END OF IT\n");
            List<Way> ways = List.of(ExpectFlood::read, ExpectFlood::text, ExpectFlood::regex);
            List<List<Cost>> costs = new ArrayList<>();
            ways.forEach(way -> costs.add(new ArrayList<>()));
            for (int round = -WARM_UP; round < rounds; round++) {
                for (int i = 0; i < ways.size(); i++) {
                    Cost cost = cost(ways.get(i), file);
                    if (round >= 0) {
                        costs.get(i).add(cost);
                    }
                }
            }
            String[] names = {"a loop that reads", "text", "regex"};
            for (int i = 0; i < names.length; i++) {
                print(megabytes, names[i], costs.get(i), costs.getFirst());
            }
            pexpect(megabytes, file, "text", costs.getFirst());
            pexpect(megabytes, file, "regex", costs.getFirst());
        } finally {
            Files.delete(file);
        }
    }

    private static Cost cost(Way way, Path file) throws Exception {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = system.getProcessCpuTime();
        long wall = System.nanoTime();
        way.run(file);
        return new Cost((System.nanoTime() - wall) * NANO, (system.getProcessCpuTime() - cpu) * NANO);
    }

    private static void read(Path file) throws IOException {
        try (PtyProcess process = PtyProcess.start("cat", file.toString())) {
            InputStream output = process.getInputStream();
            byte[] chunk = new byte[64 * 1024];
            while (output.read(chunk) >= 0) {
                continue;
            }
        }
    }

    private static void text(Path file) throws IOException {
        try (Expect session = session(file)) {
            session.expect("END OF IT");
        }
    }

    private static void regex(Path file) throws IOException {
        try (Expect session = session(file)) {
            session.expect(Pattern.compile("END [A-Z]+ IT"));
        }
    }

    private static Expect session(Path file) throws IOException {
        return Expect.start(new PtyProcessBuilder("cat", file.toString()), ExpectOptions.defaults());
    }

    private static void print(int megabytes, String name, List<Cost> costs, List<Cost> base) {
        double wall = median(costs.stream().map(Cost::wall).toList());
        double cpu = median(costs.stream().map(Cost::cpu).toList());
        List<Double> ratios = new ArrayList<>();
        List<Double> beyond = new ArrayList<>();
        for (int i = 0; i < costs.size(); i++) {
            Cost same = base.get(Math.min(i, base.size() - 1));
            ratios.add(costs.get(i).wall() / same.wall());
            beyond.add(costs.get(i).cpu() - same.cpu());
        }
        System.out.println(String.format(Locale.ROOT, "| %d | %s | %.3f s | %.3f s | %.2f | %.3f s |", megabytes, name, wall, cpu, median(ratios),
                median(beyond)));
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static void pexpect(int megabytes, Path file, String way, List<Cost> base) throws Exception {
        Process python = new ProcessBuilder("/usr/bin/python3", "-c", PYTHON, file.toString(), way).start();
        List<String> lines = new String(python.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String[] cost = lines.get(i).split(" ");
            print(megabytes, "pexpect, " + way + ", maxread=" + (i == 0 ? "2000" : "65536"),
                    List.of(new Cost(Double.parseDouble(cost[0]), Double.parseDouble(cost[1]))), base);
        }
    }
}
