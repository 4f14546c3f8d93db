package dev.panpty.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.WindowSize;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The cases in {@code cases.txt}: whole, byte by byte, and with a snapshot after each byte. */
class ScreenCasesTest {

    /** A line of the file. */
    record Example(String name, int rows, int columns, byte[] input, List<String> lines, String cursor) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Example> cases() throws Exception {
        String text = new String(ScreenCasesTest.class.getResourceAsStream("cases.txt").readAllBytes(), StandardCharsets.UTF_8);
        return text.lines().filter(line -> !line.startsWith("#") && !line.isBlank()).map(ScreenCasesTest::read);
    }

    private static Example read(String line) {
        String[] parts = line.split(" +; ", -1);
        String[] size = parts[1].split("x");
        List<String> lines = new ArrayList<>(Arrays.asList(unescape(parts[3]).split("\\|", -1)));
        return new Example(parts[0], Integer.parseInt(size[0]), Integer.parseInt(size[1]), Escapes.readRepeated(parts[2]), lines,
                parts[4].strip());
    }

    private static String unescape(String text) {
        return new String(Escapes.readRepeated(text), StandardCharsets.UTF_8);
    }

    private static void check(Example example, Snapshot snapshot) {
        List<String> lines = new ArrayList<>(snapshot.lines());
        while (lines.size() > 1 && lines.getLast().isEmpty()) {
            lines.removeLast();
        }
        assertEquals(example.lines(), lines, snapshot::toString);
        assertEquals(example.cursor(), snapshot.cursor().row() + "," + snapshot.cursor().column(), snapshot::toString);
    }

    private static Screen screen(Example example) {
        return new Screen(new WindowSize(example.rows(), example.columns()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whole(Example example) {
        Screen screen = screen(example);
        screen.feed(example.input());
        check(example, screen.snapshot());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void byteByByte(Example example) {
        Screen screen = screen(example);
        for (byte next : example.input()) {
            screen.feed(new byte[] {next});
        }
        check(example, screen.snapshot());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void withASnapshotAfterEachByteWhichStaysAsItIs(Example example) {
        Screen screen = screen(example);
        List<Snapshot> snapshots = new ArrayList<>();
        List<String> frames = new ArrayList<>();
        for (byte next : example.input()) {
            screen.feed(new byte[] {next});
            snapshots.add(screen.snapshot());
            frames.add(screen.snapshot().toString() + screen.snapshot().toAnsi());
        }
        check(example, screen.snapshot());
        for (int i = 0; i < frames.size(); i++) {
            assertEquals(frames.get(i), new Snapshot(snapshots.get(i).state()).toString() + snapshots.get(i).toAnsi());
        }
    }
}
