package dev.panpty.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.expect.Expect;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** Tests that fail, run by {@link RedTest} alone. */
final class RedCases {

    static final String GREEN_THEN_ASKS = "printf '\\033[1;32mDone\\033[m 3 of 4\\r\\nName: '; read name";

    private static final Duration LONG = Duration.ofSeconds(30);

    private RedCases() {}

    static class MissingText {
        @Test @Terminal(command = {"sh", "-c", GREEN_THEN_ASKS}, rows = 4, columns = 30, limitMillis = 2000)
        void awaitsWhatDoesNotCome(TestTerminal t) {
            t.awaitText("Done", LONG);
            t.type("Duke");
            t.awaitText("Hello");
        }
    }

    static class PlainAssertion {
        @Test @Terminal(command = {"sh", "-c", GREEN_THEN_ASKS}, rows = 4, columns = 30)
        void comparesAValue(TestTerminal t, TerminalStarter starter) throws IOException {
            t.awaitText("Name: ");
            starter.start("echo", "another").awaitExit(0);
            assertEquals("Hello", t.screen().line(1));
        }
    }

    static class DeadProgram {
        @Test @Terminal(command = {"sh", "-c", "echo sorry; exit 7"}, limitMillis = 3_600_000)
        void awaitsText(TestTerminal t) {
            t.awaitText("ready");
        }

        @Test @Terminal(command = {"sh", "-c", "echo sorry; exit 7"}, limitMillis = 3_600_000)
        void awaitsOutput(TestTerminal t) {
            t.output().await("ready");
        }

        @Test @Terminal(command = {"sh", "-c", "echo sorry; exit 7"}, limitMillis = 3_600_000)
        void awaitsAbsence(TestTerminal t) {
            t.awaitAbsent("sorry");
        }

        @Test @Terminal(command = {"sh", "-c", "echo sorry; exit 7"}, limitMillis = 3_600_000)
        void expectsAnotherCode(TestTerminal t) {
            t.awaitExit(0);
        }

        @Test @Terminal(command = {"sh", "-c", "echo sorry; kill -TERM $$"}, limitMillis = 3_600_000)
        void types(TestTerminal t) {
            t.awaitExit(143);
            t.type("too late");
        }

        /** The shell has exited, and a process in the background holds the terminal. */
        @Test @Terminal(command = {"bash", "-c", "trap '' HUP; sleep 86400 & echo sorry; exit 7"}, limitMillis = 3_600_000)
        void awaitsWhileAnotherHoldsTheTerminal(TestTerminal t) {
            t.awaitText("ready");
        }
    }

    static class TimeLimit {
        @Test @Timeout(value = 1, unit = TimeUnit.SECONDS) @Terminal(command = "cat", limitMillis = 3_600_000)
        void isInterrupted(TestTerminal t) {
            t.awaitText("never");
        }

        @Test @Terminal(command = {"sh", "-c", "trap '' HUP TERM INT; stty raw; echo raw; sleep 86401"}, limitMillis = 500)
        void typesMoreThanTheProgramReads(TestTerminal t) {
            t.awaitText("raw", LONG);
            t.type("x".repeat(1 << 20));
        }

        @Test @Terminal(command = {"sh", "-c", "while :; do i=$((i + 1)); printf '\\r%d' $i; done"}, limitMillis = 500, settledMillis = 60_000)
        void neverSettles(TestTerminal t) {
            t.awaitSettled();
        }
    }

    /** The program prints 60 times a. The separate thread keeps a search without an end from holding JUnit. */
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    @Terminal(command = {"sh", "-c", "printf '%060d' 0 | tr 0 a; read line"}, limitMillis = 1000)
    static class HopelessPattern {
        private static final Pattern HOPELESS = Pattern.compile("(a|aa)+\\1b");

        @Test
        void isAwaited(TestTerminal t) {
            t.awaitText("aaa", LONG);
            t.awaitMatch(HOPELESS);
        }

        @Test
        void isAwaitedInARow(TestTerminal t) {
            t.awaitText("aaa", LONG);
            t.awaitMatch(Region.line(0), HOPELESS);
        }

        @Test
        void mustBeAbsent(TestTerminal t) {
            t.awaitText("aaa", LONG);
            t.awaitAbsent(HOPELESS);
        }

