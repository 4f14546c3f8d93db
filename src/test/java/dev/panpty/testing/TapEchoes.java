package dev.panpty.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.TerminalAttributes;
import dev.panpty.TerminalAttributes.LocalFlag;
import dev.panpty.WindowSize;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Input whose echo a reader waits for, on a terminal with two taps, which get the input first. */
public final class TapEchoes {

    /** Without line editing and signals, with the kernel's echo. */
    private static final TerminalAttributes ECHOING = TerminalAttributes.raw().with(LocalFlag.ECHO, true);

    private static final int ROUNDS_PER_SIZE = 50;

    private TapEchoes() {}

    /** Pieces of different lengths, each written while a reader waits, and echoed at once. */
    public static void run(TapStyle style, int rounds) throws Exception {
        TapRecorder tap = new TapRecorder().echoes();
        TapRecorder second = new TapRecorder().echoes();
        PtyProcessBuilder builder = new PtyProcessBuilder("sh", "-c", "exec cat >/dev/null").attributes(ECHOING).tap(tap).tap(second);
        TapStyle.Reader reader = style.start(builder);
        StringBuilder typed = new StringBuilder();
        int sizes = 0;
        try (PtyProcess process = reader.process()) {
            for (int round = 0; round < rounds; round++) {
                String piece = round + ",";
                typed.append(piece);
                style.write(process, piece.getBytes(StandardCharsets.US_ASCII));
                if (round % ROUNDS_PER_SIZE == 0) {
                    sizes++;
                    process.resize(new WindowSize(sizes, 80));
                }
                Await.until("the echo", () -> reader.readSize() == typed.length());
            }
        }
        assertArrayEquals(typed.toString().getBytes(StandardCharsets.US_ASCII), reader.allRead());
        for (TapRecorder each : List.of(tap, second)) {
            assertEquals(List.of(), each.faults());
            assertEquals("ended", each.events().getLast());
            assertEquals(typed.toString(), each.input());
            assertEquals(typed.toString(), each.output());
            assertEquals(sizes, each.events().stream().filter(event -> event.startsWith("resized")).count());
        }
    }
}
