package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.TerminalAttributes.LocalFlag;
import dev.panpty.testing.Await;
import dev.panpty.testing.DoublePrompt.Style;
import dev.panpty.testing.DoublePrompts;
import dev.panpty.testing.EachWay;
import dev.panpty.testing.Needs;
import dev.panpty.testing.Programs;
import dev.panpty.testing.ProtocolRecorder;
import dev.panpty.testing.Screen;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** awaitPasswordPrompt with programs that ask more than once. */
@Timeout(120)
class PasswordPromptTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final int ROUNDS = 4;

    @TempDir
    Path folder;

    private void noPromptIsMissed(DoublePrompts program) throws Exception {
        for (Style style : Style.values()) {
            assertEquals(0, program.in(folder).misses(ROUNDS, style), style::toString);
        }
    }

    @Test
    @Needs("python3")
    void getpassAsksTwice() throws Exception {
        noPromptIsMissed(DoublePrompts.PYTHON);
    }

    @Test
    void readpassphraseAsksTwice() throws Exception {
        noPromptIsMissed(DoublePrompts.READPASSPHRASE);
    }

    @Test
    void getpassOfTheCLibraryAsksTwice() throws Exception {
        noPromptIsMissed(DoublePrompts.GETPASS);
    }

    @Test
    void aPromptThatComesBeforeTheEchoIsOffIsNotTakenForTheNext() throws Exception {
        noPromptIsMissed(DoublePrompts.SLEEPING_EARLY);
    }

    @Test
    void aProgramThatRestsBetweenItsStepsAsksTwice() throws Exception {
        noPromptIsMissed(DoublePrompts.SLEEPER);
    }

    @Test
    void anEchoThatStaysOffFromPromptToPromptIsTwoPrompts() throws Exception {
        noPromptIsMissed(DoublePrompts.ONCE);
    }

    @Test
    @Needs("bash")
    void readWithoutEchoAsksTwice() throws Exception {
        noPromptIsMissed(DoublePrompts.BASH);
    }

    @EachWay
    void anUnansweredPromptIsThereAtOnceAgainAndAnAnsweredOneIsNot() throws Exception {
        try (Screen screen = new Screen(Programs.sh("stty -echo; printf 'First: '; read a; read b; echo; printf 'Second: '; read c; "
                + "stty echo; echo over; read d"))) {
            PtyProcess process = screen.process();
            assertTrue(process.awaitPasswordPrompt(LONG));
            assertTrue(process.awaitPasswordPrompt(Duration.ZERO));
            screen.await("First: ").type("no line end");
            assertTrue(process.awaitPasswordPrompt(Duration.ZERO));
            screen.type("\n");
            assertFalse(process.awaitPasswordPrompt(SHORT)); // the answer is read, but no output has come since
            screen.type("\n");
            assertTrue(process.awaitPasswordPrompt(LONG));
            screen.await("Second: ").type("\n").await("over");
            assertFalse(process.awaitPasswordPrompt(SHORT));
        }
    }

    /** A byte ends a line if the kernel treats it as an end: VEOL2 does not end a line without IEXTEN. */
    @EachWay
    void aByteThatEndsNoLineIsNoAnswer() throws Exception {
        try (Screen screen = new Screen(Programs.sh("stty -echo -iexten eol2 x; printf 'First: '; read a; stty echo; echo \"got <$a>\"; read b"))) {
            PtyProcess process = screen.process();
            assertTrue(process.awaitPasswordPrompt(LONG));
            screen.await("First: ").type("x");
            assertTrue(process.awaitPasswordPrompt(Duration.ZERO));
            screen.type("\n").await("got <x>");
            assertFalse(process.awaitPasswordPrompt(Duration.ZERO));
        }
    }

    /** Output that was written before the answer does not indicate the next prompt. */
    @EachWay
    void linesThatWereNotYetReadAtTheAnswerAreNotTheNextPrompt() throws Exception {
        Path go = folder.resolve("go");
        try (PtyProcess process = Programs.sh("stty -echo; echo one; echo two; printf 'First: '; read a; " + Programs.until(go)
                + "; echo; printf 'Second: '; read b; stty echo")) {
            assertTrue(process.awaitPasswordPrompt(LONG));
            Await.until("the prompt is there", () -> process.getInputStream().available() >= "one\r\ntwo\r\nFirst: ".length());
            process.getOutputStream().write('\n');
            assertFalse(process.awaitPasswordPrompt(SHORT));
            Files.createFile(go);
            assertTrue(process.awaitPasswordPrompt(LONG));
        }
    }

    @EachWay
    void aLineTypedAheadIsTheAnswerToThePromptThatIsThere() throws Exception {
        Path go = folder.resolve("go");
        try (Screen screen = new Screen(Programs.sh("stty -echo; echo ready; " + Programs.until(go)
                + "; read a; echo; printf 'Second: '; read b"))) {
            screen.await("ready");
            screen.type("typed ahead\n");
            assertFalse(screen.process().awaitPasswordPrompt(SHORT));
            Files.createFile(go);
            assertTrue(screen.process().awaitPasswordPrompt(LONG));
            screen.await("Second: ");
        }
    }

    /** The program may handle the signal late; until then the terminal is as before. */
    @Test
    @Needs("bash")
    void aPromptThatWasInterruptedIsNotThereAnyMore() throws Exception {
        try (Screen screen = new Screen(PtyProcess.start("bash", "--norc", "--noprofile", "-i"))) {
            PtyProcess shell = screen.process();
            for (int i = 0; i < ROUNDS; i++) {
                screen.type("read -s -p 'Pass''word: ' x\n").await("Password: ");
                assertTrue(shell.awaitPasswordPrompt(LONG));
                if (i % 2 == 0) {
                    shell.interrupt();
                } else {
                    screen.type("\3");
                }
                assertFalse(shell.awaitPasswordPrompt(Duration.ofMillis(100)));
                screen.type("echo in the sh\"\"ell\n").await("in the shell");
            }
        }
    }

    @Test
    @Needs("python3")
    void aProgramThatAsksAgainAfterAnInterruptMissesNoAnswer() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            try (Screen screen = new Screen(PtyProcess.start("python3", "-c", "from getpass import getpass\nwhile True:\n  try:\n"
                    + "    print('got <%s>' % getpass())\n    break\n  except KeyboardInterrupt:\n    print('again')"))) {
                assertTrue(screen.process().awaitPasswordPrompt(LONG));
                if (i % 2 == 0) {
                    screen.process().interrupt();
                } else {
                    screen.type("\3");
                }
                assertTrue(screen.process().awaitPasswordPrompt(LONG));
                screen.type("secret\n").await("got <secret>");
            }
        }
    }

    @EachWay
    void aPromptThatHeedsNoInterruptIsThereStill() throws Exception {
        try (Screen screen = new Screen(Programs.sh("trap '' INT; stty -echo; printf 'Password: '; read a; stty echo; echo \"got <$a>\"; read b"))) {
            screen.await("Password: ");
            assertTrue(screen.process().awaitPasswordPrompt(LONG));
            screen.process().interrupt();
            assertTrue(screen.process().awaitPasswordPrompt(LONG));
            screen.type("secret\n").await("got <secret>");
        }
    }

    /** A negative time is over already. */
    @Test
    void aTimeThatIsOverOnlyPolls() throws Exception {
        try (PtyProcess process = PtyProcess.start("cat")) {
            for (Duration over : new Duration[] {Duration.ofNanos(-1), Duration.ofNanos(Long.MIN_VALUE), Duration.ofSeconds(Long.MIN_VALUE)}) {
                assertFalse(process.awaitPasswordPrompt(over));
                assertFalse(process.awaitEcho(false, over));
                assertTrue(process.awaitEcho(true, over));
            }
        }
    }

    @EachWay
    void anEchoThatWeSwitchedOffIndicatesNoPrompt() throws Exception {
        PtyProcessBuilder silent = new PtyProcessBuilder("sh", "-c", "read a; stty echo; echo on; read b; stty -echo; echo off; read c")
                .attributes(TerminalAttributes.cooked().withEcho(false));
        try (Screen screen = new Screen(silent.start())) {
            PtyProcess process = screen.process();
            String why = assertThrows(IllegalStateException.class, () -> process.awaitPasswordPrompt(LONG)).getMessage();
            assertTrue(why.contains("wait for the text"), why);
            screen.type("\n").await("on");
            assertFalse(process.awaitPasswordPrompt(Duration.ZERO));
            screen.type("\n").await("off");
            assertTrue(process.awaitPasswordPrompt(LONG)); // the program switched it off
            process.attributes(process.attributes().with(LocalFlag.TOSTOP, true)); // does not change the echo
            assertTrue(process.awaitPasswordPrompt(LONG));
            process.attributes(process.attributes().withEcho(true));
            assertFalse(process.awaitPasswordPrompt(Duration.ZERO));
            process.attributes(process.attributes().withEcho(false));
            assertThrows(IllegalStateException.class, () -> process.awaitPasswordPrompt(LONG));
        }
    }

    @Test
    void anEchoThatWasOffInAGivenTerminalIndicatesNoPrompt() throws Exception {
        Pty pty = Pty.open();
        pty.attributes(pty.attributes().withEcho(false));
        try (PtyProcess process = new PtyProcessBuilder("sh", "-c", "read a").pty(pty).start()) {
            assertThrows(IllegalStateException.class, () -> process.awaitPasswordPrompt(LONG));
        }
    }

    /** An answer that is pending in the queue counts as an answer. */
    @Test
    void inEventStyleAnAnswerThatIsNotYetWrittenCounts() throws Exception {
        ProtocolRecorder recorder = new ProtocolRecorder();
        try (PtyProcess process = new PtyProcessBuilder("sh", "-c", "stty -echo; echo ready; "
                + "while read line; test \"$line\" != last; do :; done; echo over; stty echo; read y").start(recorder)) {
            recorder.awaitOutput("ready");
            assertTrue(process.awaitPasswordPrompt(LONG));
            process.write(("line\n".repeat(20_000) + "last\n").getBytes(StandardCharsets.US_ASCII));
            assertFalse(process.awaitPasswordPrompt(Duration.ZERO));
            recorder.awaitOutput("over");
        }
    }
}
