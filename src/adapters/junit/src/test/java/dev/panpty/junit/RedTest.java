package dev.panpty.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.panpty.cast.Recording;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** What a failing test says, and what it leaves. */
@Timeout(120)
class RedTest {

    private static final int SLEEPERS = 5;

    private static EngineExecutionResults run(DiscoverySelector selector) {
        return EngineTestKit.engine("junit-jupiter").selectors(selector).execute();
    }

    private static Throwable failure(DiscoverySelector selector) {
        List<Event> finished = run(selector).testEvents().failed().list();
        assertEquals(1, finished.size());
        return finished.getFirst().getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow();
    }

    static Throwable failure(Class<?> test) {
        return failure(selectClass(test));
    }

    private static void assertMatches(String pattern, String text) {
        assertTrue(Pattern.compile(pattern, Pattern.DOTALL).matcher(text).matches(), () -> text + "\ndoes not match\n" + pattern);
    }

    private static Path recording(String message) {
        Matcher path = Pattern.compile("recording: (.*)$").matcher(message);
        assertTrue(path.find(), message);
        return Path.of(path.group(1));
    }

    @Test
    void aFailedWaitShowsWhatIsNeeded() throws IOException {
        Throwable failure = failure(RedCases.MissingText.class);
        assertInstanceOf(AssertionError.class, failure);
        assertMatches("""
                no "Hello" on the screen within 2 s
                program: sh -c ".*" \\(runs as \\d+\\)
                typed last: "Duke"
                screen:
                \u250c\u2500{30}\u2510
                \u2502Done 3 of 4 {19}\u2502
                \u2502Name: Duke {20}\u2502
                \u2502 {30}\u2502
                \u2502 {30}\u2502
                \u2514\u2500{30}\u2518
                4 rows of 30, cursor 1,10, .*
                unread output since the last wait, .*Duke
                recording: /.*target/panpty/dev.panpty.junit.RedCases.MissingText.awaitsWhatDoesNotCome(-\\d+)?.cast""", failure.getMessage());
        assertEquals(0, failure.getSuppressed().length);
        Recording recording = Recording.read(recording(failure.getMessage()));
        assertTrue(recording.text().contains("Done 3 of 4"));
    }

    @Test
    void anyOtherFailureHasTheTerminalsAsSuppressedExceptions() {
        Throwable failure = failure(RedCases.PlainAssertion.class);
        assertEquals("expected: <Hello> but was: <Name:>", failure.getMessage());
        Throwable[] shown = failure.getSuppressed();
        assertEquals(2, shown.length);
        assertMatches("the terminal when the test failed\nprogram: sh .*\u2502Name: .*recording: .*", shown[0].getMessage());
        assertMatches("the terminal when the test failed\nprogram: echo another \\(exited with code 0\\)\n.*\u2502another.*recording: .*", shown[1].getMessage());
        assertEquals(0, shown[0].getStackTrace().length);
        assertTrue(Files.exists(recording(shown[0].getMessage())) && Files.exists(recording(shown[1].getMessage())));
    }

    @Test
    void aFailedDynamicTestHasTheTerminalAndTheRecording() {
        Throwable failure = failure(RedCases.Dynamic.class);
        assertEquals("expected: <Hello> but was: <Name:>", failure.getMessage());
        assertEquals(1, failure.getSuppressed().length);
        String shown = failure.getSuppressed()[0].getMessage();
        assertMatches("the terminal when the test failed\nprogram: sh .*\u2502Name: .*recording: .*", shown);
        assertTrue(Files.exists(recording(shown)));
    }

    /** The limit is an hour, that of this class two minutes. */
    @Test
    void aWaitForADeadProgramFailsAtOnce() {
        EngineExecutionResults results = run(selectClass(RedCases.DeadProgram.class));
        List<Event> failed = results.testEvents().failed().list();
        assertEquals(6, failed.size());
        for (Event each : failed) {
            String name = each.getTestDescriptor().getDisplayName().replaceAll("\\(.*", "");
            String message = each.getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow().getMessage();
            String begin = switch (name) {
                case "awaitsText", "awaitsWhileAnotherHoldsTheTerminal" -> "no \"ready\" on the screen, and the program has ended\n.*exited with code 7.*";
                case "awaitsOutput" -> "no \"ready\" in the output, and the program has ended\n.*exited with code 7.*";
                case "awaitsAbsence" -> "\"sorry\" is still on the screen, and the program has ended\n.*exited with code 7.*";
                case "expectsAnotherCode" -> "expected exit code 0, was 7\n.*exited with code 7.*";
                case "types" -> "cannot type \"too late\": .*ended by SIGTERM.*";
                default -> throw new AssertionError(name);
            };
            assertMatches(begin + "\u2502sorry .*", message);
        }
    }

    @Test
    void jUnitsTimeLimitKeepsTheFailureOfTheWait() {
        Throwable failure = failure(selectMethod(RedCases.TimeLimit.class, "isInterrupted", TestTerminal.class.getName()));
        assertInstanceOf(TimeoutException.class, failure);
        assertEquals(1, failure.getSuppressed().length);
        assertMatches("no \"never\" on the screen: interrupted while waiting\nprogram: cat .*", failure.getSuppressed()[0].getMessage());
    }

