package dev.panpty.junit;

import dev.panpty.ExitStatus;
import dev.panpty.PtyProcess;
import dev.panpty.expect.Expect;
import dev.panpty.screen.Cursor;
import dev.panpty.screen.Key;
import dev.panpty.screen.Snapshot;
import dev.panpty.screen.Style;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A program on a terminal, in a test: see {@link Terminal}. It is ended after the test.
 *
 * {@snippet file="dev/panpty/junit/LessTest.java" region="test"}
 *
 * <p>A wait ends as soon as what it waits for is on the screen. It throws an {@link AssertionError} after its limit, 10 s unless the
 * {@link Terminal} sets another; at once if the program has ended without it; and if the thread is interrupted, whose interrupt status is then kept.
 * The message has the command and its exit status, what was typed last, the screen, the output since the last wait that has succeeded, and the path
 * of a recording (asciicast). What is typed at a prompt for a password is in none of them.
 *
 * <p>What is shown is a plain value: {@code assertEquals("hello", t.screen().line(0))} works with any library of assertions. If such an assertion
 * fails, the failure has the terminal as a suppressed exception. A screen is drawn in steps, so wait before looking at it.
 *
 * <p>Any thread may call it.
 */
public final class TestTerminal {

    private final Started started;

    TestTerminal(Started started) {
        this.started = started;
    }

    Report report() {
        return started.report();
    }

    /** Ends the program, and the recording. */
    void close() throws IOException {
        started.close();
    }

    /**
     * What is shown now.
     *
     * @return a value that stays as it is
     */
    public Snapshot screen() {
        return started.screen().snapshot();
    }

    /**
     * Where the cursor is now.
     *
     * @return its place, and whether it is visible
     */
    public Cursor cursor() {
        return screen().cursor();
    }

    /**
     * The text of a part of the screen, now.
     *
     * @param region which part
     * @return as {@link Region#text}
     */
    public String text(Region region) {
        return region.text(screen());
    }

    /**
     * What a text on the screen looks like, now.
     *
     * @param text a text of one row; the first one from the top counts
     * @return the style that all its characters have
     * @throws AssertionError if it is not on the screen, or its characters differ in style
     */
    public Style styleOf(String text) {
        Objects.requireNonNull(text, "text");
        Set<Style> styles = Styles.of(screen(), text);
        if (styles.size() != 1) {
            throw new TerminalFailure(started.report(), styles.isEmpty() ? "no " + Readable.quoted(text) + " in a row of the screen"
                    : Readable.quoted(text) + " has several styles: " + styles.stream().map(ScreenText::style).collect(Collectors.joining("; ")));
        }
        return styles.iterator().next();
    }

    /**
     * The output as text, for a program that prints lines and draws no screen.
     *
     * @return the output, which grows
     */
    public TerminalOutput output() {
        return started.output();
    }

    /**
     * A dialog by the output, beside the screen: for regular expressions, one of several texts, a password that is typed once the program asks
     * for it. It begins with the first output of the program, whenever this is called; neither the screen nor {@link #output} loses what it
     * takes. Its limit is that of the {@link Terminal}. Of output that it has not read the last 2 MiB at least are kept.
     *
     * @return the session, the same one at each call; one thread at a time may wait by it
     */
    public Expect expect() {
        return started.expect();
    }

    /**
     * The process. Its output is read already, by the screen.
     *
     * @return the process, for signals, modes of the terminal and more
     */
    public PtyProcess process() {
        return started.process();
    }

    /**
     * HOME of the programs of this test.
     *
     * @return a folder that is deleted after the test
     */
    public Path home() {
        return started.home();
    }

    /**
     * The recording. It is complete, and is kept, if the test fails.
     *
     * @return the path of an asciicast
     */
    public Path recording() {
        return started.recording();
    }

    /**
     * Types a text, in UTF-8. {@code \r} is the Enter key.
     *
     * @param text what to type
     * @return this terminal
     * @throws AssertionError if the program has ended, or does not read the text within the limit
     */
    public TestTerminal type(CharSequence text) {
        started.typing().type(text.toString().getBytes(StandardCharsets.UTF_8), Readable.quoted(text));
        return this;
    }

    /**
     * Types keys, with the bytes that the modes of the terminal ask for, see {@link Key#encode}: cursor keys, function keys, a paste, the mouse.
     *
     * @param keys one after the other
     * @return this terminal
     * @throws AssertionError if the program has ended, does not read them within the limit, or has not asked for that event of the mouse
     */
    public TestTerminal press(Key... keys) {
        for (Key key : keys) {
            byte[] bytes = key.encode(screen().modes());
            if (bytes.length == 0) {
                throw new TerminalFailure(started.report(), key + " types nothing: the program has not asked for it");
            }
            started.typing().type(bytes, "<" + key + ">");
        }
        return this;
    }

    /**
     * Pastes a text, between marks if the program has asked for them.
     *
     * @param text what to paste
     * @return this terminal
     * @throws AssertionError as {@link #press}
     */
    public TestTerminal paste(String text) {
        return press(Key.paste(text));
    }

    /**
     * Sets the window size; without effect after the end of the program.
     *
     * @param rows 1 to 1000
     * @param columns 1 to 1000
     * @return this terminal
     * @throws AssertionError if the terminal refuses it
     */
    public TestTerminal resize(int rows, int columns) {
        started.typing().resize(Options.size(rows, columns));
        return this;
    }

    /**
     * Waits until a text is on the screen, also in a line that the terminal has wrapped.
     *
     * @param text what to wait for, blanks at its end included; a line feed in it is the end of a row
     * @return the screen with the text
     * @throws AssertionError if it does not come
     */
    public Snapshot awaitText(String text) {
        return awaitText(text, started.options().limit());
    }

