package dev.panpty.expect;

import static dev.panpty.expect.Awaited.quiet;
import static dev.panpty.expect.Awaited.regex;
import static dev.panpty.expect.Awaited.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.testing.Await;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waits and typing at their limits: of time, of what is kept, of a charset. */
@Timeout(60)
class ExpectLimitsTest {

    private static final ExpectOptions DEFAULTS = ExpectOptions.defaults();
    private static final Pattern HOPELESS = Pattern.compile(".*.*.*.*.*[cd]");

    private static Expect sh(String script, ExpectOptions options) throws IOException {
        return Expect.start(new PtyProcessBuilder("sh", "-c", script), options);
    }

    private static Expect sh(String script) throws IOException {
        return sh(script, DEFAULTS);
    }

    @Test
    void aMatchThatOutputInTheKernelLengthensDoesNotCountYet() throws Exception {
        try (Expect session = sh("printf v1; read x; printf '23 '; read y", DEFAULTS.withSettle(Duration.ofMillis(1)))) {
            session.expect("v");
            PtyProcess process = session.process().orElseThrow();
            process.getOutputStream().write('\n');
            Await.until("the rest is there", () -> process.getInputStream().available() == "\r\n23 ".length());
            assertEquals("1\r\n23", session.expect(Pattern.compile("\\d+\\s*\\d*")).text());
        }
    }

    private static Thread searching(Expect session, AtomicReference<Throwable> thrown) throws Exception {
        CountDownLatch searches = new CountDownLatch(1);
        session.await(text("!"));
        session.process().orElseThrow().getOutputStream().write('\n');
        Thread waiter = Thread.ofPlatform().start(() -> {
            session.answer(text("?"), (each, prompt) -> searches.countDown());
            thrown.set(assertThrows(IOException.class, () -> session.expect(HOPELESS, Duration.ofSeconds(50))));
        });
        assertTrue(searches.await(20, TimeUnit.SECONDS));
        Await.until("it searches", () -> Arrays.stream(waiter.getStackTrace()).anyMatch(each -> each.getClassName().endsWith("TimedText")
                || each.getClassName().startsWith("java.util.regex")));
        return waiter;
    }

    private static final String MUCH = "stty -echo; printf '!'; read x; printf '?'; head -c 6000 /dev/zero | tr '\\0' a; printf '.'; read x; echo on; read x";

    @Test
    void closeEndsTheSearchOfAHopelessRegex() throws Exception {
        try (PtyProcess process = PtyProcess.start("sh", "-c", MUCH)) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Expect session = Expect.of(process);
            Thread waiter = searching(session, thrown);
            session.close();
            assertTrue(waiter.join(Duration.ofSeconds(20)));
            assertTrue(thrown.get().getMessage().contains("closed"), () -> thrown.get().toString());
        }
    }

    @Test
    void anInterruptEndsTheSearchOfAHopelessRegex() throws Exception {
        try (Expect session = sh(MUCH)) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread waiter = searching(session, thrown);
            waiter.interrupt();
            assertTrue(waiter.join(Duration.ofSeconds(20)));
            assertInstanceOf(InterruptedIOException.class, thrown.get());
            session.forgetStanding().sendLine("");
            session.expect("on");
        }
    }

    private static PtyProcess process(Expect session) {
        return session.process().orElseThrow();
    }

    @Test
    void anAnswerToARegexThatMatchesNothingKeepsTheLimit() throws Exception {
        try (Expect session = sh("stty -echo; printf p; exec cat >/dev/null")) {
            session.answer(regex("$"), (each, prompt) -> {});
            assertEquals(Optional.empty(), session.poll(Duration.ofMillis(300), text("never")));
        }
    }

    @Test
    void aSettleTimeWithoutEndKeepsTheLimit() throws Exception {
        try (Expect session = sh("printf abc; read x", DEFAULTS.withSettle(Duration.ofSeconds(Long.MAX_VALUE)))) {
            assertEquals(Optional.empty(), session.poll(Duration.ofMillis(300), regex("a\\w*")));
            assertEquals("bc", ((Found) session.await(Duration.ofSeconds(Long.MAX_VALUE), text("bc"), quiet(Duration.ofSeconds(Long.MAX_VALUE)))).text());
        }
    }

    @Test
    void aSessionWithoutTimeToWaitTypesNevertheless() throws Exception {
        try (Expect session = sh("read x; stty -echo; printf 'password: '; read y; echo got $x $y", DEFAULTS.withTimeout(Duration.ZERO))) {
            for (int i = 0; i < 5; i++) {
                session.send("x");
            }
            session.send("\r");
            session.expect("password: ", Duration.ofSeconds(20));
            session.press(dev.panpty.screen.Key.ENTER);
            session.expect("got " + "x".repeat(5), Duration.ofSeconds(20));
        }
        try (Expect session = sh("stty -echo; printf 'password: '; read y; echo got $y", DEFAULTS.withTimeout(Duration.ZERO))) {
            Await.until("it asks", () -> process(session).getInputStream().available() > 0);
            session.sendSecret("s3cret".toCharArray());
            session.expect("got s3cret", Duration.ofSeconds(20));
        }
    }

    @Test
    void aLineThatIsTypedDropsNoOutputThatWasNotSearched() throws Exception {
        try (Expect session = sh("echo START; seq 60000; read x; echo got $x; read y", DEFAULTS.withKeepBytes(64 * 1024))) {
            PtyProcess process = process(session);
            assertTrue(process.awaitOutput(Duration.ofSeconds(20)));
            session.sendLine("hello");
            session.expect("START");
            session.expect("got hello");
        }
    }

    @Test
    void aClosedSessionTypesNoSecret() throws Exception {
        Expect session = Expect.start("cat");
        session.close();
        assertEquals("the session is closed", assertThrows(IOException.class, () -> session.sendSecret("x".toCharArray())).getMessage());
    }

    @Test
    void theMessageSaysTheEndOfOnlyIfItLacksABeginning() throws Exception {
        try (Expect session = sh("printf '\u4e2d\u6587 '; read x")) {
            session.await(Duration.ofSeconds(20), regex("(?=\u6587 )"));
            ExpectTimeoutException late = assertThrows(ExpectTimeoutException.class, () -> session.expect("x", Duration.ofMillis(10)));
            assertFalse(late.getMessage().contains("the end of"), late::getMessage);
        }
    }

    @Test
    void whatTheCharsetLacksIsRefused() throws Exception {
        try (Expect session = sh("printf 'what?'; read x; echo \"<$x>\"", DEFAULTS.withCharset(StandardCharsets.ISO_8859_1))) {
            assertThrows(IllegalArgumentException.class, () -> session.expect("\u4e2d"));
            assertThrows(IllegalArgumentException.class, () -> session.send("\u4e2d"));
            assertThrows(IllegalArgumentException.class, () -> session.sendLine("\u4e2d"));
            session.expect("what?");
            session.sendLine("\u00e9");
            session.expect("<\u00e9>");
        }
    }

    @Test
    void aCharsetWithoutAsciiIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withCharset(StandardCharsets.UTF_16));
        assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withCharset(StandardCharsets.UTF_16LE));
        DEFAULTS.withCharset(StandardCharsets.ISO_8859_1);
    }
}
