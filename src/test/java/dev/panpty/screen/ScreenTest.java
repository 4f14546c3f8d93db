package dev.panpty.screen;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.ProcessProtocol;
import dev.panpty.WindowSize;
import dev.panpty.testing.Await;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A screen as a tap, its waits, its answers, and what a program cannot do to it. */
@Timeout(60)
class ScreenTest {

    private static final Duration LIMIT = Await.DEADLINE;
    private static final Duration SHORT = Duration.ofMillis(50);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String answers(String output) {
        StringBuilder typed = new StringBuilder();
        Screen screen = new Screen(new WindowSize(6, 20)).answering(answer -> typed.append(new String(answer, StandardCharsets.US_ASCII)));
        screen.feed(bytes(output));
        return Escapes.show(bytes(typed.toString()));
    }

    @Test
    void asATapItTakesTheSizeAndTheOutputOfItsProcess() throws Exception {
        Screen screen = new Screen();
        try (PtyProcess process = new PtyProcessBuilder("sh", "-c", "stty size; read x; stty size; read x").windowSize(new WindowSize(7, 33))
                .tap(screen).start()) {
            process.drain();
            assertEquals("7 33", screen.awaitText("7 33", LIMIT).line(0));
            process.resize(new WindowSize(8, 40));
            process.getOutputStream().write('\n');
            Snapshot snapshot = screen.awaitText("8 40", LIMIT);
            assertEquals(8, snapshot.rows());
            assertEquals(40, snapshot.columns());
        }
    }

    @Test
    void inTheStyleOfCallbacksItSeesTheSame() throws Exception {
        Screen screen = new Screen();
        try (PtyProcess process = new PtyProcessBuilder("sh", "-c", "printf '\\033[2;3Hhere'; read x").tap(screen).start(new ProcessProtocol() {})) {
            assertEquals("  here", screen.awaitText("here", LIMIT).line(1));
            assertTrue(process.isAlive());
        }
    }

    @Test
    void itAnswersTheProgramWhenAskedTo() throws Exception {
        Screen screen = new Screen().answering();
        String script = "stty raw -echo; printf 'ab\\033[6n'; r=$(dd bs=1 count=6 2>/dev/null | tr '\\033' E); stty cooked; echo; echo \"got $r\"";
        try (PtyProcess process = new PtyProcessBuilder("sh", "-c", script).tap(screen).start()) {
            process.drain();
            screen.awaitText("got E[1;3R", LIMIT);
        }
    }

    @Test
    void queriesAreAnsweredAsXtermDoes() {
        assertEquals("\\e[0n\\e[2;3R\\e[?2;3R", answers("\u001b[2;3H\u001b[5n\u001b[6n\u001b[?6n"));
        assertEquals("\\e[1;1R", answers("\u001b[2;4r\u001b[?6h\u001b[6n"));
        assertEquals("\\e[1;20R", answers("aaaaaaaaaaaaaaaaaaaa\u001b[6n"));
        assertEquals("\\e[?62;22c\\e[>0;276;0c\\eP>|panpty\\e\\x5c", answers("\u001b[c\u001b[>c\u001b[>q"));
        assertEquals("\\e[?7;1$y\\e[?2004;2$y\\e[?2027;0$y\\e[4;2$y\\e[?9999;0$y",
                answers("\u001b[?7$p\u001b[?2004$p\u001b[?2027$p\u001b[4$p\u001b[?9999$p"));
        assertEquals("\\eP1$r0;1;31m\\e\\x5c\\eP1$r2;4r\\e\\x5c\\eP0$r\\e\\x5c",
                answers("\u001b[2;4r\u001b[1;31m\u001bP$qm\u001b\\\u001bP$qr\u001b\\\u001bP$qx\u001b\\"));
        assertEquals("\\e]10;rgb:e5e5/e5e5/e5e5\\e\\x5c\\e]11;rgb:0000/0000/0000\\e\\x5c\\e]4;1;rgb:cdcd/0000/0000\\e\\x5c",
                answers("\u001b]10;?\u0007\u001b]11;?\u001b\\\u001b]4;1;?\u0007"));
    }

    @Test
    void noAnswerHoldsTextOfTheProgram() {
        assertEquals("", answers("\u001b]2;rm -rf\u0007\u001b[21t\u001b[20t\u001b]52;c;?\u0007\u001b]52;c;cm0=\u0007\u001bP+q544e\u001b\\\u001b[5\u0005"));
        assertEquals("\\eP0$r\\e\\x5c", answers("\u001bP$qrm -rf\r\u001b\\"));
    }

    @Test
    void withoutAnsweringNothingIsTyped() {
        Screen screen = new Screen();
        screen.feed(bytes("\u001b[6n\u001b[c"));
        assertEquals("", screen.snapshot().text());
    }

    @Test
    void aWaitThatFailsShowsTheScreen() {
        Screen screen = new Screen(new WindowSize(2, 10));
        screen.feed(bytes("present"));
        ScreenTimeoutException late = assertThrows(ScreenTimeoutException.class, () -> screen.awaitText("absent", SHORT));
        assertTrue(late.getMessage().startsWith("no \"absent\" within PT0.05S\n┌") && late.getMessage().contains("│present   │"), late.getMessage());
        assertEquals("present", late.snapshot().text());
    }

