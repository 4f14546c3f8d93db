package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.PtyProcessBuilder.Limit;
import dev.panpty.internal.spawn.Environment;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.Programs;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The values that a builder has, and its copies. */
class BuilderTest {

    private static final TerminalTap TAP = new TerminalTap() { };

    @TempDir
    Path folder;

    /** A builder with everything set to another value than the default. */
    private static PtyProcessBuilder full(Pty pty) {
        PtyProcessBuilder builder = new PtyProcessBuilder("a", "b").argv0("c").directory(Path.of("/")).pty(pty)
                .windowSize(new WindowSize(1, 2)).attributes(TerminalAttributes.raw()).closeGrace(Duration.ofSeconds(3)).endAtExit(true)
                .stderr(StandardError.PIPE).controllingTerminal(false).longLines(LongLines.SPLIT).waterMarks(5, 4)
                .loseConnectionLimit(Duration.ofSeconds(6)).tap(TAP).joinOutput(5000).ownedOutput(true)
                .spawnStrategy(SpawnStrategy.FORK_EXEC).user("0").group("0").supplementaryGroups("7").umask(8).niceness(9)
                .parentDeathSignal(Signal.INT).limit(ResourceLimit.CORE, 10, ResourceLimit.UNLIMITED);
        builder.environment().put("NEW", "11");
        return builder;
    }

    private static Object value(Field field, Object owner) throws ReflectiveOperationException {
        field.setAccessible(true);
        Object value = field.get(owner);
        if (value instanceof Environment environment) {
            return Map.copyOf(environment.map());
        }
        return value instanceof ChildOptions options ? values(options) : String.valueOf(value);
    }

