package dev.panpty.stress;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.LineChart.Line;
import dev.panpty.testing.LineChart.Panel;
import dev.panpty.testing.LineChart.Point;
import dev.panpty.testing.LineChart;
import dev.panpty.testing.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Mixed load for ten minutes, or {@code -Dpanpty.soakSeconds}: its resources are drawn into {@code target/soak.svg} and stay flat. With the
 * profile {@code stress} only. A resource is flat if the median of its last quarter exceeds that of its first quarter by at most a tenth
 * plus the variation of the load itself. The first sixth does not count: classes are loaded and code is compiled then.
 */
class SoakStress {

    private static final int DEFAULT_SECONDS = 600;
    private static final double MIB = 1 << 20;
    private static final double MARGIN = 0.1;
    private static final Duration TO_BEGIN_AND_END = Duration.ofSeconds(90);

    /** A column of the samples, and its variation under constant load. */
    private record Quantity(String title, String unit, double scale, double slack) {}

    private static final List<Quantity> QUANTITIES = List.of(
            new Quantity("Resident memory", "MiB", MIB, 4),
            new Quantity("Heap after a collection", "MiB", MIB, 2),
            new Quantity("Native memory, malloc", "MiB", MIB, 2),
            new Quantity("Descriptors", "", 1, 10),
            new Quantity("Threads", "", 1, 5));

    @Test
    @Timeout(1200)
    void memoryDescriptorsAndThreadsStayFlatUnderMixedLoad() throws Exception {
        int seconds = Integer.getInteger("panpty.soakSeconds", DEFAULT_SECONDS);
        long seed = Long.getLong("panpty.seed", System.nanoTime());
        System.out.println("soak: " + seconds + " s, -Dpanpty.seed=" + seed);
        Path samples = Repository.path("target/soak.txt");
        new ForkedJvm(SoakLoad.class)
                .options("-Xms128m", "-Xmx128m", "-XX:+AlwaysPreTouch", "-Dpanpty.test.native=" + System.getProperty("panpty.test.native"))
                .arguments(Integer.toString(seconds), Long.toString(seed), samples.toString())
                .limit(Duration.ofSeconds(seconds).plus(TO_BEGIN_AND_END))
                .run();
        List<double[]> rows = Files.readAllLines(samples).stream()
                .map(row -> Arrays.stream(row.split(" ")).mapToDouble(Double::parseDouble).toArray())
                .toList();
        String picture = LineChart.svg("Mixed load, " + rows.size() + " samples", "seconds", panels(rows));
        Files.writeString(Repository.path("target/soak.svg"), picture);
        List<String> risen = new ArrayList<>();
        for (int i = 0; i < QUANTITIES.size(); i++) {
            Quantity quantity = QUANTITIES.get(i);
            List<double[]> warm = rows.subList(rows.size() / 6, rows.size());
            double before = median(warm.subList(0, warm.size() / 4), i + 1) / quantity.scale;
            double after = median(warm.subList(warm.size() * 3 / 4, warm.size()), i + 1) / quantity.scale;
            String found = String.format(Locale.ROOT, "%s: %.1f, then %.1f %s", quantity.title, before, after, quantity.unit);
            System.out.println("soak: " + found);
            if (after > before * (1 + MARGIN) + quantity.slack) {
                risen.add(found);
            }
        }
        assertTrue(risen.isEmpty(), risen::toString);
    }

    private static List<Panel> panels(List<double[]> rows) {
        List<Panel> panels = new ArrayList<>();
        for (int i = 0; i < QUANTITIES.size(); i++) {
            int column = i + 1;
            Quantity quantity = QUANTITIES.get(i);
            List<Point> points = rows.stream().map(row -> new Point(row[0], row[column] / quantity.scale)).toList();
            panels.add(new Panel(quantity.title, quantity.unit, List.of(new Line(quantity.title, points))));
        }
        return panels;
    }

    private static double median(List<double[]> rows, int column) {
        double[] sorted = rows.stream().mapToDouble(row -> row[column]).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
