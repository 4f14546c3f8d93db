package dev.panpty.testing;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.panpty.ExitStatus;
import dev.panpty.WindowSize;
import dev.panpty.cast.CastEvent;
import dev.panpty.cast.CastException;
import dev.panpty.cast.CastFormat;
import dev.panpty.cast.Recording;
import dev.panpty.cast.Speed;
import dev.panpty.expect.Awaited;
import dev.panpty.expect.Departure;
import dev.panpty.expect.EndedException;
import dev.panpty.expect.Expect;
import dev.panpty.expect.ExpectException;
import dev.panpty.expect.ExpectOptions;
import dev.panpty.expect.ExpectTimeoutException;
import dev.panpty.expect.Match;
import dev.panpty.expect.PatternException;
import dev.panpty.expect.Shell;
import dev.panpty.expect.ShellResult;
import dev.panpty.expect.UnexpectedException;
import dev.panpty.screen.Cell;
import dev.panpty.screen.ClipboardText;
import dev.panpty.screen.Color;
import dev.panpty.screen.Cursor;
import dev.panpty.screen.Key;
import dev.panpty.screen.Mode;
import dev.panpty.screen.MouseAction;
import dev.panpty.screen.MouseButton;
import dev.panpty.screen.Screen;
import dev.panpty.screen.ScreenTimeoutException;
import dev.panpty.screen.Snapshot;
import dev.panpty.screen.Style;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A value of each type that has values, in the packages of recordings, screens and dialogs. */
public final class Values {

    private static final Duration SHORT = Duration.ofMillis(1);

    /** Long enough for a nested repetition to need more stack than a thread has. */
    private static final String DEEP = "ab".repeat(100_000);

    private Values() {}

    /** All of them, the exceptions too. */
    public static List<Object> all() throws IOException {
        return Stream.of(recordings(), screens(), dialogs(), failures()).flatMap(List::stream).toList();
    }

    private static ByteBuffer bytes() {
        return ByteBuffer.wrap(new byte[] {'x'});
    }

    private static List<Object> recordings() {
        return List.of(new CastEvent.Output(SHORT, bytes()), new CastEvent.Input(SHORT, bytes()), new CastEvent.Resize(SHORT, WindowSize.DEFAULT),
                new CastEvent.Marker(SHORT, "here"), new CastEvent.Exit(SHORT, 1), new CastEvent.Other(SHORT, "z", "data"), CastFormat.SCRIPT,
                Speed.times(2));
    }

    private static List<Object> screens() {
        Screen screen = new Screen(new WindowSize(10, 20));
        screen.feed("\u001b[1;4:3;31m漢\u001b[m text\r\n\u001b]2;title\u0007second".getBytes(StandardCharsets.UTF_8));
        Snapshot snapshot = screen.snapshot();
        return List.of(snapshot, snapshot.row(0), snapshot.cell(0, 0), new Cell("x", 1, Style.DEFAULT, Optional.of("https://a.b")), new Cursor(1, 2, true),
                new ClipboardText(Set.of(ClipboardText.Selection.CLIPBOARD), "text"), ClipboardText.Selection.PRIMARY, Color.DEFAULT,
                Color.indexed(1), Color.direct(1, 2, 3), Key.UP, Key.paste("text"), Mode.INSERT, MouseAction.PRESS, MouseButton.LEFT,
                Style.DEFAULT, Style.Attribute.BOLD, Style.Underline.CURLY);
    }

    private static List<Object> dialogs() throws IOException {
        ShellResult.Outcome outcome = new ShellResult.Completed(1);
        Awaited awaited = Awaited.text("x");
        return List.of(awaited, Awaited.regex("x+"), Awaited.quiet(SHORT), Awaited.end(), new Departure.Escaped((byte) 1),
                new Departure.KeysEnded(), new Departure.Ended(Optional.empty()), ExpectOptions.defaults(),
                session("abcdefghi").expect(Pattern.compile("(?<HUP>a)(b)(c)(d)(e)(f)(g)(h)(i)")), new Match.Silent(0, awaited, "", 1, 2),
                new Match.Ended(0, awaited, "", 1, 2, Optional.empty()), Shell.Kind.BASH, new ShellResult(outcome, "text", 1, SHORT), outcome,
                new ShellResult.TimedOut(1), new ShellResult.Incomplete(), new ShellResult.SyntaxError("no"),
                new ShellResult.Ended(new ExitStatus.Exited(1)));
    }

    private static List<Object> failures() throws IOException {
        ExpectException late;
        try (Expect cat = Expect.start("cat")) {
            late = assertThrows(ExpectTimeoutException.class, () -> cat.expect("x", SHORT));
        }
        return List.of(
                assertThrows(CastException.class, () -> Recording.read(new ByteArrayInputStream("no".getBytes(StandardCharsets.US_ASCII)))),
                assertThrows(ScreenTimeoutException.class, () -> new Screen().awaitText("x", SHORT)),
                late,
                assertThrows(EndedException.class, () -> session("a").expect("x")),
                assertThrows(UnexpectedException.class, () -> session("a").failOn(Awaited.text("a")).expect("x")),
                assertThrows(PatternException.class, () -> session(DEEP).expect(Pattern.compile("(?:a|b)*[cd]"))));
    }

    private static Expect session(String output) {
        return Expect.over(new ByteArrayInputStream(output.getBytes(StandardCharsets.US_ASCII)), OutputStream.nullOutputStream());
    }
}
