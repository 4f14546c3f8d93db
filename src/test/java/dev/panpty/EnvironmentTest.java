package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.EachWay;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.Needs;
import dev.panpty.testing.OddEnvironment;
import dev.panpty.testing.Programs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The environment map, and the environment of the child. */
class EnvironmentTest {

    /** A Python script that starts java with variables that are not text in any encoding. */
    private static final String LAUNCHER = "import os, sys\n"
            + "e = {k: v for k, v in os.environb.items() if k not in (b'TERM', b'LINES', b'COLUMNS')}\n"
            + "e.update({b'ODD': b'h\\xc3\\xa9 \\xff\\xfe', b'LINES': b'5', b'COLUMNS': b'7', b'LC_ALL': b'C', b'N\\xe9': b'x'})\n"
            + "os.execve(sys.argv[1].encode(), [a.encode() for a in sys.argv[1:]], e)";

    private static List<String> environmentOf(PtyProcessBuilder builder) throws Exception {
        return new ArrayList<>(Arrays.asList(Programs.output(builder.command("env", "-0")).split("\0")));
    }

    @EachWay
    void theEnvironmentIsTheJvmsWithATerminalTypeAndNothingElse() throws Exception {
        Map<String, String> expected = new java.util.HashMap<>(System.getenv());
        expected.putIfAbsent("TERM", "xterm-256color");
        expected.remove("LINES");
        expected.remove("COLUMNS");
        List<String> actual = environmentOf(new PtyProcessBuilder("env"));
        List<String> wanted = expected.entrySet().stream().map(Object::toString).sorted().toList();
        assertEquals(wanted, actual.stream().sorted().toList());
    }

    @EachWay
    void variablesPutReplacedAndRemovedArriveSo() throws Exception {
        PtyProcessBuilder builder = new PtyProcessBuilder("env");
        builder.environment().put("PANPTY_NEW", "a=b c");
        builder.environment().put("PANPTY_EMPTY", "");
        builder.environment().put("HOME", "/elsewhere");
        builder.environment().remove("TERM");
        List<String> actual = environmentOf(builder);
        assertTrue(actual.contains("PANPTY_NEW=a=b c"), actual::toString);
        assertTrue(actual.contains("PANPTY_EMPTY="), actual::toString);
        assertTrue(actual.contains("HOME=/elsewhere"), actual::toString);
        assertEquals(1, actual.stream().filter(variable -> variable.startsWith("HOME=")).count());
        assertFalse(actual.stream().anyMatch(variable -> variable.startsWith("TERM=")), actual::toString);
    }

    @EachWay
    void aClearedMapIsAnEmptyEnvironment() throws Exception {
        PtyProcessBuilder builder = new PtyProcessBuilder("/usr/bin/env");
        builder.environment().clear();
        assertEquals("", Programs.output(builder));
    }

    @EachWay
    void linesAndColumnsCanBePutBack() throws Exception {
        PtyProcessBuilder builder = new PtyProcessBuilder("env");
        builder.environment().put("LINES", "5");
        assertTrue(environmentOf(builder).contains("LINES=5"));
    }

    @EachWay
    void changesAfterTheStartTouchTheNextProcessOnly() throws Exception {
        PtyProcessBuilder builder = new PtyProcessBuilder("sh", "-c", "read x; echo $LATE.");
        try (PtyProcess early = builder.start()) {
            builder.environment().put("LATE", "late");
            early.getOutputStream().write('\n');
            assertEquals("\r\n.\r\n", new String(early.getInputStream().readAllBytes()));
        }
    }

    @Test
    void aBuildersMapIsNotAnothers() {
        new PtyProcessBuilder("env").environment().put("PANPTY_NEW", "x");
        assertFalse(new PtyProcessBuilder("env").environment().containsKey("PANPTY_NEW"));
    }

    @Test
    void aNullValueIsRefused() {
        PtyProcessBuilder builder = new PtyProcessBuilder("env");
        builder.environment().put("SOME", null);
        assertThrows(NullPointerException.class, () -> builder.start().close());
    }

    @EachWay
    @Needs("python3")
    void untouchedBytesPassExactlyAlsoWhereTheyAreNoText() throws Exception {
        new ForkedJvm(OddEnvironment.class).by("python3", "-c", LAUNCHER).run();
    }
}
