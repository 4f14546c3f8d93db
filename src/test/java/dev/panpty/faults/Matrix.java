package dev.panpty.faults;

import dev.panpty.faults.Fault.Side;
import dev.panpty.faults.Fault.Use;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Faults and their outcomes as a table: a row for all errnos of a call with the same outcome, a column for each {@link Use}. */
final class Matrix {

    private static final String HEAD = """
            # Faults at system calls

            What a user sees when one of the library's system calls fails: nothing (undisturbed), or an exception, or what the protocol or
            the exit status says. Whose call it is, and which of its uses in the scenario fails: the first, the second, the third, or all
            from the first on. Nothing is left behind in any case, and the next start is undisturbed. Written by FaultsStress.

            Faults come by thread, and from when the library is loaded. Not here, therefore: memfd_create, made once in a JVM (HostSandboxTest,
            HostLimitsTest); rt_sigprocmask in the child, which cannot be told from its parent's, and the prctl of a parent-death signal, made
            for another thread (both: trampoline_harness.c); and rt_sigprocmask that restores the caller's mask, without which the JVM itself
            would die of its next SIGSEGV.

            """;
    private static final String NONE = "-";

    private final Map<Fault, String> outcomes = new LinkedHashMap<>();

    private record Call(Scenario scenario, Side side, String label) {}

    void put(Fault fault, String outcome) {
        outcomes.put(fault, outcome);
    }

    static Matrix read(Path file) throws IOException {
        Matrix matrix = new Matrix();
        for (String line : Files.readAllLines(file)) {
            String[] cells = line.split(" *\\| *");
            if (cells.length < 2 || cells[1].equals("scenario") || cells[1].equals("---")) {
                continue;
            }
            Side side = List.of(Side.values()).stream().filter(one -> one.toString().equals(cells[2])).findFirst().orElseThrow();
            for (String errno : cells[cells.length - 1].split(" ")) {
                for (Use use : Use.values()) {
                    String outcome = cells[4 + use.ordinal()];
                    if (!outcome.equals(NONE)) {
                        matrix.put(new Fault(Scenario.valueOf(cells[1]), side, cells[3], use, errno), outcome);
                    }
                }
            }
        }
        return matrix;
    }

    @Override
    public String toString() {
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("scenario", "whose", "call"));
        List.of(Use.values()).forEach(use -> head.add(use.toString()));
        head.add("errno");
        rows.add(head);
        rows.add(head.stream().map(any -> "---").toList());
        outcomes.keySet().stream().map(fault -> new Call(fault.scenario(), fault.side(), fault.label())).distinct()
                .forEach(call -> rows.addAll(rows(call)));
        int[] widths = new int[head.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder(HEAD);
        for (List<String> row : rows) {
            int last = widths.length - 1; // long, so not padded
            for (int i = 0; i < last; i++) {
                text.append("| ").append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 1));
            }
            text.append("| ").append(row.get(last)).append(" |\n");
        }
        return text.toString();
    }

    private List<List<String>> rows(Call call) {
        Map<String, Map<Use, String>> byErrno = new LinkedHashMap<>();
        outcomes.forEach((fault, outcome) -> {
            if (new Call(fault.scenario(), fault.side(), fault.label()).equals(call)) {
                byErrno.computeIfAbsent(fault.errno(), any -> new EnumMap<>(Use.class)).put(fault.use(), outcome);
            }
        });
        Map<Map<Use, String>, List<String>> alike = byErrno.entrySet().stream()
                .collect(Collectors.groupingBy(Map.Entry::getValue, LinkedHashMap::new,
                        Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
        List<List<String>> rows = new ArrayList<>();
        alike.forEach((uses, errnos) -> {
            List<String> row = new ArrayList<>(List.of(call.scenario.name(), call.side.toString(), call.label));
            List.of(Use.values()).forEach(use -> row.add(uses.getOrDefault(use, NONE)));
            row.add(String.join(" ", errnos));
            rows.add(row);
        });
        return rows;
    }
}
