package dev.panpty.bench;

import java.util.List;
import java.util.Map;

/** The results of the workloads as a Markdown table, printed row by row. */
final class Table {

    private boolean begun;

    /**
     * Adds the results of a workload. The first contestant is the base of the ratios.
     *
     * @param heapGib the heap that all have touched; 0 for small heaps
     */
    void add(Workload workload, int heapGib, Map<Contestant, List<Measurement>> results) {
        if (!begun) {
            begun = true;
            System.out.println("\n| workload | contestant | µs | × C | CPU µs | × C | | at most × C |");
            System.out.println("|---|---|---:|---:|---:|---:|---|---|");
        }
        List<Measurement> base = results.get(workload.contestants().getFirst());
        String what = workload + (heapGib > 0 ? " with " + heapGib + " GiB touched" : "") + ", a " + workload.unit();
        results.forEach((contestant, own) -> {
            System.out.printf("| %s | %s | %s | %.2f | %s | %.2f | %s%s | %s |%n", what, contestant.label(),
                    micros(own, "wall"), Measurement.ratio(own, base, "wall"),
                    micros(own, "cpu"), Measurement.ratio(own, base, "cpu"),
                    besides(workload, contestant, own, base), besideOld(own, results.get(contestant.old())), workload.target(contestant, heapGib > 0));
        });
    }

    private static String besides(Workload workload, Contestant contestant, List<Measurement> own, List<Measurement> base) {
        return switch (workload) {
            case ECHO -> String.format("p50 %s, p99 %s µs, × %.2f", micros(own, "p50"), micros(own, "p99"), Measurement.ratio(own, base, "p99"));
            case TERMINALS -> String.format("%.1f KiB a terminal%s", most(own, "memory") / 1024,
                    contestant == Contestant.C ? "" : String.format(", %+.0f threads", most(own, "threads")));
            case SPAWN, BULK, TEXT, FEED -> "";
        };
    }

    /** The ratios to the older state of the library, if it was measured. */
    private static String besideOld(List<Measurement> own, List<Measurement> old) {
        return old == null ? "" : String.format(" old × %.2f, CPU × %.2f", Measurement.ratio(own, old, "wall"), Measurement.ratio(own, old, "cpu"));
    }

    /** The maximum of all rounds: memory grows in the first round only. */
    private static double most(List<Measurement> own, String name) {
        return own.stream().mapToDouble(round -> round.number(name)).max().orElseThrow();
    }

    private static String micros(List<Measurement> own, String name) {
        double micros = Measurement.median(own, name) / 1000;
        return String.format(micros < 100 ? "%.1f" : "%.0f", micros);
    }
}
