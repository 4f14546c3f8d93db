package dev.panpty.expect;

import static dev.panpty.expect.Awaited.end;
import static dev.panpty.expect.Awaited.quiet;
import static dev.panpty.expect.Awaited.regex;
import static dev.panpty.expect.Awaited.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.ExitStatus;
import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.TerminalTap;
import dev.panpty.screen.Key;
import dev.panpty.testing.Await;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waits of a session over a process. */
@Timeout(60)
class ExpectTest {

    private static final Duration SHORT = Duration.ofMillis(100);

    private static Expect sh(String script) throws IOException {
        return Expect.start("sh", "-c", script);
    }

    private static Expect sh(String script, ExpectOptions options) throws IOException {
        return Expect.start(new PtyProcessBuilder("sh", "-c", script), options);
    }

    @Test
    void theProgramHasAWideWindow() throws Exception {
        try (Expect session = sh("stty size")) {
            session.expect("24 500");
        }
    }

    @Test
    void aFoundTextHasWhatCameBeforeItAndItsOffset() throws Exception {
        try (Expect session = sh("printf '\\033[1mone\\033[m two: three'; read x")) {
            Found found = session.expect("two: ");
            assertEquals("one ", found.before());
            assertEquals("two: ", found.text());
            assertEquals("\033[1mone\033[m ".length(), found.offset());
            assertEquals(0, found.index());
            assertEquals(0, found.dropped());
            assertEquals("", session.expect("three").before());
        }
    }

    @Test
    void escapeSequencesStayInRawOutput() throws Exception {
        try (Expect session = sh("printf '\\033[1mone\\033[m two'; read x", ExpectOptions.defaults().withRaw(true))) {
            assertEquals("\033[1mone\033[m ", session.expect("two").before());
        }
    }

    @Test
    void aRegexGivesItsGroups() throws Exception {
        try (Expect session = sh("echo 'version 1.25 (beta)'; read x")) {
            Found found = session.expect(Pattern.compile("version (?<major>\\d+)\\.(\\d+)(x)? "));
            assertEquals(Optional.of("1"), found.group("major"));
            assertEquals(Optional.of("25"), found.group(2));
            assertEquals(Optional.empty(), found.group(3));
            assertThrows(IllegalArgumentException.class, () -> found.group("minor"));
            assertThrows(IndexOutOfBoundsException.class, () -> found.group(4));
            assertFalse(found.toString().contains("25"), found::toString);
        }
    }

    @Test
    void theSealedResultSaysWhichOfSeveralCame() throws Exception {
        try (Expect session = sh("printf 'yes or no? '; read x; exit 3")) {
            Match match = session.await(text("failed"), regex("no\\? "), end(), quiet(Duration.ofSeconds(20)));
            assertEquals("1 yes or ", switch (match) {
                case Found found -> found.index() + " " + found.before();
                case Match.Silent silent -> "silent";
                case Match.Ended ended -> "ended";
            });
            assertEquals("", session.drop());
            assertInstanceOf(Match.Silent.class, session.await(quiet(SHORT), end()));
            session.sendLine("no");
            Match.Ended ended = (Match.Ended) session.await(text("x"), end());
            assertEquals(1, ended.index());
            assertEquals("", ended.before());
            assertEquals(Optional.of(new ExitStatus.Exited(3)), ended.status());
            assertEquals(new ExitStatus.Exited(3), session.end());
        }
    }

    @Test
    void aMatchThatCouldGrowCountsAfterAPauseAndATextThatCannotAtOnce() throws Exception {
        ExpectOptions patient = ExpectOptions.defaults().withSettle(Duration.ofSeconds(30));
        try (Expect session = sh("printf abc; read x; printf def; read x", patient)) {
            assertEquals("bc", ((Found) session.await(regex("a\\w*"), text("bc"))).text());
        }
        ExpectOptions aSecond = ExpectOptions.defaults().withSettle(Duration.ofSeconds(1)); // for a busy machine
        try (Expect session = sh("printf abc; sleep 0.01; printf def; read x", aSecond)) {
            assertEquals("abcdef", session.expect(Pattern.compile("a\\w*")).text());
        }
        try (Expect session = sh("printf abc", patient)) {
            assertEquals("abc", session.expect(Pattern.compile("a\\w*")).text(), "it cannot grow behind the end");
        }
    }

