package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.EachWay;
import dev.panpty.testing.Needs;
import dev.panpty.testing.Programs;
import dev.panpty.testing.ProtocolRecorder;
import dev.panpty.testing.Screen;
import dev.panpty.testing.Way;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The window size, before and after the start. */
class WindowSizeTest {

    @EachWay
    void resizeDeliversSigwinch() throws Exception {
        try (Screen screen = new Screen(Programs.sh("trap 'stty size' WINCH; echo ready; while :; do sleep 0.02; done"))) {
            screen.await("ready");
            screen.process().resize(new WindowSize(50, 132));
            screen.await("50 132");
            screen.process().resize(new WindowSize(10, 20));
            screen.await("10 20");
        }
    }

    @EachWay
    @Needs("bash")
    void resizeReachesTheForegroundProgramOfAShell() throws Exception {
        PtyProcessBuilder builder = new PtyProcessBuilder("bash", "--norc", "-i");
        try (Screen screen = new Screen(builder.start())) {
            screen.type("sh -c \"trap 'stty size' WINCH; echo re''ady; while :; do sleep 0.02; done\"\n").await("ready");
            screen.process().resize(new WindowSize(41, 42));
            screen.await("41 42");
        }
    }

    @Test
    void theSizeIsReadBackAsSetAtTheStart() throws Exception {
        WindowSize size = new WindowSize(65535, 40000, 65535, 32768);
        try (PtyProcess process = new PtyProcessBuilder("cat").windowSize(size).start()) {
            assertEquals(size, process.windowSize());
        }
    }

    @Test
    void theSizeIsReadBackAsSetLive() throws Exception {
        try (PtyProcess process = PtyProcess.start("cat")) {
            assertEquals(new WindowSize(24, 80, 0, 0), process.windowSize());
            for (WindowSize size : new WindowSize[] {
                    new WindowSize(0, 0), new WindowSize(1, 1), new WindowSize(65535, 65535, 65535, 65535), new WindowSize(40000, 9, 8, 7)}) {
                process.resize(size);
                assertEquals(size, process.windowSize());
            }
        }
    }

    @Test
    void aSizeThatAProgramSetsIsRead() throws Exception {
        try (PtyProcess process = Programs.sh("stty rows 7 cols 9; echo done; read x")) {
            assertEquals("done", process.inputReader().readLine());
            assertEquals(new WindowSize(7, 9), process.windowSize());
        }
    }

    @Test
    void aSizeOutOfRangeIsRefusedByName() {
        for (int bad : new int[] {-1, 65536, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            Exception rows = assertThrows(IllegalArgumentException.class, () -> new WindowSize(bad, 80));
            assertTrue(rows.getMessage().startsWith("rows") && rows.getMessage().endsWith("was " + bad), rows::getMessage);
            assertThrows(IllegalArgumentException.class, () -> new WindowSize(24, bad));
            assertThrows(IllegalArgumentException.class, () -> new WindowSize(24, 80, bad, 0));
            assertThrows(IllegalArgumentException.class, () -> new WindowSize(24, 80, 0, bad));
        }
    }

    @Test
    void aClosedTerminalHasNoSizeAndTakesAnyInSilence() throws Exception {
        PtyProcess process = PtyProcess.start("cat");
        process.close();
        assertThrows(IOException.class, process::windowSize);
        process.resize(WindowSize.DEFAULT);
    }

    /** The caller that resizes cannot know when the program exits. */
    @EachWay
    void aResizeThatMeetsTheEndIsNeverAFailure() throws Exception {
        for (int i = 0; i < Way.times(100); i++) {
            PtyProcess process = i % 2 == 0
                    ? PtyProcess.start("true") : new PtyProcessBuilder("true").start(new ProtocolRecorder());
            int rows = 1;
            do {
                process.resize(new WindowSize(rows, 80));
                rows = rows % 100 + 1;
            } while (!process.onEnd().isDone());
            process.resize(new WindowSize(rows, 80));
        }
    }
}
