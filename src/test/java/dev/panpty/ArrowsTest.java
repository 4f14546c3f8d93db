package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Repository;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which room may call which, as the class files have it, see {@code module-info.java}. */
class ArrowsTest {

    private static final Pattern DEPENDENCY = Pattern.compile("^ +dev\\.panpty\\.(\\S+) +-> dev\\.panpty\\.(\\S+)", Pattern.MULTILINE);

    private static final String API = "";

    private static final Map<String, Set<String>> ARROWS = Map.of(
            API, Set.of("internal.stream", "internal.event", "internal.process", "internal.loop", "internal.spawn", "internal.sys", "internal.gen"),
            "internal.stream", Set.of("internal.process", "internal.loop", "internal.sys", "internal.gen"),
            "internal.event", Set.of("internal.process", "internal.loop", "internal.sys", "internal.gen"),
            "internal.process", Set.of("internal.loop", "internal.sys", "internal.gen"),
            "internal.loop", Set.of("internal.sys", "internal.gen"),
            "internal.spawn", Set.of("internal.sys", "internal.gen"),
            "internal.sys", Set.of("internal.gen"),
            "internal.gen", Set.of());

    /** By top-level class, without the class itself. */
    private static final Map<String, Set<String>> USES = uses();

    private static Map<String, Set<String>> uses() {
        StringWriter output = new StringWriter();
        int code = ToolProvider.findFirst("jdeps").orElseThrow().run(new PrintWriter(output), new PrintWriter(output),
                "--ignore-missing-deps", "-verbose:class", "-filter:none", Repository.path("target/classes/dev").toString());
        assertEquals(0, code, output::toString);
        Map<String, Set<String>> uses = new TreeMap<>();
        Matcher found = DEPENDENCY.matcher(output.toString());
        while (found.find()) {
            String user = topLevel(found.group(1));
            String used = topLevel(found.group(2));
            uses.computeIfAbsent(user, any -> new TreeSet<>());
            if (!user.equals(used)) {
                uses.get(user).add(used);
            }
        }
        return uses;
    }

    private static String topLevel(String name) {
        return name.replaceAll("(?<=[^$.])\\$.*", "");
    }

    private static String room(String name) {
        return name.substring(0, Math.max(name.lastIndexOf('.'), 0));
    }

    @Test
    void everyArrowBetweenTheRoomsIsDrawn() {
        assertTrue(USES.size() > 100, () -> "so many classes are read: " + USES.size());
        List<String> others = USES.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream()
                        .filter(used -> !room(used).equals(room(entry.getKey())) && !ARROWS.get(room(entry.getKey())).contains(room(used)))
                        .map(used -> entry.getKey() + " -> " + used))
                .collect(Collectors.toList());
        assertEquals(List.of(), others);
    }
}