    @Test
    void theNextWaitBeginsBehindTheMatch() throws Exception {
        try (Expect session = sh("printf 'a1 a2 a3'; read x")) {
            Pattern number = Pattern.compile("a(\\d)");
            for (int i = 1; i <= 3; i++) {
                assertEquals(Optional.of("" + i), session.expect(number).group(1));
            }
            assertEquals(Optional.empty(), session.poll(SHORT, regex(number)));
        }
    }

    @Test
    void whatAPreviousWaitHasTakenIsContextOnly() throws Exception {
        try (Expect session = sh("printf 'ab ab\\nab'; read x")) {
            session.expect("a");
            assertEquals(4, session.expect(Pattern.compile("\\bb|(?<= a)b")).offset());
            assertEquals("\r\n", session.expect(Pattern.compile("(?m)^ab")).before());
        }
    }

    @Test
    void theExceptionOfTheLimitSaysAllThatIsNeeded() throws Exception {
        try (Expect session = sh("printf 'Welcome\\n\\033[1mlog\\033[mout:\\t'; stty -echo; exec sleep 100")) {
            session.expect("out");
            ExpectTimeoutException late = assertThrows(ExpectTimeoutException.class, () -> session.await(SHORT, text("login: "), regex("^\r$")));
            assertTrue(late.getMessage().startsWith("not found within "), late::getMessage);
            assertTrue(late.getMessage().contains(": \"login: \" or regex \"^\\r$\"\nunread output:\n  | :\\t\npid "), late::getMessage);
            assertTrue(late.getMessage().contains("no exit status yet, echo off, in the foreground sleep (pid "), late::getMessage);
            assertTrue(late.waited().compareTo(SHORT) >= 0);
            assertEquals(":\t", late.unread());
            assertEquals(Optional.of(false), late.echo());
            assertEquals(Optional.empty(), late.status());
            assertEquals(2, late.awaited().size());
            assertTrue(late.foreground().orElseThrow().startsWith("sleep"));
            assertEquals(":\t", session.drop(), "it stays unread");
        }
    }

    @Test
    void theMessageShowsTheEndOfMuchOutput() throws Exception {
        try (Expect session = sh("i=0; while [ $i -lt 500 ]; do echo line $i; i=$((i+1)); done; echo; read x")) {
            session.await(quiet(SHORT.multipliedBy(2)));
            session.send("");
            assertEquals("", session.drop());
        }
        try (Expect session = sh("i=0; while [ $i -lt 500 ]; do echo line $i; i=$((i+1)); done; read x")) {
            ExpectTimeoutException late = assertThrows(ExpectTimeoutException.class, () -> session.expect("nothing", Duration.ofMillis(500)));
            assertTrue(late.getMessage().contains("the end of ") && late.getMessage().contains("| line 499\n"), late::getMessage);
            assertEquals(2048, late.unread().length());
        }
    }

    @Test
    void theEndIsAnExceptionUnlessItIsAwaited() throws Exception {
        try (Expect session = sh("echo bye; kill -TERM $$")) {
            EndedException ended = assertThrows(EndedException.class, () -> session.expect("prompt"));
            assertTrue(ended.getMessage().contains("bye") && ended.getMessage().contains("SIGTERM"), ended::getMessage);
            assertTrue(ended.status().orElseThrow() instanceof ExitStatus.Signaled);
            assertEquals("bye\r\n", session.await(end()).before());
        }
    }

    @Test
    void aChildThatClosesItsTerminalAndComesBackIsHeard() throws Exception {
        try (Expect session = sh("echo before; exec 0<&- 1>&- 2>&-; sleep 0.3; exec >/dev/tty; echo after; exit 4")) {
            session.expect("before");
            session.expect("after");
            assertEquals(new ExitStatus.Exited(4), session.end());
        }
    }

    @Test
    void aProgramThatDiesInMidDialogEndsTheWaitAtOnce() throws Exception {
        try (Expect session = sh("printf 'name: '; read x; kill -KILL $$")) {
            session.expect("name: ");
            session.sendLine("duke");
            EndedException ended = assertThrows(EndedException.class, () -> session.expect("password: "));
            assertTrue(ended.waited().compareTo(Duration.ofSeconds(20)) < 0);
        }
    }

    @Test
    void theLimitIsKeptWhileOutputPours() throws Exception {
        try (Expect session = Expect.start("yes")) {
            assertLimitKept(() -> session.expect("no", Duration.ofMillis(300)));
            assertLimitKept(() -> session.expect(Pattern.compile("n[^y]"), Duration.ofMillis(300)));
            assertEquals(Optional.empty(), session.poll(Duration.ofMillis(50), text("no"), quiet(SHORT)));
            session.expect("y");
        }
    }

