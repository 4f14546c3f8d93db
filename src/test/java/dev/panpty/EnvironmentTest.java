package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.EachWay;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.Locales;
import dev.panpty.testing.Needs;
import dev.panpty.testing.OddEnvironment;
import dev.panpty.testing.Programs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The environment map, and the environment of the child. */
class EnvironmentTest {

    /** A Python script that starts java with variables that are not text in any encoding. */
    private static final String LAUNCHER = "import os, sys\n"
            + "e = {k: v for k, v in os.environb.items() if k not in (b'TERM', b'LINES', b'COLUMNS')}\n"
            + "e.update({b'ODD': b'h\\xc3\\xa9 \\xff\\xfe', b'LINES': b'5', b'COLUMNS': b'7', b'LC_ALL': b'C', b'N\\xe9': b'x'})\n"
            + "os.execve(sys.argv[1].encode(), [a.encode() for a in sys.argv[1:]], e)";

    private static List<String> environmentOf(PtyProcessBuilder builder) throws Exception {
        return new ArrayList<>(Arrays.asList(Programs.outputAsNames(builder.command("env", "-0")).split("\0")));
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

    /** Ways to put a new variable. */
    private static List<Consumer<Map<String, String>>> puts(String name, String value) {
        Map<String, String> one = new HashMap<>();
        one.put(name, value);
        return List.of(map -> map.put(name, value), map -> map.putAll(one), map -> map.putIfAbsent(name, value));
    }

    @Test
    void whatStartWouldRefuseIsRefusedAtOnceByTheBadValue() {
        for (List<String> bad : List.of(List.of("", "x", "\"\""), List.of("A=B", "x", "\"A=B\""), List.of("=A", "x", "\"=A\""),
                List.of("A\0B", "x", "A\\0B"), List.of("NAME", "a\0b", "a\\0b"), List.of("NAME", "\ud83d", "\ud83d"),
                List.of("\ud83d", "x", "\ud83d"))) {
            PtyProcessBuilder builder = new PtyProcessBuilder("env");
            Map<String, String> before = new HashMap<>(builder.environment());
            for (Consumer<Map<String, String>> put : puts(bad.get(0), bad.get(1))) {
                String message = assertThrows(IllegalArgumentException.class, () -> put.accept(builder.environment())).getMessage();
                assertTrue(message.contains(bad.get(2)), message);
            }
            assertThrows(IllegalArgumentException.class, () -> builder.environment(Map.of("FIRST", "1", bad.get(0), bad.get(1))));
            assertEquals(before, builder.environment());
        }
    }

    @Test
    void aBadValueIsRefusedByEveryMethodOfTheMap() {
        Map<String, String> map = new PtyProcessBuilder("env").environment();
        map.put("NAME", "good");
        assertThrows(IllegalArgumentException.class, () -> map.merge("NAME", "x", (old, added) -> "a\0b"));
        assertThrows(IllegalArgumentException.class, () -> map.compute("NAME", (same, old) -> "a\0b"));
        assertThrows(IllegalArgumentException.class, () -> map.computeIfPresent("NAME", (same, old) -> "a\0b"));
        assertThrows(IllegalArgumentException.class, () -> map.computeIfAbsent("A=B", same -> "x"));
        assertThrows(IllegalArgumentException.class, () -> map.replace("NAME", "a\0b"));
        assertThrows(IllegalArgumentException.class, () -> map.replaceAll((name, old) -> "a\0b"));
        assertThrows(IllegalArgumentException.class, () -> map.entrySet().iterator().next().setValue("a\0b"));
        assertThrows(UnsupportedOperationException.class, () -> map.keySet().add("A"));
        assertEquals("good", map.get("NAME"));
        map.entrySet().stream().filter(entry -> entry.getKey().equals("NAME")).forEach(entry -> entry.setValue("better"));
        assertEquals("better", map.get("NAME"));
        map.keySet().remove("NAME");
        assertFalse(map.containsKey("NAME"));
    }

    @Test
    void nullIsRefusedAtOnce() {
        Map<String, String> map = new PtyProcessBuilder("env").environment();
        assertTrue(assertThrows(NullPointerException.class, () -> map.put("SOME", null)).getMessage().contains("SOME"));
        assertThrows(NullPointerException.class, () -> map.put(null, "x"));
        assertFalse(map.containsKey("SOME"));
    }

    @EachWay
    void anEnvironmentReplacesAllOfIt() throws Exception {
        PtyProcessBuilder builder = new PtyProcessBuilder("env");
        Map<String, String> live = builder.environment();
        builder.environment(Map.of("ONLY", "this"));
        assertEquals(Map.of("ONLY", "this"), live);
        assertEquals("ONLY=this\0", Programs.output(builder.command("/usr/bin/env", "-0")));
        live.put("MORE", "too");
        assertEquals("too", builder.environment().get("MORE"));
        builder.environment(Map.of());
        assertEquals("", Programs.output(builder));
    }

    @EachWay
    @Needs("python3")
    void untouchedBytesPassExactlyAlsoWhereTheyAreNoText() throws Exception {
        Locales.needAsciiClassPath();
        new ForkedJvm(OddEnvironment.class).by("python3", "-c", LAUNCHER).run();
    }
}
