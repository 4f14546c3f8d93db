package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Repository;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayDeque;
import java.util.Deque;
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

/** Which package uses which, read from the class files; {@code module-info.java} has the rules. */
class ArrowsTest {

    private static final Pattern DEPENDENCY = Pattern.compile("^ +dev\\.panpty\\.(\\S+) +-> dev\\.panpty\\.(\\S+)", Pattern.MULTILINE);

    private static final String API = "";

    private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
            Map.entry("cast", Set.of(API)),
            Map.entry("expect", Set.of(API, "screen")),
            Map.entry("screen", Set.of(API)),
            Map.entry(API, Set.of("internal.stream", "internal.event", "internal.process", "internal.loop", "internal.spawn", "internal.sys")),
            Map.entry("internal.stream", Set.of("internal.process", "internal.loop", "internal.sys")),
            Map.entry("internal.event", Set.of("internal.process", "internal.loop", "internal.sys")),
            Map.entry("internal.process", Set.of("internal.loop", "internal.sys")),
            Map.entry("internal.loop", Set.of("internal.sys")),
            Map.entry("internal.spawn", Set.of("internal.sys")),
            Map.entry("internal.sys", Set.of("internal.gen")),
            Map.entry("internal.gen", Set.of()));

    /** The classes of one package that use each other, directly or through others, and the reason. */
    private static final Map<Set<String>, String> KNOTS = Map.of(
            Set.of("internal.loop.EventLoop", "internal.loop.Registration", "internal.loop.RegistrationTable"),
            "one engine: a registration changes its loop's epoll instance, the loop tells its registrations, by way of the table",
            Set.of("internal.stream.RoomWait", "internal.stream.StreamReader"),
            "a writer that waits reads ahead, and the reader wakes it for that",
            Set.of("expect.Match", "expect.Found"), "a sealed type and one of its own",
            Set.of("expect.ExpectException", "expect.ExpectTimeoutException", "expect.EndedException", "expect.UnexpectedException",
                    "expect.PatternException"), "a sealed type and its own",
            Set.of("expect.Expect", "expect.Wait", "expect.Standing"), "a reply, which a wait finds, gets the session",
            Set.of("expect.SessionTaps", "expect.SessionTerminal"), "a tap's terminal ends its pause, and gives the time of the taps");

    /** Classes that know the layout and the steps of the trampoline's request, and so use the generated bindings too. */
    private static final Set<String> OF_THE_TRAMPOLINE = Set.of("internal.spawn.ForkExec", "internal.spawn.SpawnFailure");

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
        assertTrue(USES.size() > 100, () -> "number of classes read: " + USES.size());
        List<String> others = USES.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream()
                        .filter(used -> !mayUse(entry.getKey(), used))
                        .map(used -> entry.getKey() + " -> " + used))
                .collect(Collectors.toList());
        assertEquals(List.of(), others);
    }

    @Test
    void classesOfARoomKnowEachOtherOnlyWhereAReasonIsGiven() {
        Map<String, Set<String>> reached = new TreeMap<>();
        USES.keySet().stream().filter(name -> !Set.of(API, "internal.gen").contains(room(name)))
                .forEach(name -> reached.put(name, reachedFrom(name)));
        Set<Set<String>> knots = reached.keySet().stream()
                .filter(name -> reached.get(name).contains(name))
                .map(name -> reached.get(name).stream()
                        .filter(other -> reached.getOrDefault(other, Set.of()).contains(name))
                        .collect(Collectors.toSet()))
                .collect(Collectors.toSet());
        assertEquals(KNOTS.keySet(), knots);
    }

    /** By one step or more: the class itself is among them only if it is in a cycle. */
    private static Set<String> reachedFrom(String name) {
        Set<String> reached = new TreeSet<>();
        Deque<String> next = new ArrayDeque<>(USES.get(name));
        while (!next.isEmpty()) {
            String used = next.remove();
            if (reached.add(used)) {
                next.addAll(USES.getOrDefault(used, Set.of()));
            }
        }
        return reached;
    }

    private static boolean mayUse(String user, String used) {
        return room(used).equals(room(user)) || ARROWS.get(room(user)).contains(room(used))
                || OF_THE_TRAMPOLINE.contains(user) && room(used).equals("internal.gen");
    }
}