    /** The bound is far above the limit: it tells a limit that is kept from one that is not. */
    private static void assertLimitKept(org.junit.jupiter.api.function.Executable wait) {
        ExpectException late = assertThrows(ExpectException.class, wait);
        assertTrue(late.waited().compareTo(Duration.ofSeconds(20)) < 0, late::getMessage);
    }

    @Test
    void aHopelessRegexEndsAtTheLimitAndTheSessionGoesOn() throws Exception {
        try (Expect session = sh("head -c 4000 /dev/zero | tr '\\0' a; printf '!'; read x; echo on; read x")) {
            PatternException hopeless = assertThrows(PatternException.class,
                    () -> session.expect(Pattern.compile(".*.*.*.*.*[cd]"), Duration.ofMillis(500)));
            assertTrue(hopeless.waited().compareTo(Duration.ofSeconds(20)) < 0, hopeless::getMessage);
            assertTrue(hopeless.getMessage().contains(".*.*.*.*.*[cd]"), hopeless::getMessage);
            session.expect("a!");
            session.sendLine("");
            session.expect("on");
        }
    }

    @Test
    void aRegexWhoseTextIsMissingIsNotSearchedFor() throws Exception {
        try (Expect session = sh("head -c 4000 /dev/zero | tr '\\0' a; printf '!'; read x; echo c; read x")) {
            assertThrows(ExpectTimeoutException.class, () -> session.expect(Pattern.compile(".*.*.*.*.*c"), Duration.ofMillis(300)));
            session.expect("!");
            session.sendLine("");
            assertEquals("c", session.expect(Pattern.compile(".*.*.*.*.*c")).text());
        }
    }

