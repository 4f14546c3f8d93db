package dev.panpty.bench;

import dev.panpty.testing.LineChart.Line;
import dev.panpty.testing.LineChart.Panel;
import dev.panpty.testing.LineChart.Point;
import dev.panpty.testing.LineChart.Scale;
import dev.panpty.testing.LineChart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The cost of a message by the number of terminals, as a picture: {@link Workload#TERMINALS} for increasing numbers. */
final class Growth {

    private static final Path PICTURE = Path.of("src/jmh/growth.svg");
    private static final List<Integer> TERMINALS = List.of(1, 10, 100, 1_000, 3_000);
    private static final int WARM_UP_TERMINALS = 50;
    private static final int MOST_BY_THREADS = 1_000;

    /** In the order of the legend, with short names for it. */
    private static final Map<Contestant, String> NAMES = Map.of(Contestant.C, "C", Contestant.PROTOCOL, "protocol",
            Contestant.VIRTUAL, "virtual threads", Contestant.PLATFORM, "threads", Contestant.PTY4J, "pty4j",
            Contestant.BUILDER, "ProcessBuilder");

    private Growth() {}

    /** Measures the contestants in turn at each number, so many times. */
    static void run(int rounds) throws IOException {
        List<Line> wall = new ArrayList<>();
        List<Line> cpu = new ArrayList<>();
        for (Contestant contestant : Contestant.values()) {
            if (NAMES.containsKey(contestant)) {
                List<Point> wallPoints = new ArrayList<>();
                List<Point> cpuPoints = new ArrayList<>();
                try (Running running = new Running(contestant, 0)) {
                    running.warmUp(Workload.TERMINALS, WARM_UP_TERMINALS);
                    for (int terminals : TERMINALS) {
                        if (terminals <= most(contestant)) {
                            Progress.say(contestant.label() + ", " + terminals + " terminals");
                            List<Measurement> own = measure(running, terminals, rounds);
                            wallPoints.add(new Point(terminals, Measurement.median(own, "wall") / 1000));
                            cpuPoints.add(new Point(terminals, Measurement.median(own, "cpu") / 1000));
                        }
                    }
                }
                wall.add(new Line(NAMES.get(contestant), wallPoints));
                cpu.add(new Line(NAMES.get(contestant), cpuPoints));
            }
        }
        Files.writeString(PICTURE, LineChart.svg("64 bytes to a program and back, on so many terminals at once", "terminals",
                Scale.LOGARITHMIC, List.of(new Panel("Time", "µs a message", wall), new Panel("CPU", "µs a message", cpu))));
        print("Time, µs a message", wall);
        print("CPU, µs a message", cpu);
    }

    private static List<Measurement> measure(Running running, int terminals, int rounds) throws IOException {
        List<Measurement> own = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            own.add(running.measure(Workload.TERMINALS, terminals));
        }
        return own;
    }

    /** The largest number for a contestant; one with a thread or more for each terminal omits the last. */
    private static int most(Contestant contestant) {
        return switch (contestant) {
            case PLATFORM, PTY4J, BUILDER -> MOST_BY_THREADS;
            default -> Integer.MAX_VALUE;
        };
    }

    private static void print(String title, List<Line> lines) {
        System.out.printf("%n| %s |%s%n|---|%s%n", title, cells(TERMINALS.stream().map(String::valueOf).toList()),
                cells(TERMINALS.stream().map(each -> "---:").toList()));
        for (Line line : lines) {
            System.out.printf("| %s |%s%n", line.name(), cells(line.points().stream().map(point -> String.format("%.1f", point.y())).toList()));
        }
    }

    private static String cells(List<String> texts) {
        return " " + String.join(" | ", texts) + " |";
    }
}