    /** Of all fields, also of those that are added one day. */
    private static Map<String, Object> values(Object owner) throws ReflectiveOperationException {
        Map<String, Object> values = new TreeMap<>();
        for (Field field : owner.getClass().getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers())) {
                values.put(field.getName(), value(field, owner));
            }
        }
        return values;
    }

    @Test
    void gettersGiveWhatWasSet() throws Exception {
        try (Pty pty = Pty.open()) {
            PtyProcessBuilder builder = full(pty);
            assertEquals(List.of("a", "b"), builder.command());
            assertEquals(Optional.of("c"), builder.argv0());
            assertEquals(Optional.of(Path.of("/")), builder.directory());
            assertEquals(Optional.of(pty), builder.pty());
            assertEquals(Optional.of(new WindowSize(1, 2)), builder.windowSize());
            assertEquals(Optional.of(TerminalAttributes.raw()), builder.attributes());
            assertEquals(Duration.ofSeconds(3), builder.closeGrace());
            assertTrue(builder.endAtExit());
            assertEquals(StandardError.PIPE, builder.stderr());
            assertFalse(builder.controllingTerminal());
            assertEquals(Optional.of(LongLines.SPLIT), builder.longLines());
            assertEquals(5, builder.highWaterBytes());
            assertEquals(4, builder.lowWaterBytes());
            assertEquals(Duration.ofSeconds(6), builder.loseConnectionLimit());
            assertEquals(List.of(TAP), builder.taps());
            assertEquals(OptionalInt.of(5000), builder.joinOutput());
            assertTrue(builder.ownedOutput());
            assertEquals(Optional.of(SpawnStrategy.FORK_EXEC), builder.spawnStrategy());
            assertEquals(Optional.of("0"), builder.user());
            assertEquals(Optional.of("0"), builder.group());
            assertEquals(Optional.of(List.of("7")), builder.supplementaryGroupList());
            assertEquals(OptionalInt.of(8), builder.umask());
            assertEquals(OptionalInt.of(9), builder.niceness());
            assertEquals(Optional.of(Signal.INT), builder.parentDeathSignal());
            assertEquals(Map.of(ResourceLimit.CORE, new Limit(10, ResourceLimit.UNLIMITED)), builder.limits());
            assertFalse(builder.hasLoginEnvironment());
            assertTrue(builder.loginEnvironment().hasLoginEnvironment());
        }
    }

    @Test
    void gettersOfANewBuilderGiveTheDefaults() {
        PtyProcessBuilder builder = new PtyProcessBuilder("a");
        for (Optional<?> unset : List.of(builder.argv0(), builder.directory(), builder.directoryName(), builder.pty(), builder.windowSize(),
                builder.attributes(), builder.longLines(), builder.spawnStrategy(), builder.user(), builder.group(),
                builder.supplementaryGroupList(), builder.parentDeathSignal())) {
            assertEquals(Optional.empty(), unset);
        }
        assertEquals(List.of(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty()),
                List.of(builder.umask(), builder.niceness(), builder.joinOutput()));
        assertEquals(Map.of(), builder.limits());
        assertEquals(Duration.ofSeconds(1), builder.closeGrace());
        assertEquals(Duration.ofSeconds(5), builder.loseConnectionLimit());
        assertEquals(List.of(), builder.taps());
        assertEquals(List.of(65536, 16384), List.of(builder.highWaterBytes(), builder.lowWaterBytes()));
        assertEquals(StandardError.TERMINAL, builder.stderr());
        assertTrue(builder.controllingTerminal());
        assertFalse(builder.endAtExit() || builder.ownedOutput() || builder.hasLoginEnvironment());
    }

    @Test
    void aCopyHasEveryValue() throws Exception {
        try (Pty pty = Pty.open()) {
            PtyProcessBuilder builder = full(pty).loginEnvironment();
            Map<String, Object> defaults = values(new PtyProcessBuilder("x"));
            values(builder).forEach((name, value) -> {
                boolean unset = name.equals("directoryName"); // excludes directory
                assertEquals(unset, defaults.get(name).equals(value), name + " is " + value);
            });
            assertEquals(values(builder), values(builder.copy()));
            assertEquals(values(builder.directoryName("/tmp")), values(builder.copy()));
            assertEquals(values(new PtyProcessBuilder("x")), values(new PtyProcessBuilder("x").copy()));
        }
    }

    @Test
    void aCopyChangesApart() throws Exception {
        try (Pty pty = Pty.open()) {
            PtyProcessBuilder builder = full(pty);
            Map<String, Object> before = values(builder);
            PtyProcessBuilder copy = builder.copy();
            copy.command("y").umask(0).limit(ResourceLimit.CPU, 1, 1).environment().put("NEW", "other");
            copy.environment().remove("HOME");
            copy.user("1").supplementaryGroups();
            assertEquals(before, values(builder));
            assertNotEquals(before, values(copy));
        }
    }

    @EachWay
    void aNullDirectoryIsThatOfTheJvm() throws Exception {
        PtyProcessBuilder builder = new PtyProcessBuilder("pwd", "-P").directory(folder).directory(null);
        assertEquals(Path.of("").toRealPath() + "\r\n", Programs.outputAsNames(builder));
        assertEquals(Optional.empty(), builder.directory());
        assertEquals(Path.of("").toRealPath() + "\r\n", Programs.outputAsNames(builder.directoryName("/").directory(null)));
    }

    @EachWay
    void aDirectoryIsSetByItsName() throws Exception {
        Path named = Files.createDirectory(folder.resolve("na me")).toRealPath();
        PtyProcessBuilder builder = new PtyProcessBuilder("pwd", "-P").directory(Path.of("/")).directoryName(named.toString());
        assertEquals(named + "\r\n", Programs.outputAsNames(builder));
        assertEquals(Optional.empty(), builder.directory());
        assertEquals(Optional.of(named.toString()), builder.directoryName());
        assertEquals(Path.of("").toRealPath() + "\r\n", Programs.outputAsNames(builder.directoryName("")));
        assertEquals("/\r\n", Programs.output(builder.directory(Path.of("/"))));
        assertThrows(IllegalArgumentException.class, () -> builder.directoryName("a\0b"));
        assertThrows(IllegalArgumentException.class, () -> builder.directoryName("\ud83d"));
    }
}