    @Test
    void aHopelessPatternEndsAtTheLimit() {
        List<Event> failed = run(selectClass(RedCases.HopelessPattern.class)).testEvents().failed().list();
        assertEquals(5, failed.size());
        for (Event each : failed) {
            Throwable failure = each.getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow();
            switch (each.getTestDescriptor().getDisplayName().replaceAll("\\(.*", "")) {
                case "isInterrupted" -> {
                    assertInstanceOf(TimeoutException.class, failure);
                    assertMatches("no match of .* on the screen: interrupted while waiting\n.*", failure.getSuppressed()[0].getMessage());
                }
                case "needsALargeStack" -> assertMatches("no match of .* on the screen: the search needs a larger stack\n.*", failure.getMessage());
                case "mustBeAbsent" -> assertMatches("a match of .* is still on the screen within 1 s: the search did not come .*", failure.getMessage());
                case "isAwaitedInARow" -> assertMatches("no match of .* in Region\\[row=0, .*] within 1 s: the search did not .*", failure.getMessage());
                default -> assertMatches("no match of .* on the screen within 1 s: the search did not come to its end\nprogram: .*", failure.getMessage());
            }
        }
    }

    @Test
    void typingHasALimit() {
        Throwable failure = failure(selectMethod(RedCases.TimeLimit.class, "typesMoreThanTheProgramReads", TestTerminal.class.getName()));
        assertMatches("the program has not read \"x{200}\"\\.\\.\\. \\(1048576 characters\\) within 500 ms\n.*", failure.getMessage());
        assertTrue(failure.getMessage().length() < 10_000);
    }

    @Test
    void aScreenThatChangesIsNotSettled() {
        Throwable failure = failure(selectMethod(RedCases.TimeLimit.class, "neverSettles", TestTerminal.class.getName()));
        assertMatches("the screen is not settled within 500 ms\n.*", failure.getMessage());
    }

    @Test
    void aPasswordIsInNoMessageAndNoFile() throws IOException {
        String message = failure(RedCases.Secret.class).getMessage();
        assertMatches("no \"never\" .*typed last: \\(at a prompt for a password\\)\n.*", message);
        assertFalse(message.contains("xyzzy"));
        String file = Files.readString(recording(message));
        assertTrue(file.contains("thanks"), file);
        assertFalse(file.contains("xyzzy"), file);
    }

    private static long sleepers() {
        return ProcessHandle.allProcesses().filter(process -> commandLine(process.pid()).matches("sleep\\u00008641[1-5]\\u0000")).count();
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException exited) {
            return "";
        }
    }

    /** Until all of {@link RedCases.Leaving} are there. */
    static void awaitSleepers(TestTerminal t) throws InterruptedException {
        while (sleepers() < SLEEPERS) {
            assertTrue(t.process().isAlive());
            Thread.sleep(5); // a poll
        }
    }

    @Test
    @Needs({"bash", "setsid"})
    void nothingIsLeftAfterARedTest() {
        Throwable failure = failure(RedCases.Leaving.class);
        assertEquals("red", failure.getMessage());
        assertEquals("alive in @AfterEach", failure.getSuppressed()[failure.getSuppressed().length - 1].getMessage());
        assertEquals(0, sleepers());
    }

    @Test
    @Needs({"bash", "setsid", "env"})
    void nothingIsLeftWithAnotherEnvironment() {
        assertEquals("red", failure(RedCases.LeavingWithAnotherHome.class).getMessage());
        assertEquals(0, sleepers());
    }

    @Test
    void anAbortedTestLeavesNoRecording() {
        EngineExecutionResults results = run(selectClass(RedCases.Aborted.class));
        assertEquals(1, results.testEvents().aborted().count());
        Throwable aborted = results.testEvents().aborted().list().getFirst().getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow();
        assertEquals(0, aborted.getSuppressed().length);
        assertFalse(Files.exists(Recordings.folder().resolve(RedCases.Aborted.class.getName().replace('$', '.') + ".isNoFailure.cast")));
    }

    @Test
    void aTerminalThatCannotBeGivenIsNamed() {
        assertMatches(".*cannot start the program: .*no-such-program-here: ENOENT.*", failure(RedCases.NoSuchProgram.class).getMessage());
        assertMatches(".*@Terminal has no command.*", failure(RedCases.NoCommand.class).getMessage());
        Event container = run(selectClass(RedCases.BeforeAllTests.class)).containerEvents().failed().list().getFirst();
        assertMatches(".*a terminal belongs to one test.*",
                container.getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow().getMessage());
    }

    @Test
    void aRecordingOfATestWithALongNameHasAShorterOne() throws IOException {
        Path path = new Recordings("a.Test", "t".repeat(300) + "-7").next();
        assertMatches("t{198}-7\\.cast", path.getFileName().toString());
        Recordings other = new Recordings("a.Test", "t".repeat(301) + "-7");
        assertMatches("t{198}-7-2\\.cast", other.next().getFileName().toString());
        Files.createFile(path);
        Files.delete(path);
    }

    @Test
    void aProgramCannotBeStartedAfterItsTest() throws IOException {
        Terminal terminal = RedCases.NoCommand.class.getAnnotation(Terminal.class);
        assertNotNull(terminal);
        TestSession session = new TestSession(Options.of(terminal), "Some", "test");
        session.end(Optional.empty());
        assertEquals("the test test has ended",
                assertThrows(IllegalStateException.class, () -> session.builder(List.of("true"))).getMessage());
    }
}