        @Test @Terminal(command = {"sh", "-c", "printf '%0100000d' 0; read line"}, rows = 1000, columns = 200)
        void needsALargeStack(TestTerminal t) {
            t.output().await("0".repeat(100_000));
            t.awaitMatch(Pattern.compile("(?:0|\n)*c"));
        }

        @Test @Terminal(command = {"sh", "-c", "printf '%060d' 0 | tr 0 a; read line"}, limitMillis = 3_600_000)
        @Timeout(value = 1, threadMode = Timeout.ThreadMode.SAME_THREAD)
        void isInterrupted(TestTerminal t) {
            t.awaitText("aaa", LONG);
            t.awaitMatch(HOPELESS);
        }
    }

    static class Secret {
        @Test @Terminal(command = {"sh", "-c", "stty -echo; printf 'Password: '; read secret; stty echo; echo; echo thanks; read more"}, limitMillis = 1000)
        void typesAPassword(TestTerminal t) {
            t.awaitText("Password: ", LONG);
            t.type("xyzzy\r").awaitText("thanks", LONG);
            t.awaitText("never");
        }
    }

    static class Dynamic {
        @TestFactory @Terminal(command = {"sh", "-c", GREEN_THEN_ASKS}, rows = 4, columns = 30)
        Stream<DynamicTest> compares(TestTerminal t) {
            return Stream.of("Hello", "Name:").map(line -> DynamicTest.dynamicTest(line, () -> {
                t.awaitText("Name: ");
                assertEquals(line, t.screen().line(1));
            }));
        }
    }

    /** Leaves a process in the background, one that ignores signals, one in a session of its own, and a daemon. */
    static class Leaving {

        @Test @Terminal(command = {"bash", "-c", "sleep 86411 & (trap '' HUP TERM INT; sleep 86412 & wait) & setsid sleep 86413 & "
                + "(setsid sh -c 'sleep 86414 <&- >&- 2>&- &' &); echo made; exec sleep 86415"})
        void fails(TestTerminal t) throws InterruptedException {
            t.awaitText("made");
            RedTest.awaitSleepers(t);
            throw new IllegalStateException("red");
        }

        @AfterEach
        void theTerminalIsStillThere(TestTerminal t) {
            if (t.process().isAlive()) {
                throw new IllegalStateException("alive in @AfterEach");
            }
        }
    }

    /** Leaves children that have changed HOME, and daemons with the HOME of the annotation. */
    static class LeavingWithAnotherHome {
        @Test @Terminal(command = {"bash", "-c", "HOME=/ setsid sleep 86411 & (setsid -f sleep 86412); env -i setsid sleep 86413 & "
                + "(setsid sh -c 'sleep 86414 <&- >&- 2>&- &' &); echo made; exec sleep 86415"}, environment = "HOME=/tmp")
        void fails(TestTerminal t) throws InterruptedException {
            t.awaitText("made");
            RedTest.awaitSleepers(t);
            throw new IllegalStateException("red");
        }
    }

    static class Aborted {
        @Test @Terminal(command = "cat")
        void isNoFailure(TestTerminal t) {
            Assumptions.abort("not here");
        }
    }

    static class Dialog {
        @Test @Terminal(command = {"sh", "-c", "echo sorry; exit 7"})
        void awaits(Expect e) throws IOException {
            e.expect("ready");
        }
    }

    static class DialogThatTypes {
        @Test @Terminal(command = {"sh", "-c", "printf 'name: '; read name; stty -echo; printf 'password: '; read word; echo sorry; exit 7"})
        void awaits(TestTerminal t, Expect e) throws IOException {
            e.expect("name: ");
            e.sendLine("Duke");
            e.expect("password: ");
            e.sendSecret("xyzzy".toCharArray());
            t.awaitText("ready");
        }
    }

    static class NoSuchProgram {
        @Test @Terminal(command = "no-such-program-here")
        void cannotStart(TestTerminal t) {}
    }

    @Terminal
    static class NoCommand {
        @Test
        void needsOne(TestTerminal t) {}
    }

    @Terminal(command = "cat")
    static class BeforeAllTests {
        @BeforeAll
        static void hasNoTerminal(TestTerminal t) {}

        @Test
        void isNotRun() {}
    }
}
