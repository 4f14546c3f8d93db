package dev.panpty.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Compares this library with the C reference and with others, interleaved: every contestant is a process that runs for the whole comparison
 * and is warm, and each round measures all of them in turn, so that other load on the machine affects all alike. Prints a table in Markdown,
 * and its progress on standard error.
 *
 * <pre>
 *   Compare [--rounds 7] [--scale PERCENT] [--heap GIB] [--ours] [WORKLOAD | heap | fresh | growth | calls] ...
 * </pre>
 *
 * <p>With {@code -Dbench.old=CLASSES}, the compiled classes of an older state of this library with its C library, that state is a
 * contestant too, and the table has the ratios to it.
 *
 * <p>{@code --scale} changes the operations of a round, {@code --ours} leaves the other libraries out. A workload is one of {@link Workload}; {@code heap} is {@code spawn} by processes
 * that have touched {@code --heap} GiB, 8 by default, two processes at a time; {@code fresh} is {@link FreshJvms}, {@code growth} is
 * {@link Growth} and {@code calls} is {@link SystemCalls}. Without a name all of them run.
 */
public final class Compare {

    private static final int WARM_UP_TERMINALS = 50;

    private int rounds = 7;
    private int heapGib = 8;
    private int scalePercent = 100;
    private boolean oursOnly;
    private final List<String> names = new ArrayList<>();

    private Compare(String[] arguments) {
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--rounds" -> rounds = Integer.parseInt(arguments[++i]);
                case "--heap" -> heapGib = Integer.parseInt(arguments[++i]);
                case "--ours" -> oursOnly = true;
                case "--scale" -> scalePercent = Integer.parseInt(arguments[++i]);
                default -> names.add(arguments[i]);
            }
        }
        if (names.isEmpty()) {
            for (Workload workload : Workload.values()) {
                names.add(workload.toString());
            }
            names.addAll(List.of("heap", "fresh", "calls", "growth"));
        }
    }

    /** See the class comment. */
    public static void main(String[] arguments) throws Exception {
        new Compare(arguments).run();
    }

    private void run() throws Exception {
        Table table = new Table();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            Progress.begin((i + 1) + " of " + names.size() + ", " + name);
            switch (name) {
                case "heap" -> addPairs(table, Workload.SPAWN);
                case "fresh" -> FreshJvms.run(rounds);
                case "growth" -> Growth.run(rounds);
                case "calls" -> SystemCalls.run();
                default -> {
                    Workload workload = Workload.valueOf(name.toUpperCase(Locale.ROOT));
                    List<Contestant> contestants = workload.contestants().stream().filter(each -> !oursOnly || !each.isOther()).toList();
                    table.add(workload, 0, interleaved(workload, contestants, 0));
                }
            }
        }
    }

    /** All processes run at once, and each round measures all of them. */
    private Map<Contestant, List<Measurement>> interleaved(Workload workload, List<Contestant> contestants, int gib) throws Exception {
        Map<Contestant, Running> running = new EnumMap<>(Contestant.class);
        try {
            for (Contestant contestant : contestants) {
                running.put(contestant, new Running(contestant, gib));
                running.get(contestant).warmUp(workload, warmUpCount(workload));
            }
            Map<Contestant, List<Measurement>> results = new EnumMap<>(Contestant.class);
            for (int round = 0; round < rounds; round++) {
                Progress.say("round " + (round + 1) + " of " + rounds);
                for (Contestant contestant : contestants) {
                    results.computeIfAbsent(contestant, key -> new ArrayList<>())
                            .add(running.get(contestant).measure(workload, count(workload)));
                }
            }
            return results;
        } finally {
            for (Running each : running.values()) {
                each.close();
            }
        }
    }

    /** Each with C only: more large heaps would not fit. */
    private void addPairs(Table table, Workload workload) throws Exception {
        List<Contestant> contestants = workload.contestants();
        Contestant base = contestants.getFirst();
        for (Contestant contestant : contestants.subList(1, contestants.size())) {
            table.add(workload, heapGib, interleaved(workload, List.of(base, contestant), heapGib));
        }
    }

    private int count(Workload workload) {
        return Math.max(1, workload.count() * scalePercent / 100);
    }

    /** Few terminals, so that the growth of memory by many is still measured. */
    private int warmUpCount(Workload workload) {
        return workload == Workload.TERMINALS ? WARM_UP_TERMINALS : count(workload);
    }
}
