package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.TerminalAttributes.ControlCharacter;
import dev.panpty.internal.sys.FileNameEncoding;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.Programs;
import dev.panpty.testing.ProtocolRecorder;
import dev.panpty.testing.Tools;
import dev.panpty.testing.Way;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.function.Executable;

/** Wrong input of every kind, and valid input near it. jqwik prints the seed. */
class BadInputProperties {

    private static final Set<String> NO_SUCH_PROGRAM = Set.of("ENOENT", "ENOTDIR", "EACCES", "ENAMETOOLONG", "ELOOP");

    private static void refused(boolean wrong, Executable call) throws Exception {
        if (wrong) {
            IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, call);
            assertFalse(refused.getMessage().isBlank());
        } else {
            try {
                call.execute();
            } catch (Throwable failed) {
                throw new AssertionError("refused valid input", failed);
            }
        }
    }

    @Property(tries = 300)
    void aWindowSizeIsFourNumbersOfSixteenBits(@ForAll("numbers") int rows, @ForAll("numbers") int columns, @ForAll("numbers") int width,
            @ForAll("numbers") int height) throws Exception {
        IntPredicate wrong = number -> number < 0 || number > 65535;
        boolean anyWrong = wrong.test(rows) || wrong.test(columns) || wrong.test(width) || wrong.test(height);
        refused(anyWrong, () -> new WindowSize(rows, columns, width, height));
        refused(wrong.test(rows) || wrong.test(columns), () -> new WindowSize(rows, columns));
    }

    /** Numbers near the ends of every range of the API. */
    @Provide
    Arbitrary<Integer> numbers() {
        Arbitrary<Integer> ends = Arbitraries.of(0, 1, 8, 19, 64, 255, 0777, 4096, 65535, 65536, Integer.MAX_VALUE, Integer.MIN_VALUE, -20);
        return Arbitraries.oneOf(Arbitraries.integers(), Arbitraries.integers().between(0, 65535),
                ends.flatMap(end -> Arbitraries.integers().between(-2, 2).map(near -> end + near)));
    }

    @Property(tries = 300)
    void everyNumberHasItsRange(@ForAll("numbers") int number, @ForAll("numbers") int other) throws Exception {
        PtyProcessBuilder builder = new PtyProcessBuilder("true");
        range(number, 1, 64, Signal::new);
        range(number, 0, 255, ExitStatus.Exited::new);
        range(number, 0, 0777, builder::umask);
        range(number, -20, 19, builder::niceness);
        range(number, 0, Integer.MAX_VALUE, builder::user);
        range(number, 0, Integer.MAX_VALUE, builder::group);
        range(number, 4096, 65536, builder::joinOutput);
        range(number, 5, 8, TerminalAttributes.cooked()::withCharacterSize);
        range(number, 0, 255, value -> TerminalAttributes.cooked().with(ControlCharacter.VEOF, value));
        refused(other < 0 || number < other, () -> builder.waterMarks(number, other));
        refused(number < 0 || other < number, () -> builder.limit(ResourceLimit.NOFILE, number, other));
        refused(number < 0, () -> builder.closeGrace(Duration.ofNanos(number)));
        refused(number < 0, () -> builder.loseConnectionLimit(Duration.ofSeconds(number)));
    }

    private static void range(int number, int min, int max, IntConsumer call) throws Exception {
        refused(number < min || number > max, () -> call.accept(number));
    }

    @Property(tries = 300)
    void aSignalHasANameOrNone(@ForAll("signalNames") String name) throws Exception {
        try {
            Signal signal = Signal.of(name);
            assertEquals(signal, Signal.of(signal.toString()));
        } catch (IllegalArgumentException none) {
            assertTrue(none.getMessage().contains(name), none::getMessage);
        }
    }

    @Provide
    Arbitrary<String> signalNames() {
        Arbitrary<String> parts = Arbitraries.of("SIG", "sig", "RTMIN", "RTMAX", "HUP", "Kill", "+", "-", "0", "3", "30", "99", "٣", "ı", " ", "\0");
        return Arbitraries.oneOf(parts.list().ofMaxSize(4).map(list -> String.join("", list)), Arbitraries.strings());
    }

    /** No program of any such name exists; the exception says so and names it. */
    @Property(tries = 100)
    void aProgramThatIsNotThereIsNamed(@ForAll("names") String name, @ForAll Way way, @ForAll boolean inAPath) throws Exception {
        String program = (inAPath ? "/nowhere/" : "panpty-") + name;
        PtyProcessBuilder builder = new PtyProcessBuilder(program, "x");
        fails(way, builder, program, name.isEmpty() && inAPath);
    }

    private static void fails(Way way, PtyProcessBuilder builder, String culprit, boolean any) throws Exception {
        way.force();
        try {
            Leaks.none(() -> {
                if (culprit.indexOf('\0') >= 0 || !encodable(culprit)) {
                    assertThrows(IllegalArgumentException.class, builder::start);
                } else {
                    SpawnException failed = assertThrows(SpawnException.class, builder::start);
                    assertTrue(NO_SUCH_PROGRAM.contains(failed.errnoName()), failed::getMessage);
                    assertTrue(any || failed.culprit().contains(culprit), failed::getMessage);
                }
            });
        } finally {
            Way.release();
        }
    }

    private static boolean encodable(String text) {
        return FileNameEncoding.CHARSET.newEncoder().canEncode(text);
    }

    /** Short and unusual, or longer than any file name. */
    @Provide
    Arbitrary<String> names() {
        Arbitrary<String> parts = Arbitraries.of("/", "..", ".", "a", "é", "\u20ac", "\ud83d\ude00", "\ud83d", "\0", "\n", " ", "=", ":", "$", "%41", "*");
        Arbitrary<String> strange = parts.list().ofMaxSize(8).map(list -> String.join("", list));
        Arbitrary<String> lengthy = Arbitraries.of(250, 255, 256, 4090, 4095, 4096, 65_000, 65_535, 65_536, 130_000).map("n"::repeat);
        Arbitrary<String> deep = Arbitraries.of(100, 2047, 2048, 40_000).map("/n"::repeat);
        return Arbitraries.frequencyOf(Tuple.of(4, strange), Tuple.of(2, lengthy), Tuple.of(1, deep));
    }

    @Property(tries = 100)
    void aDirectoryThatIsNotThereIsNamed(@ForAll("names") String name, @ForAll Way way) throws Exception {
        if (!Tools.hasPath(name)) {
            return;
        }
        Path directory = Path.of("/nowhere/panpty-" + name);
        PtyProcessBuilder builder = new PtyProcessBuilder("true").directory(directory);
        way.force();
        try {
            Leaks.none(() -> {
                SpawnException failed = assertThrows(SpawnException.class, builder::start);
                assertEquals(SpawnException.Step.DIRECTORY, failed.step(), failed::getMessage);
                assertEquals(directory.toString(), failed.culprit());
            });
        } finally {
            Way.release();
        }
    }

    /** A variable that an environment can hold arrives; any other is refused before anything is opened. */
    @Property(tries = 100)
    void aVariableArrivesOrIsRefused(@ForAll("names") String name, @ForAll("names") String value, @ForAll Way way) throws Exception {
        PtyProcessBuilder builder = new PtyProcessBuilder("/bin/sh", "-c", "stty raw; cat /proc/$$/environ");
        Map<String, String> environment = builder.environment();
        environment.clear();
        boolean wrong = name.isEmpty() || name.indexOf('=') >= 0 || (name + value).indexOf('\0') >= 0 || !encodable(name) || !encodable(value);
        boolean tooLong = (name + "=" + value).getBytes(FileNameEncoding.CHARSET).length >= 128 * 1024;
        way.force();
        try {
            Leaks.none(() -> {
                if (wrong) {
                    assertThrows(IllegalArgumentException.class, () -> environment.put(name, value));
                    assertEquals(Map.of(), environment);
                    return;
                }
                environment.put(name, value);
                if (tooLong) {
                    assertEquals("E2BIG", assertThrows(SpawnException.class, builder::start).errnoName());
                } else {
                    byte[] expected = (name + "=" + value + "\0").getBytes(FileNameEncoding.CHARSET);
                    assertArrayEquals(expected, bytes(builder));
                }
            });
        } finally {
            Way.release();
        }
    }

    private static byte[] bytes(PtyProcessBuilder builder) throws IOException {
        return Programs.output(builder).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The kinds of buffers. */
    enum Kind {
        HEAP, SLICE, DIRECT, SEGMENT;

        ByteBuffer buffer(Arena arena, int size) {
            return switch (this) {
                case HEAP -> ByteBuffer.allocate(size);
                case SLICE -> ByteBuffer.allocate(size + 7).position(5).slice().limit(size).slice();
                case DIRECT -> ByteBuffer.allocateDirect(size);
                case SEGMENT -> arena.allocate(Math.max(size, 1)).asByteBuffer().limit(size);
            };
        }
    }

    @Property(tries = 200)
    void everyKindOfBufferIsTakenBetweenItsPositionAndItsLimit(@ForAll Kind kind, @ForAll @Size(max = 20_000) byte[] bytes,
            @ForAll @IntRange(max = 9) int before, @ForAll @IntRange(max = 9) int after, @ForAll boolean readOnly) throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        PtyProcess process = new PtyProcessBuilder("cat").attributes(TerminalAttributes.raw()).start(recorder);
        try (Arena arena = Arena.ofConfined()) {
            ByteBuffer whole = kind.buffer(arena, before + bytes.length + after);
            whole.position(before).put(bytes).flip().position(before);
            ByteBuffer given = readOnly ? whole.asReadOnlyBuffer() : whole;
            process.write(given);
            assertEquals(given.limit(), given.position());
            assertEquals(before + bytes.length, given.limit());
        } // the arena's memory may be freed before the bytes are written
        recorder.awaitSize(bytes.length);
        process.abortConnection();
        recorder.awaitEnd().assertOrderly();
        assertArrayEquals(bytes, recorder.bytes());
    }

    @Property(tries = 200)
    void aPieceOfAnArrayIsOneOrIsRefused(@ForAll("numbers") int offset, @ForAll("numbers") int length, @ForAll @IntRange(max = 99) int size)
            throws Exception {
        boolean wrong = false;
        try {
            Objects.checkFromIndexSize(offset, length, size);
        } catch (IndexOutOfBoundsException outside) {
            wrong = true;
        }
        byte[] array = new byte[size];
        try (Pty pty = Pty.open()) {
            if (wrong) {
                for (Executable call : List.<Executable>of(() -> pty.ptmxInputStream().read(array, offset, length),
                        () -> pty.ptmxOutputStream().write(array, offset, length), () -> pty.ptsInputStream().read(array, offset, length),
                        () -> pty.ptsOutputStream().write(array, offset, length))) {
                    assertThrows(IndexOutOfBoundsException.class, call);
                }
            } else {
                pty.attributes(TerminalAttributes.raw());
                pty.ptmxOutputStream().write(array, offset, length);
                assertEquals(length, pty.ptsInputStream().read(new byte[size + 1], 1, length));
            }
        }
    }

    /** Infinite times, and times that are over. */
    @Property(tries = 50)
    void everyTimeIsATime(@ForAll("durations") Duration time) throws Exception {
        try (PtyProcess process = new PtyProcessBuilder("true").closeGrace(time.abs()).loseConnectionLimit(time.abs()).start()) {
            process.waitFor();
            assertTrue(process.waitFor(time));
            assertFalse(process.awaitEcho(true, time));
            assertEquals(List.of(), process.terminateSession(time).survivors());
            Reactor.shared().schedule(time, () -> { }).cancel();
        }
    }

    @Provide
    Arbitrary<Duration> durations() {
        return Arbitraries.of(Duration.ZERO, Duration.ofNanos(-1), Duration.ofNanos(1), Duration.ofSeconds(Long.MAX_VALUE),
                Duration.ofSeconds(Long.MIN_VALUE + 1), Duration.ofNanos(Long.MAX_VALUE), Duration.ofDays(-1));
    }
}
