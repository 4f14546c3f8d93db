package dev.panpty.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.screen.Oracle.Case;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What recorded programs have drawn, after each key and each size, and at the end: as on xterm.js, whose screens are among the resources. */
class RealProgramsTest {

    static List<String> names() {
        return Programs.NAMES;
    }

    @ParameterizedTest
    @MethodSource("names")
    void theScreenIsThatOfXtermJs(String name) throws Exception {
        String[] expected = Files.readString(Programs.screens(name)).stripTrailing().split("\n\n");
        List<Case> cases = Programs.cases(name);
        assertEquals(expected.length, cases.size());
        assertTrue(cases.size() > 3, () -> cases.size() + " places");
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i].stripTrailing(), Dump.of(Dump.screen(cases.get(i))).stripTrailing(), name + ", place " + i);
        }
    }
}
