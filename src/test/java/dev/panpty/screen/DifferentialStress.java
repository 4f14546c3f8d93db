package dev.panpty.screen;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** 20,000 random outputs, and as many new sizes, on this screen and on xterm.js: with the profile {@code stress} only. */
@Timeout(1200)
class DifferentialStress {

    private static final int CASES = 20_000;
    private static final int CASES_OF_A_DIFFERENCE = 300;

    @Test
    void randomOutputLooksAsOnXtermJs() throws Exception {
        try (Oracle oracle = Oracle.start()) {
            Differential differential = new Differential(oracle);
            differential.run(0, CASES);
            System.out.println(CASES + " outputs, of which " + differential.figures());
        }
    }

    @Test
    void randomOutputLooksAsOnXtermJsAfterANewSize() throws Exception {
        try (Oracle oracle = Oracle.start()) {
            Differential differential = new Differential(oracle);
            differential.runSizes(0, CASES);
            System.out.println(CASES + " sizes, of which " + differential.figures());
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatDiffersBelongsToTheClassThatIsLeftIn(Difference difference) throws Exception {
        try (Oracle oracle = Oracle.start()) {
            new Differential(oracle).run(difference, CASES_OF_A_DIFFERENCE);
        }
    }
}