    @Test
    void aRegexThatNeedsTooMuchStackIsNamedAndTheSessionGoesOn() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        try (Expect session = sh("head -c 8000 /dev/zero | tr '\\0' a; echo .; read x")) {
            session.expect("a"); // all others lie behind it
            session.await(quiet(SHORT));
            session.send("x");
        }
        try (Expect session = sh("head -c 8000 /dev/zero | tr '\\0' a; echo .; read x")) {
            Thread small = new Thread(null, () -> thrown.set(assertThrows(PatternException.class,
                    () -> session.expect(Pattern.compile("(?:a|b)*[cd]"), Duration.ofSeconds(20)))), "small stack", 256 * 1024);
            small.start();
            small.join();
            assertInstanceOf(StackOverflowError.class, thrown.get().getCause());
            assertEquals("(?:a|b)*[cd]", ((PatternException) thrown.get()).regex().pattern().pattern());
            session.expect(".");
        }
    }

    @Test
    void aSecondWaiterIsRefused() throws Exception {
        try (Expect session = Expect.start("cat")) {
            CompletableFuture<Found> first = waiting(session, "go");
            assertThrows(IllegalStateException.class, () -> session.expect("x"));
            assertThrows(IllegalStateException.class, session::drop);
            session.send("go\r"); // typing is allowed
            first.get();
        }
    }

    private static CompletableFuture<Found> waiting(Expect session, String text) throws Exception {
        CompletableFuture<Found> found = new CompletableFuture<>();
        Thread waiter = Thread.ofPlatform().start(() -> {
            try {
                found.complete(session.expect(text));
            } catch (IOException | RuntimeException failure) {
                found.completeExceptionally(failure);
            }
        });
        Await.blocked(waiter);
        return found;
    }

    @Test
    void closeFromAnotherThreadFreesAWaiter() throws Exception {
        try (PtyProcess process = PtyProcess.start("cat")) {
            Expect session = Expect.of(process);
            CompletableFuture<Found> waiter = waiting(session, "x");
            session.close();
            ExecutionException freed = assertThrows(ExecutionException.class, () -> waiter.get(20, TimeUnit.SECONDS));
            assertTrue(freed.getCause().getMessage().contains("closed"), freed::toString);
            assertTrue(process.isAlive(), "the session does not own it");
            assertThrows(IOException.class, () -> session.expect("x"));
            assertThrows(IOException.class, () -> session.send("x"));
            assertTrue(session.toString().contains("closed"));
        }
    }

    @Test
    void closeEndsTheProgramThatItStarted() throws Exception {
        Expect session = Expect.start("cat");
        CompletableFuture<Found> waiter = waiting(session, "x");
        session.close();
        assertThrows(ExecutionException.class, () -> waiter.get(20, TimeUnit.SECONDS));
        assertFalse(session.process().orElseThrow().isAlive());
    }

    @Test
    void anInterruptLeavesTheSessionUsable() throws Exception {
        try (Expect session = Expect.start("cat")) {
            AtomicReference<IOException> thrown = new AtomicReference<>();
            AtomicReference<Boolean> status = new AtomicReference<>();
            Thread waiter = Thread.ofVirtual().start(() -> {
                thrown.set(assertThrows(IOException.class, () -> session.expect("x")));
                status.set(Thread.currentThread().isInterrupted());
            });
            Await.blocked(waiter);
            waiter.interrupt();
            waiter.join();
            assertInstanceOf(InterruptedIOException.class, thrown.get());
            assertTrue(status.get());
            session.sendLine("again");
            session.expect("again");
        }
    }

    @Test
    void standingAnswersAreTypedAndTheirPromptsAreOutput() throws Exception {
        try (Expect session = sh("for i in 1 2 3; do printf \"file $i? [y/n] \"; read a; printf 'Name> '; read b; echo got $a $b; done; echo done")) {
            session.answer(regex("\\? \\[y/n\\] $"), "y").answer(text("Name> "), (each, prompt) -> each.sendLine("duke"));
            Found done = session.expect("done");
            assertEquals("file 1? [y/n] Name> got y duke\r\nfile 2? [y/n] Name> got y duke\r\nfile 3? [y/n] Name> got y duke\r\n", done.before());
        }
    }

    @Test
    void aStandingAnswerMustNotWait() throws Exception {
        try (Expect session = sh("printf '? '; read x")) {
            session.answer(text("? "), (each, prompt) -> each.expect("more"));
            assertThrows(IllegalStateException.class, () -> session.await(end()));
            assertThrows(IllegalArgumentException.class, () -> session.answer(end(), "x"));
            session.forgetStanding().sendLine("");
            session.end();
        }
    }

    @Test
    void failOnEndsLaterWaits() throws Exception {
        try (Expect session = sh("echo Permission denied; printf '$ '; read x; echo ok")) {
            session.failOn(text("No such file"), text("denied"));
            UnexpectedException denied = assertThrows(UnexpectedException.class, () -> session.expect("$ "));
            assertEquals(1, denied.match().index());
            assertTrue(denied.getMessage().startsWith("\"denied\" came"), denied::getMessage);
            session.expect("$ ");
            session.failOn(end()).sendLine("");
            session.expect("ok");
            assertInstanceOf(Match.Ended.class, assertThrows(UnexpectedException.class, () -> session.expect("more")).match());
        }
    }

    @Test
    void dropTakesWhatLiesInTheKernelToo() throws Exception {
        try (Expect session = sh("echo old; read x; echo new; read x")) {
            session.process().orElseThrow().awaitOutput(Duration.ofSeconds(20));
            Await.until("all is written", () -> session.process().orElseThrow().getInputStream().available() == "old\r\n".length());
            assertEquals("old\r\n", session.drop());
            session.sendLine("");
            assertEquals("", session.expect("new").before());
        }
    }

    @Test
    void theEchoOfALineIsDropped() throws Exception {
        try (Expect session = sh("printf 'name: '; read x; echo hello $x; read x; stty -echo; echo silent; read x; echo got $x")) {
            session.expect("name: ");
            session.sendLine("h\u00e9 \t\001");
            assertEquals("", session.expect("hello h\u00e9 \001\r\n").before());
            session.sendLine("");
            assertEquals("", session.expect("silent\r\n").before());
            session.sendLine("x");
            assertEquals("", session.expect("got x").before());
        }
    }

    @Test
    void aLineThatIsTypedDuringAWaitIsNotFoundByIt() throws Exception {
        try (Expect session = sh("read x; echo you said $x.")) {
            CompletableFuture<Found> waiter = waiting(session, "please");
            session.sendLine("please");
            assertEquals("you said ", waiter.get().before());
        }
    }

    @Test
    void anEchoThatDoesNotComeDelaysTheWaitOnly() throws Exception {
        try (Expect session = Expect.start("sh", "-c", "read x; read y; stty raw; stty -raw; echo go; cat")) {
            session.sendLine("a\004b"); // VEOF is not echoed
            session.sendLine("x");
            session.expect("go");
        }
    }

    @Test
    void muchOutputIsKeptUpToTheLimitAndTheRestIsCounted() throws Exception {
        ExpectOptions small = ExpectOptions.defaults().withKeepBytes(64 * 1024);
        try (Expect session = sh("stty raw; head -c 1000000 /dev/zero | tr '\\0' a; echo END; read x", small)) {
            Found found = session.expect("END");
            assertEquals(64 * 1024, found.before().length());
            assertEquals(1_000_000 - 64 * 1024, found.dropped());
            assertEquals(1_000_000, found.offset());
        }
        try (Expect session = sh("stty raw; head -c 1000000 /dev/zero | tr '\\0' a; echo END; read x", small)) {
            Found found = session.expect(Pattern.compile("E.D"));
            assertEquals(1_000_000 - 64 * 1024, found.dropped());
            assertEquals(1_000_000, found.offset());
        }
    }

    @Test
    void aFloodIsFoundWithItsWholeTextByTextAndByRegex() throws Exception {
        for (Awaited each : new Awaited[] {text("END"), regex("EN(D)")}) {
            try (Expect session = sh("seq 100000; echo END; read x")) {
                String before = session.await(each).before();
                assertEquals(100_000, before.lines().count());
                assertTrue(before.startsWith("1\r\n2\r\n") && before.endsWith("99999\r\n100000\r\n"));
            }
        }
    }

    @Test
    void aProgramThatTakesNoInputEndsTheTypingAtTheLimit() throws Exception {
        try (Expect session = sh("stty raw -echo; echo ready; exec sleep 100", ExpectOptions.defaults().withTimeout(Duration.ofMillis(300)))) {
            session.expect("ready", Duration.ofSeconds(30));
            IOException full = assertThrows(IOException.class, () -> session.send("x".repeat(1_000_000)));
            assertTrue(full.getMessage().contains("not taken"), full::getMessage);
            assertFalse(Thread.currentThread().isInterrupted());
        }
    }

    @Test
    void aKeyIsTypedInTheModeThatTheProgramHasSet() throws Exception {
        for (boolean raw : new boolean[] {false, true}) {
            String script = "stty raw -echo; printf 'a\\033[?1;2004ha'; dd bs=3 count=1 2>/dev/null | od -An -c; printf '\\033[?1lb'; dd bs=3 count=1 2>/dev/null | od -An -c";
            try (Expect session = sh(script, ExpectOptions.defaults().withRaw(raw))) {
                session.expect("a");
                session.expect("a");
                session.press(Key.UP);
                session.expect(Pattern.compile("033 +O +A"));
                session.expect("b");
                session.press(Key.UP);
                session.expect(Pattern.compile("033 +\\[ +A"));
            }
        }
    }

    @Test
    void wrongArgumentsAreRefused() throws Exception {
        assertThrows(IllegalArgumentException.class, () -> text(""));
        assertThrows(IllegalArgumentException.class, () -> quiet(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> ExpectOptions.defaults().withKeepBytes(1));
        assertThrows(IllegalArgumentException.class, () -> ExpectOptions.defaults().withLookBackChars(1));
        assertThrows(IllegalArgumentException.class, () -> ExpectOptions.defaults().withSettle(Duration.ofMillis(-1)));
        assertThrows(IllegalArgumentException.class, () -> ExpectOptions.defaults().withTimeout(Duration.ofMillis(-1)));
        try (Expect session = Expect.start("cat")) {
            assertThrows(IllegalArgumentException.class, session::await);
            assertThrows(NullPointerException.class, () -> session.await((Awaited) null));
        }
    }

    /** A tap that is read as a stream. */
    private static final class Copy extends InputStream implements TerminalTap {

        private final LinkedBlockingQueue<Integer> bytes = new LinkedBlockingQueue<>();

        @Override
        public void output(ByteBuffer data) {
            while (data.hasRemaining()) {
                bytes.add(data.get() & 0xff);
            }
        }

        @Override
        public void ended(ExitStatus status) {
            bytes.add(-1);
        }

        @Override
        public int read() {
            try {
                return bytes.take();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            int next = read();
            target[offset] = (byte) next;
            return next < 0 ? -1 : 1;
        }
    }

    @Test
    void aSessionGetsOutputThatOthersReadByAStream() throws Exception {
        Copy copy = new Copy();
        String script = "printf 'name: '; read a; stty -echo; printf 'word: '; read b; stty echo; echo; echo \"<$a $b>\"; exit 3";
        try (PtyProcess process = new PtyProcessBuilder("sh", "-c", script).tap(copy).start();
                Expect session = Expect.of(process, copy, ExpectOptions.defaults())) {
            process.drain();
            session.expect("name: ");
            session.sendLine("duke");
            assertEquals("", session.expect("word: ").before());
            session.sendSecret("s3cret".toCharArray());
            session.expect("<duke s3cret>");
            assertEquals(new ExitStatus.Exited(3), session.end());
        }
    }
}