    @Test
    void aWaitFailsWhenTheProgramHasEnded() throws Exception {
        Screen screen = new Screen();
        try (PtyProcess process = new PtyProcessBuilder("echo", "last").tap(screen).start()) {
            process.drain();
            ScreenTimeoutException ended = assertThrows(ScreenTimeoutException.class, () -> screen.awaitText("more", LIMIT));
            assertTrue(ended.getMessage().contains("has ended") && ended.getMessage().contains("last"), ended.getMessage());
            assertEquals("last", screen.awaitText("last", SHORT).text());
            assertEquals("last", screen.awaitSettled(Duration.ofDays(1), LIMIT).text());
        }
    }

    @Test
    void aLimitMayBeOfAnyLength() throws Exception {
        Duration forever = ChronoUnit.FOREVER.getDuration();
        Screen screen = new Screen().synchronizedOutputLimit(forever);
        screen.feed(bytes("old\u001b[?2026hnew"));
        assertEquals("old", screen.awaitText("old", forever).text());
        Thread feeder = Thread.ofVirtual().start(() -> screen.feed(bytes("er\u001b[?2026l")));
        assertEquals("oldnewer", screen.awaitText("newer", forever).text());
        feeder.join();
        assertEquals("oldnewer", screen.awaitSettled(SHORT, forever).text());
        assertThrows(ScreenTimeoutException.class, () -> screen.awaitSettled(forever, SHORT));
        assertThrows(ScreenTimeoutException.class, () -> screen.awaitText("x", forever.negated()));
    }

    @Test
    void aConditionIsTriedWithoutALockAndMayUseTheScreen() throws Exception {
        Screen screen = new Screen();
        Thread feeder = Thread.ofVirtual().start(() -> screen.feed(bytes("x")));
        Snapshot found = screen.await(snapshot -> snapshot.text().equals("x") && screen.snapshot() != null, LIMIT);
        assertEquals("x", found.text());
        feeder.join();
        assertThrows(IllegalStateException.class, () -> screen.await(snapshot -> {
            throw new IllegalStateException("of the user");
        }, LIMIT));
        screen.feed(bytes("y"));
        assertEquals("xy", screen.snapshot().text(), "the lock is free");
    }

    @Test
    void settledMeansThatNothingHasComeForSomeTime() throws Exception {
        Screen screen = new Screen();
        try (PtyProcess process = new PtyProcessBuilder("sh", "-c", "for i in 1 2 3 4 5; do echo $i; sleep 0.02; done; read x").tap(screen).start()) {
            process.drain();
            screen.awaitText("1", LIMIT);
            assertTrue(screen.awaitSettled(Duration.ofMillis(500), LIMIT).contains("5"));
        }
        assertThrows(ScreenTimeoutException.class, () -> new Screen().awaitSettled(Duration.ofSeconds(10), SHORT));
    }

    @Test
    void anotherWaitDoesNotMakeThisOneLonger() throws Exception {
        Screen screen = new Screen();
        AtomicBoolean settled = new AtomicBoolean();
        Thread other = Thread.ofPlatform().start(() -> {
            while (!settled.get()) {
                assertDoesNotThrow(() -> screen.awaitSettled(Duration.ofMillis(1), LIMIT));
            }
        });
        try {
            screen.awaitSettled(Duration.ofMillis(200), Duration.ofSeconds(10));
        } finally {
            settled.set(true);
            other.join();
        }
    }

    @Test
    void synchronizedOutputIsSeenWhenItIsComplete() throws Exception {
        Screen screen = new Screen().synchronizedOutputLimit(Duration.ofDays(1));
        screen.feed(bytes("old\u001b[?2026h\u001b[2Jnew"));
        assertEquals("old", screen.snapshot().text());
        assertThrows(ScreenTimeoutException.class, () -> screen.awaitText("new", SHORT));
        screen.feed(bytes("er\u001b[?2026l"));
        assertEquals("   newer", screen.snapshot().text());
        screen.feed(bytes("\u001b[?2026h\u001b[2J\u001b[Ha\u001b[?2026l\u001b[?2026hb"));
        assertEquals("a", screen.snapshot().text());
    }

    @Test
    void synchronizedOutputHasALimit() throws Exception {
        Screen screen = new Screen().synchronizedOutputLimit(SHORT);
        screen.feed(bytes("old\u001b[?2026h\u001b[2J\u001b[Hnew"));
        assertEquals("new", screen.awaitText("new", LIMIT).text());
        Screen none = new Screen().synchronizedOutputLimit(Duration.ZERO);
        none.feed(bytes("old\u001b[?2026hnew"));
        assertEquals("oldnew", none.snapshot().text());
        assertThrows(IllegalArgumentException.class, () -> none.synchronizedOutputLimit(Duration.ofSeconds(-1)));
    }

    @Test
    void sizesThatAreUnknownOrHugeAreMadeUsable() {
        assertEquals(24, new Screen(new WindowSize(0, 0)).snapshot().rows());
        Snapshot huge = new Screen(new WindowSize(65535, 65535)).snapshot();
        assertEquals(Screen.MOST_ROWS, huge.rows());
        assertEquals(Screen.MOST_COLUMNS, huge.columns());
        Screen tiny = new Screen(new WindowSize(1, 1));
        tiny.feed(bytes("漢a漢\u0301b\u001b[?7l漢c\t\b\u001b[L\u001b[@\u001b[P\u001bM\nz"));
        assertEquals("z", tiny.snapshot().text());
    }

    @Test
    void aSnapshotIsOnlyMadeWhenSomethingMayHaveChanged() {
        Screen screen = new Screen();
        Snapshot first = screen.snapshot();
        assertSame(first, screen.snapshot());
        screen.resize(WindowSize.DEFAULT);
        assertSame(first, screen.snapshot(), "the same size");
        screen.feed(ByteBuffer.wrap(bytes("a")));
        assertNotSame(first, screen.snapshot());
    }
}
