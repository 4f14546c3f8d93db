package dev.panpty.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.screen.Oracle.Case;
import dev.panpty.screen.Oracle.Output;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** 500 random outputs, and 100 new sizes, show the same as on xterm.js, except for the listed classes of differences. {@code DifferentialStress} has more. */
@Timeout(120)
class DifferentialTest {

    private static final int CASES = 500;
    private static final int SIZES = 100;

    @Test
    void randomOutputLooksAsOnXtermJs() throws Exception {
        try (Oracle oracle = Oracle.start()) {
            new Differential(oracle).run(new Random().nextInt(1 << 30), CASES);
        }
    }

    @Test
    void randomOutputLooksAsOnXtermJsAfterANewSize() throws Exception {
        try (Oracle oracle = Oracle.start()) {
            new Differential(oracle).runSizes(new Random().nextInt(1 << 30), SIZES);
        }
    }

    @Test
    void theSmallestCaseOfEachListedDifferenceStillDiffers() throws Exception {
        try (Oracle oracle = Oracle.start()) {
            for (Difference difference : Difference.values()) {
                Case smallest = new Case(6, 20, 0, new Output(difference.smallest()));
                assertNotEquals(oracle.show(smallest), Dump.of(Dump.screen(smallest)), difference::toString);
                assertTrue(difference.mayBeIn(new String(difference.smallest(), StandardCharsets.UTF_8)), difference::toString);
            }
        }
    }

    @Test
    void theSmallestCaseOfEachListedDifferenceAfterASizeStillDiffersByItAlone() throws Exception {
        try (Oracle oracle = Oracle.start()) {
            for (SizeDifference difference : SizeDifference.values()) {
                Case smallest = difference.smallest();
                assertNotEquals(oracle.show(smallest), Dump.of(Dump.screen(smallest)), difference::toString);
                assertEquals(List.of(difference), SizeDifference.in(smallest));
            }
        }
    }

    @Test
    void outputLooksTheSameHoweverItIsCut() {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            byte[] output = String.join("", new RandomOutput(random, 6, 20, Set.of(Difference.values()), false).next())
                    .getBytes(StandardCharsets.UTF_8);
            Differential.alikeHoweverCut(output, seed);
        }
    }
}