    /**
     * Waits until a text is on the screen, with a limit of its own.
     *
     * @param text what to wait for
     * @param limit for how long
     * @return the screen with the text
     * @throws AssertionError if it does not come
     */
    public Snapshot awaitText(String text, Duration limit) {
        Objects.requireNonNull(text, "text");
        return started.waits().await("no " + Readable.quoted(text) + " on the screen", limit, shown -> TextSearch.contains(shown, text));
    }

    /**
     * Waits until a text is in a part of the screen.
     *
     * @param region where, for example {@link Region#line}
     * @param text what to wait for
     * @return the screen with the text
     * @throws AssertionError if it does not come
     */
    public Snapshot awaitText(Region region, String text) {
        Objects.requireNonNull(text, "text");
        return started.waits().await("no " + Readable.quoted(text) + " in " + region, started.options().limit(), shown -> region.contains(shown, text));
    }

    /**
     * Waits until a regular expression is found on the screen.
     *
     * @param pattern looked for in {@link Snapshot#text}
     * @return what was found
     * @throws AssertionError if nothing is
     */
    public MatchResult awaitMatch(Pattern pattern) {
        return awaitMatch(new Region(0, 0, Integer.MAX_VALUE, Integer.MAX_VALUE), pattern, "on the screen");
    }

    /**
     * Waits until a regular expression is found in a part of the screen.
     *
     * @param region where
     * @param pattern looked for in {@link Region#text}
     * @return what was found
     * @throws AssertionError if nothing is
     */
    public MatchResult awaitMatch(Region region, Pattern pattern) {
        return awaitMatch(region, pattern, "in " + region);
    }

    private MatchResult awaitMatch(Region region, Pattern pattern, String where) {
        Objects.requireNonNull(pattern, "pattern");
        TimedSearch search = new TimedSearch(pattern, started.options().limit());
        started.waits().await("no match of " + pattern + " " + where, started.options().limit(), shown -> search.finds(region.text(shown)));
        return search.found().orElseThrow();
    }

    /**
     * Waits until a condition is true of the screen.
     *
     * @param what names the condition in the message of the failure
     * @param condition called by this thread
     * @return the screen for which it is true
     * @throws AssertionError if it does not become true
     */
    public Snapshot await(String what, Predicate<Snapshot> condition) {
        Objects.requireNonNull(condition, "condition");
        return started.waits().await(what + " was not true", started.options().limit(), condition);
    }

    /**
     * Waits until the screen is settled: once something has changed since the last input, or since the start if there was none, when nothing has
     * changed for 100 ms; until then, when nothing has changed for 500 ms. The {@link Terminal} may set other times. What a program prints during
     * synchronized output (mode 2026) is one change. After the end of the program it returns at once.
     *
     * <p>A program that thinks for longer than that is settled too early: where a text is known that it will show, wait for that.
     *
     * @return the screen
     * @throws AssertionError if it does not settle
     */
    public Snapshot awaitSettled() {
        return started.waits().awaitSettled(started.options().limit());
    }

    /**
     * Waits until the screen is settled, see {@link #awaitSettled()}, and a text is not on it.
     *
     * @param text what must not be there
     * @return the screen without the text
     * @throws AssertionError if it stays there
     */
    public Snapshot awaitAbsent(String text) {
        Objects.requireNonNull(text, "text");
        return started.waits().awaitSettled(Readable.quoted(text) + " is still on the screen", started.options().limit(), shown -> !TextSearch.contains(shown, text));
    }

    /**
     * Waits until the screen is settled, see {@link #awaitSettled()}, and a regular expression is not found on it.
     *
     * @param pattern what must not be there
     * @return the screen without it
     * @throws AssertionError if it stays there
     */
    public Snapshot awaitAbsent(Pattern pattern) {
        Objects.requireNonNull(pattern, "pattern");
        TimedSearch search = new TimedSearch(pattern, started.options().limit());
        return started.waits().awaitSettled("a match of " + pattern + " is still on the screen", started.options().limit(),
                shown -> !search.finds(shown.text()));
    }

    /**
     * Waits until the program has exited and all that it has printed is on the screen.
     *
     * @return how it ended
     * @throws AssertionError if it does not exit
     */
    public ExitStatus awaitExit() {
        return started.awaitExit();
    }

    /**
     * Waits until the program has exited and all that it has printed is on the screen.
     *
     * @param code the exit code that it must have, or 128 and the number of the signal that must have ended it
     * @return how it ended
     * @throws AssertionError if it does not exit, or with another code
     */
    public ExitStatus awaitExit(int code) {
        ExitStatus status = awaitExit();
        if (status.exitValue() != code) {
            throw new TerminalFailure(started.report(), "expected exit code " + code + ", was " + status.exitValue(), Integer.toString(code),
                    Integer.toString(status.exitValue()));
        }
        return status;
    }

    /**
     * Waits until the screen is settled and looks as it does in a file, and fails if it does not within the limit, with the lines that differ in
     * the message. With {@code -Dpanpty.snapshots=update} the settled screen is written to the file.
     *
     * <p>The file is {@code src/test/resources}, the class of the test with {@code /} in place of dots, and {@code NAME.screen}. It has the rows
     * as text, the cursor, and the style and links of the cells that have any.
     *
     * @param name of the file, without an extension; a slash makes a folder
     * @param ignored parts of the screen that need not be the same, such as a clock; the file has {@code *} there
     * @throws AssertionError if it differs or there is no file; the screen is then written to a file in the folder of the recordings
     */
    public void assertSnapshot(String name, Region... ignored) {
        started.snapshots().check(name, Arrays.asList(ignored.clone()));
    }

    /** The command, and the screen in a frame. */
    @Override
    public String toString() {
        return started.report().of("terminal");
    }
}
