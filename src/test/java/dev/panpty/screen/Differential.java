package dev.panpty.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.screen.Oracle.Case;
import dev.panpty.screen.Oracle.Output;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Random output, on this screen and on xterm.js. */
final class Differential {

    private static final int ROWS = 6;
    private static final int COLUMNS = 20;
    private static final int HISTORY = 10;

    /** Of 1,000: how many cases may be left out since xterm.js threw. */
    private static final int MOST_THROWN = 2;

    private final Oracle oracle;
    private int thrown;

    Differential(Oracle oracle) {
        this.oracle = oracle;
    }

    /** Cases of consecutive seeds. */
    void run(int first, int count) throws IOException {
        for (int seed = first; seed < first + count; seed++) {
            check(seed, EnumSet.noneOf(Difference.class));
        }
        assertEquals(0, Math.max(0, thrown - Math.max(1, count * MOST_THROWN / 1000)), () -> "xterm.js threw in " + thrown + " cases");
    }

    /** Cases with one class left in: what differs belongs to it. */
    void run(Difference leftIn, int count) throws IOException {
        for (int seed = 0; seed < count; seed++) {
            check(seed, EnumSet.of(leftIn));
        }
    }

    private void check(int seed, Set<Difference> leftIn) throws IOException {
        Random random = new Random(seed);
        boolean withHistory = random.nextInt(4) == 0;
        RandomOutput output = new RandomOutput(random, ROWS, COLUMNS, leftIn, withHistory);
        List<String> tokens = output.next();
        if (differs(tokens, withHistory)) {
            List<String> small = shrink(tokens, withHistory);
            String text = String.join("", small);
            if (leftIn.stream().noneMatch(difference -> difference.mayBeIn(text))) {
                Case example = example(small, withHistory);
                assertEquals(oracle.show(example), Dump.of(Dump.screen(example)), "seed " + seed + " " + leftIn + " " + example);
            }
        }
        alikeHoweverCut(String.join("", tokens).getBytes(StandardCharsets.UTF_8), seed);
    }

    private static Case example(List<String> tokens, boolean withHistory) {
        return new Case(ROWS, COLUMNS, withHistory ? HISTORY : 0, new Output(String.join("", tokens)));
    }

    private boolean differs(List<String> tokens, boolean withHistory) throws IOException {
        Case example = example(tokens, withHistory);
        String expected = oracle.show(example);
        if (expected.startsWith("!")) {
            thrown++;
            return false;
        }
        return !expected.equals(Dump.of(Dump.screen(example)));
    }

    private List<String> shrink(List<String> tokens, boolean withHistory) throws IOException {
        List<String> best = tokens;
        for (int length = Math.max(best.size() / 2, 1); length >= 1; length = length == 1 ? 0 : length / 2) {
            for (int from = 0; from + length <= best.size(); ) {
                List<String> less = new ArrayList<>(best.subList(0, from));
                less.addAll(best.subList(from + length, best.size()));
                if (differs(less, withHistory)) {
                    best = less;
                } else {
                    from++;
                }
            }
        }
        return best;
    }

    /** Whole, byte by byte, and with a snapshot after each byte. */
    static void alikeHoweverCut(byte[] output, int seed) {
        Screen whole = Dump.screen(new Case(ROWS, COLUMNS, HISTORY, new Output(output)));
        Screen bytes = Dump.screen(new Case(ROWS, COLUMNS, HISTORY));
        Screen snapshots = Dump.screen(new Case(ROWS, COLUMNS, HISTORY));
        for (byte next : output) {
            bytes.feed(new byte[] {next});
            snapshots.feed(new byte[] {next});
            snapshots.snapshot();
        }
        assertEquals(Dump.of(whole), Dump.of(bytes), "seed " + seed + " " + Escapes.show(output));
        assertEquals(Dump.of(whole), Dump.of(snapshots), "seed " + seed + " " + Escapes.show(output));
    }
}
