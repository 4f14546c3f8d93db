package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.Await;
import dev.panpty.testing.Leaks;
import dev.panpty.testing.LoggedErrors;
import dev.panpty.testing.Programs;
import dev.panpty.testing.TapRecorder;
import dev.panpty.testing.TapStyle;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The pauses of taps: what they stop, and what they do not. */
@Timeout(120)
class TapPauseTest {

    private static final int LINES = 200_000;
    private static final String EXPECTED = IntStream.rangeClosed(1, LINES).mapToObj(line -> line + "\r\n").collect(Collectors.joining());
    private static final int MOST_IN_FLIGHT_BYTES = 300_000; // of the 1.4 MB
    private static final long QUIET_MILLIS = 100;

    @TempDir
    Path folder;

    /** Pauses at its first output. */
    private static class Pausing extends TapRecorder {

        @Override
        public void output(ByteBuffer data) {
            if (outputSize() == 0) {
                terminal().pauseProducing();
            }
            super.output(data);
        }
    }

    private static PtyProcessBuilder numbers() {
        return new PtyProcessBuilder("seq", Integer.toString(LINES));
    }

    /** The program is blocked: it does not end, and what was in flight at the pause has come. */
    private static void assertBlocked(PtyProcess process, TapRecorder tap) throws Exception {
        Await.until("the first output", () -> tap.outputSize() > 0);
        assertFalse(process.waitFor(QUIET_MILLIS, TimeUnit.MILLISECONDS));
        int before = tap.outputSize();
        assertFalse(process.waitFor(QUIET_MILLIS, TimeUnit.MILLISECONDS));
        assertEquals(before, tap.outputSize());
        assertTrue(before < MOST_IN_FLIGHT_BYTES, () -> "came in spite of the pause: " + before);
    }

    @ParameterizedTest
    @EnumSource
    void aPauseBlocksTheProgramUntilTheLastTapResumes(TapStyle style) throws Exception {
        Leaks.none(() -> {
            Pausing first = new Pausing();
            Pausing second = new Pausing();
            TapStyle.Reader reader = style.start(numbers().tap(first).tap(second));
            try (PtyProcess process = reader.process()) {
                assertBlocked(process, first);
                first.terminal().resumeProducing();
                first.terminal().resumeProducing();
                assertBlocked(process, first);
                second.terminal().resumeProducing();
                assertEquals(EXPECTED, new String(reader.allRead(), StandardCharsets.ISO_8859_1));
                assertEquals(EXPECTED, first.output());
                assertEquals(EXPECTED, second.output());
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void aTapThatIsRemovedPausesNoMore(TapStyle style) throws Exception {
        TapRecorder other = new TapRecorder();
        TerminalTap throwing = new TerminalTap() {

            private Tapped terminal;

            @Override
            public void started(Tapped started) {
                terminal = started;
            }

            @Override
            public void output(ByteBuffer data) {
                terminal.pauseProducing();
                throw new IllegalStateException("paused");
            }
        };
        try (LoggedErrors log = new LoggedErrors()) {
            TapStyle.Reader reader = style.start(numbers().tap(throwing).tap(other));
            try (PtyProcess process = reader.process()) {
                assertEquals(EXPECTED, new String(reader.allRead(), StandardCharsets.ISO_8859_1));
                assertEquals(EXPECTED, other.output());
                assertEquals(0, process.waitFor());
            }
            Await.until("the report", () -> log.all().size() + reader.errors().size() == 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void outputThatIsDroppedIsPausedToo(TapStyle style) throws Exception {
        Pausing tap = new Pausing();
        Path go = folder.resolve("go");
        TapStyle.Reader reader = style.start(Programs.shell(Programs.until(go) + "; seq " + LINES).tap(tap));
        try (PtyProcess process = reader.process()) {
            if (style.hasStreams()) {
                process.getInputStream().close();
            } else {
                process.closeStdout();
            }
            Files.createFile(go);
            assertBlocked(process, tap);
            tap.terminal().resumeProducing();
            process.onEnd().get();
            assertEquals(EXPECTED, tap.output());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PROTOCOL"})
    void theUsersPauseStaysWhenATapResumes(TapStyle style) throws Exception {
        Pausing tap = new Pausing();
        TapStyle.Reader reader = style.start(numbers().tap(tap));
        try (PtyProcess process = reader.process()) {
            assertBlocked(process, tap);
            process.pauseProducing();
            tap.terminal().resumeProducing();
            assertBlocked(process, tap);
            tap.terminal().pauseProducing();
            assertTrue(process.isPaused());
            process.resumeProducing();
            assertFalse(process.isPaused());
            assertBlocked(process, tap);
            tap.terminal().resumeProducing();
            process.onEnd().get();
            assertEquals(EXPECTED, tap.output());
        }
    }

    /** The output that the kernel holds at the exit comes; a call that closes the terminal waits for no resume. */
    @ParameterizedTest
    @EnumSource
    void aPauseHoldsUpNoEnd(TapStyle style) throws Exception {
        Leaks.none(() -> {
            for (int way = 0; way < 3; way++) {
                Pausing tap = new Pausing();
                TapStyle.Reader reader = style.start(numbers().tap(tap));
                try (PtyProcess process = reader.process()) {
                    Await.until("the first output", () -> tap.outputSize() > 0);
                    end(process, way);
                    if (way == 2) {
                        tap.terminal().resumeProducing();
                    }
                    process.onEnd().get();
                    assertEquals("ended", tap.events().getLast());
                    assertTrue(EXPECTED.startsWith(tap.output()));
                }
            }
        });
    }

    private static void end(PtyProcess process, int way) throws Exception {
        switch (way) {
            case 0 -> process.hangUp();
            case 1 -> process.close();
            default -> process.terminateSession(Duration.ofSeconds(5));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PROTOCOL", "FLOW"})
    void aGracefulCloseIsHeldUpToItsLimit(TapStyle style) throws Exception {
        Pausing tap = new Pausing();
        TapStyle.Reader reader = style.start(numbers().loseConnectionLimit(Duration.ofMillis(300)).tap(tap));
        try (PtyProcess process = reader.process()) {
            assertBlocked(process, tap);
            process.loseConnection();
            process.onEnd().get();
            assertEquals("ended", tap.events().getLast());
            assertTrue(EXPECTED.startsWith(tap.output()));
        }
    }

    /** A read with a limit, and a poll, do not count output that a tap holds. */
    @ParameterizedTest
    @EnumSource(names = {"PLATFORM_THREAD"})
    void nothingIsAvailableWhileATapPauses(TapStyle style) throws Exception {
        Pausing tap = new Pausing();
        try (PtyProcess process = numbers().tap(tap).start()) {
            assertTrue(process.getInputStream().read() >= 0);
            assertFalse(process.awaitOutput(Duration.ofMillis(QUIET_MILLIS)));
            assertFalse(process.awaitOutput(Duration.ZERO));
            assertEquals(0, process.getInputStream().available());
            tap.terminal().resumeProducing();
            assertTrue(process.awaitOutput(Await.DEADLINE));
            assertEquals(EXPECTED.length() - 1, process.getInputStream().readAllBytes().length);
        }
    }
}
