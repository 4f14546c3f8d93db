package dev.panpty.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.screen.Oracle.Case;
import dev.panpty.screen.Oracle.Output;
import dev.panpty.screen.Oracle.Size;
import dev.panpty.screen.Oracle.Step;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Random output, on this screen and on xterm.js. */
final class Differential {

    private static final int ROWS = 6;
    private static final int COLUMNS = 20;
    private static final int HISTORY = 10;

    /** Of 1,000: how many cases may be left out since xterm.js threw; of few cases it may be more by chance. */
    private static final int MOST_THROWN = 2;
    private static final int MOST_THROWN_OF_FEW = 5;

    private final Oracle oracle;
    private int thrown;
    private int different;

    Differential(Oracle oracle) {
        this.oracle = oracle;
    }

    /** Cases of consecutive seeds. */
    void run(int first, int count) throws IOException {
        for (int seed = first; seed < first + count; seed++) {
            check(seed, EnumSet.noneOf(Difference.class));
        }
        assertFewThrown(count);
    }

    private void assertFewThrown(int count) {
        assertTrue(thrown <= Math.max(MOST_THROWN_OF_FEW, count * MOST_THROWN / 1000), () -> "xterm.js threw in " + thrown + " of " + count + " cases");
    }

    /** Cases of consecutive seeds, each of which ends with a new size: what differs belongs to a {@link SizeDifference}. */
    void runSizes(int first, int count) throws IOException {
        for (int seed = first; seed < first + count; seed++) {
            Random random = new Random(seed);
            List<String> tokens = new RandomOutput(random, ROWS, COLUMNS, Set.of(), true).next();
            Size size = new Size(random.nextInt(3) == 0 ? ROWS : 2 + random.nextInt(8), random.nextInt(3) == 0 ? COLUMNS : 4 + random.nextInt(30));
            if (differsBySize(tokens, size)) {
                different++;
                Case small = example(shrink(tokens, less -> differsBySize(less, size)), size);
                if (SizeDifference.in(small).isEmpty()) {
                    assertEquals(oracle.show(small), Dump.of(Dump.screen(small)), "seed " + seed + " " + small);
                }
            }
        }
        assertFewThrown(count);
    }

    /** Whether the size makes the difference. */
    private boolean differsBySize(List<String> tokens, Size size) throws IOException {
        return differs(example(tokens, size)) && !differs(example(tokens));
    }

    private static Case example(List<String> tokens, Step... more) {
        List<Step> steps = new ArrayList<>(List.of(new Output(String.join("", tokens))));
        steps.addAll(List.of(more));
        return new Case(ROWS, COLUMNS, SizeDifference.HISTORY, steps);
    }

    /** Figures of the cases so far. */
    String figures() {
        return different + " differed, xterm.js threw in " + thrown;
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
        Function<List<String>, Case> example = parts -> new Case(ROWS, COLUMNS, withHistory ? HISTORY : 0, new Output(String.join("", parts)));
        if (differs(example.apply(tokens))) {
            different++;
            List<String> small = shrink(tokens, less -> differs(example.apply(less)));
            String text = String.join("", small);
            if (Stream.concat(leftIn.stream(), Difference.RARE.stream()).noneMatch(difference -> difference.mayBeIn(text))) {
                Case smallest = example.apply(small);
                assertEquals(oracle.show(smallest), Dump.of(Dump.screen(smallest)), "seed " + seed + " " + leftIn + " " + smallest);
            }
        }
        alikeHoweverCut(String.join("", tokens).getBytes(StandardCharsets.UTF_8), seed);
    }

    /** Whether there is still something to look for. */
    private interface Doubt {
        boolean remains(List<String> tokens) throws IOException;
    }

    private boolean differs(Case example) throws IOException {
        String expected = oracle.show(example);
        if (expected.startsWith("!")) {
            thrown++;
            return false;
        }
        return !expected.equals(Dump.of(Dump.screen(example)));
    }

    private List<String> shrink(List<String> tokens, Doubt doubt) throws IOException {
        int thrownBefore = thrown;
        List<String> best = tokens;
        for (int length = Math.max(best.size() / 2, 1); length >= 1; length = length == 1 ? 0 : length / 2) {
            for (int from = 0; from + length <= best.size(); ) {
                List<String> less = new ArrayList<>(best.subList(0, from));
                less.addAll(best.subList(from + length, best.size()));
                if (doubt.remains(less)) {
                    best = less;
                } else {
                    from++;
                }
            }
        }
        thrown = thrownBefore;
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
