package dev.panpty.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.TerminalTap;
import dev.panpty.expect.Awaited;
import dev.panpty.expect.Expect;
import dev.panpty.expect.ExpectException;
import dev.panpty.expect.ExpectOptions;
import dev.panpty.expect.Found;
import dev.panpty.expect.Shell;
import dev.panpty.screen.Key;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** A dialog and a shell, used by many threads at once: all may type, one may wait. */
public final class ExpectCrowd {

    /** The methods of a dialog that this calls. */
    public static final Set<String> CALLED = Set.of("start(String[])", "start(PtyProcessBuilder,ExpectOptions)", "of(PtyProcess)",
            "of(PtyProcess,ExpectOptions)", "of(PtyProcess,InputStream,ExpectOptions)", "over(InputStream,OutputStream)", "over(InputStream,OutputStream,ExpectOptions)",
            "over(InputStream,OutputStream,Resizer,ExpectOptions)", "tap(TerminalTap)", "expect(String)", "expect(String,Duration)",
            "expect(Pattern)", "expect(Pattern,Duration)", "await(Awaited[])", "await(Duration,Awaited[])", "poll(Duration,Awaited[])",
            "answer(Awaited,String)", "answer(Awaited,Reply)", "failOn(Awaited[])", "forgetStanding()", "send(CharSequence)",
            "sendLine(CharSequence)", "press(Key)", "sendSecret(char[])", "end()", "drop()", "interact(byte)", "process()", "close()",
            "toString()");

    /** The methods of a shell that this calls. */
    public static final Set<String> CALLED_OF_SHELL = Set.of("start(Kind)", "start(Kind,Consumer)", "run(String)", "run(String,Duration)",
            "send(CharSequence)", "process()", "close()", "toString()");

    private static final int THREADS = 8;
    private static final int ROUNDS = 10;
    private static final Duration SHORT = Duration.ofMillis(5);
    private static final ExpectOptions OPTIONS = ExpectOptions.defaults().withTimeout(Duration.ofSeconds(1));

    private ExpectCrowd() {}

    /** Uses both. */
    public static void run(Path folder) throws Exception {
        dialog();
        sessionsOfTheirOwn();
        shell(folder);
    }

    private static void dialog() throws Exception {
        Expect session = Expect.start(new PtyProcessBuilder("cat"), OPTIONS);
        PtyProcess cat = session.process().orElseThrow();
        AtomicInteger found = new AtomicInteger();
        List<Callable<?>> waits = List.of(() -> session.expect("a", SHORT), () -> session.expect(Pattern.compile("b+"), SHORT),
                () -> session.await(SHORT, Awaited.quiet(SHORT)), () -> session.poll(SHORT, Awaited.text("a")), session::drop);
        List<Callable<?>> longWaits = List.of(() -> session.expect("a"), () -> session.expect(Pattern.compile("b+")),
                () -> session.await(Awaited.text("a"), Awaited.end()), session::end);
        Crowd.run(THREADS, (number, count) -> {
            session.send("a\n").sendLine("bb").press(Key.ENTER);
            session.answer(Awaited.text("never"), "x").answer(Awaited.regex("never"), (talk, prompt) -> { }).failOn(Awaited.text("never"));
            session.forgetStanding();
            if (count == 0) {
                session.tap(new TerminalTap() { });
                assertThrows(ExpectException.class, () -> session.sendSecret("s".toCharArray()), "it has echo on");
            }
            for (Callable<?> wait : count == 0 ? longWaits : waits) {
                found.addAndGet(inTurn(wait) instanceof Found ? 1 : 0);
            }
            assertTrue(session.process().isPresent() && session.toString().startsWith("Expect["));
            return count < ROUNDS;
        });
        assertTrue(found.get() > 0);
        interactIsRefusedWhileAnotherWaits(session);
        Crowd.run(THREADS, (number, count) -> {
            session.close();
            assertThrows(IOException.class, () -> session.send("x"));
            return false;
        });
        assertEquals(false, cat.isAlive());
    }

    /** Null if it met nothing, or another thread waits. */
    private static Object inTurn(Callable<?> wait) throws Exception {
        try {
            return wait.call();
        } catch (IllegalStateException another) {
            assertEquals("another wait of this session is in progress", another.getMessage());
            return null;
        } catch (ExpectException notFound) {
            return null;
        }
    }

    /** Otherwise it would take the terminal of this JVM. */
    private static void interactIsRefusedWhileAnotherWaits(Expect session) throws Exception {
        AtomicInteger refused = new AtomicInteger();
        session.drop();
        session.answer(Awaited.text("now"), (talk, prompt) -> {
            try {
                Crowd.run(THREADS, (number, count) -> {
                    assertThrows(IllegalStateException.class, () -> talk.interact((byte) 0x1d));
                    refused.incrementAndGet();
                    return false;
                });
            } catch (Exception wrong) {
                throw new AssertionError(wrong);
            }
        });
        session.send("now\n");
        Await.until("the prompt is met", () -> {
            session.poll(SHORT, Awaited.text("never"));
            return refused.get() >= THREADS;
        });
    }

    private static void sessionsOfTheirOwn() throws Exception {
        Crowd.run(THREADS, (number, count) -> {
            try (Expect echo = Expect.start("echo", "one"); PtyProcess process = PtyProcess.start("echo", "two");
                    PtyProcess third = PtyProcess.start("echo", "three"); Expect two = Expect.of(process); Expect three = Expect.of(third, OPTIONS)) {
                echo.expect("one");
                two.expect("two");
                three.expect("three", Await.DEADLINE);
            }
            try (PtyProcess process = PtyProcess.start("true"); Expect seen = Expect.of(process, four(), OPTIONS)) {
                seen.expect("four", Await.DEADLINE);
            }
            OutputStream out = OutputStream.nullOutputStream();
            try (Expect one = Expect.over(four(), out); Expect two = Expect.over(four(), out, OPTIONS);
                    Expect three = Expect.over(four(), out, size -> { }, OPTIONS)) {
                for (Expect each : List.of(one, two, three)) {
                    each.expect("four", Await.DEADLINE);
                }
            }
            return false;
        });
    }

    private static ByteArrayInputStream four() {
        return new ByteArrayInputStream("four".getBytes(StandardCharsets.US_ASCII));
    }

    /** One runs a command that reads a line of each of the others. */
    private static void shell(Path folder) throws Exception {
        Path begun = folder.resolve("begun");
        Shell shell = Shell.start(Shell.Kind.DASH, settings -> settings.directory(folder));
        Shell.start(Shell.Kind.DASH).close();
        Crowd.run(THREADS, (number, count) -> {
            if (number == 0) {
                assertEquals("done\n", last(shell.run("stty -echo; touch begun; for i in 1 2 3 4 5 6 7; do read x; done; echo done", Await.DEADLINE).output()));
                return false;
            }
            Await.until("the command runs", () -> Files.exists(begun));
            assertThrows(IllegalStateException.class, () -> shell.run("true"));
            assertTrue(shell.process().isAlive() && shell.toString().contains("running"));
            shell.send("y\r");
            return false;
        });
        Crowd.run(THREADS, (number, count) -> {
            shell.close();
            assertThrows(IOException.class, () -> shell.run("true"));
            return false;
        });
    }

    private static String last(String output) {
        return output.substring(output.lastIndexOf('\n', output.length() - 2) + 1);
    }
}
