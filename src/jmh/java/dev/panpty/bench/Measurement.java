package dev.panpty.bench;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One line of measurements, {@code name=number ...}; see {@code src/test/c/reference.c}. */
record Measurement(Map<String, Double> numbers) {

    static Measurement parse(String line) {
        Map<String, Double> numbers = new HashMap<>();
        for (String word : line.strip().split(" ")) {
            int sign = word.indexOf('=');
            numbers.put(word.substring(0, sign), Double.valueOf(word.substring(sign + 1)));
        }
        return new Measurement(numbers);
    }

    /** Zero if it was not measured. */
    double number(String name) {
        return numbers.getOrDefault(name, 0.0);
    }

    static double median(List<Measurement> rounds, String name) {
        return median(rounds.stream().mapToDouble(round -> round.number(name)).toArray());
    }

    /** The median of the ratios, round by round. */
    static double ratio(List<Measurement> rounds, List<Measurement> base, String name) {
        double[] ratios = new double[rounds.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = rounds.get(i).number(name) / base.get(i).number(name);
        }
        return median(ratios);
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return (values[(values.length - 1) / 2] + values[values.length / 2]) / 2;
    }
}
