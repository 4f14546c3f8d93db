package dev.panpty.expect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.ExitStatus;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.TerminalAttributes.LocalFlag;
import dev.panpty.TerminalTap;
import dev.panpty.cast.Recorder;
import dev.panpty.testing.Needs;
import dev.panpty.testing.OwnUser;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Passwords of real programs, and where they must not appear. */
@Timeout(60)
class SecretTest {

    private static final int REPETITIONS = 200;

    @TempDir
    Path folder;

    private static Expect start(List<String> command) throws Exception {
        return Expect.start(new PtyProcessBuilder(command), ExpectOptions.defaults());
    }

    private static char[] password() {
        return OwnUser.PASSWORD.toCharArray();
    }

    @Test
    void theArrayIsClearedInEveryCase() throws Exception {
        ExpectOptions hasty = ExpectOptions.defaults().withTimeout(Duration.ofMillis(200));
        try (Expect session = Expect.start(new PtyProcessBuilder("cat"), hasty)) {
            char[] late = password();
            ExpectTimeoutException thrown = assertThrows(ExpectTimeoutException.class, () -> session.sendSecret(late));
            assertTrue(thrown.getMessage().contains("nothing was typed") && thrown.getMessage().contains("echo on"), thrown::getMessage);
            assertFalse(thrown.toString().contains(OwnUser.PASSWORD));
            assertArrayEquals(new char[late.length], late);
            assertEquals("", session.drop());
        }
    }

    @Test
    void aSecretWaitsUntilEchoIsOff() throws Exception {
        try (Expect session = Expect.start("sh", "-c", "printf 'password: '; sleep 0.2; stty -echo; read x; stty echo; echo; echo got $x")) {
            session.expect("password: ");
            session.sendSecret("abc".toCharArray());
            assertEquals("\r\ngot ", session.expect("abc").before());
        }
    }

    @Test
    void controlCharactersThatTheTerminalWouldEatAreRefused() throws Exception {
        try (Expect session = Expect.start("sh", "-c", "stty -echo; printf 'password: '; read x; echo got $x")) {
            session.expect("password: ");
            for (String each : List.of("a\003b", "a\025", "\004", "a\nb", "a\177")) {
                char[] secret = each.toCharArray();
                IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> session.sendSecret(secret));
                assertTrue(refused.getMessage().contains("nothing was typed"));
                assertArrayEquals(new char[secret.length], secret);
            }
            session.sendSecret("b\001c".toCharArray());
            session.expect("got b\001c");
        }
    }

    @Test
    void tapsKnowASecret() throws Exception {
        List<String> inputs = Collections.synchronizedList(new ArrayList<>());
        try (Expect session = Expect.start("sh", "-c", "printf 'user: '; read x; stty -echo; printf 'password: '; read y; echo bye")) {
            session.tap(new TerminalTap() {
                @Override
                public void input(ByteBuffer data, boolean secret) {
                    inputs.add((secret ? "secret " : "") + StandardCharsets.UTF_8.decode(data));
                }
            });
            session.expect("user: ");
            session.sendLine("duke");
            session.expect("password: ");
            session.sendSecret("x1".toCharArray());
            session.expect("bye");
        }
        assertEquals(List.of("duke\r", "secret x1\r"), inputs);
    }

    /** A terminal behind the first one asks, as that of ssh at the far end: the modes here show no prompt. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Needs("script")
    void noRecorderKeepsWhatSendSecretTypesAtASecondTerminal(boolean atTheSession) throws Exception {
        Path file = folder.resolve("recording");
        Path far = Files.writeString(folder.resolve("far"),
                "printf 'user: '; read x; stty -echo; printf 'password: '; read y; stty echo; echo; echo length ${#y}; read z");
        Recorder recorder = Recorder.to(file).input();
        PtyProcessBuilder builder = new PtyProcessBuilder("script", "-q", "-c", "sh " + far, "/dev/null");
        try (Expect session = Expect.start(atTheSession ? builder : builder.tap(recorder), ExpectOptions.defaults())) {
            if (atTheSession) {
                session.tap(recorder);
            }
            session.expect("user: ");
            session.sendLine("duke");
            session.expect("password: ");
            assertFalse(session.process().orElseThrow().attributes().has(LocalFlag.ICANON), "it is the mode of a second terminal");
            session.sendSecret("Tr0ub4dor".toCharArray());
            session.expect("length 9");
            session.sendLine("behind it");
            session.end();
        }
        recorder.close();
        String kept = Files.readString(file);
        assertFalse(kept.contains("Tr0ub4dor"), kept);
        assertTrue(kept.contains("\"duke\\r\"") && kept.contains("\"behind it\\r\""), kept);
    }

    @Test
    void twoHundredDialogsOfTwoPromptsMissNothing() throws Exception {
        String script = "i=0; while [ $i -lt " + REPETITIONS + " ]; do printf 'Login %d: ' $i; read u; stty -echo; printf 'Password: '; read p; "
                + "stty echo; echo; echo \"<$u $p>\"; i=$((i+1)); done";
        try (Expect session = Expect.start("sh", "-c", script)) {
            for (int i = 0; i < REPETITIONS; i++) {
                session.expect("Login " + i + ": ");
                session.sendLine("u" + i);
                assertEquals("", session.expect("Password: ").before());
                session.sendSecret(("p" + i).toCharArray());
                assertEquals("u" + i + " p" + i, session.expect(Pattern.compile("\\r\\n<(.*?)>\\r\\n")).group(1).orElseThrow());
            }
            assertEquals(new ExitStatus.Exited(0), session.end());
        }
    }

    @Test
    @Needs("python3")
    void aSecondPromptOfGetpassIsAnsweredToo() throws Exception {
        String script = "import getpass\na = getpass.getpass('one: ')\nb = getpass.getpass('two: ')\nprint('<' + a + b + '>')";
        try (Expect session = Expect.start("python3", "-c", script)) {
            session.sendSecret("a1".toCharArray()); // without waiting for the text
            session.sendSecret("b2".toCharArray());
            session.expect("<a1b2>");
        }
    }

    @Test
    @Needs({"unshare", "setpriv", "passwd"})
    void passwdChangesThePasswordOfAUserInANamespace() throws Exception {
        try (Expect session = start(new OwnUser(folder).asUser("sh", "-c", "passwd && exec passwd"))) {
            session.expect("Current password: ");
            session.sendSecret(password());
            session.expect("New password: ");
            session.sendSecret("Xq7-other-one".toCharArray());
            session.expect("Retype new password: ");
            session.sendSecret("Xq7-other-one".toCharArray());
            session.expect("password updated successfully");
            session.expect("Current password: ");
            session.sendSecret("Xq7-other-one".toCharArray());
            session.expect("New password: ");
            session.process().orElseThrow().destroyForcibly(); // it ignores the signals before that
        }
    }

    @Test
    @Needs({"unshare", "setpriv", "sudo"})
    void sudoWithATerminalOfItsOwnAsksAndItsProgramAsks() throws Exception {
        String script = "printf 'inner: '; stty -echo; read x; stty echo; echo; echo \"uid $(id -u) $x\"";
        try (Expect session = start(new OwnUser(folder).asUser("sudo", "-p", "outer: ", "sh", "-c", script))) {
            session.expect("outer: ");
            session.sendSecret("wrong".toCharArray());
            session.expect("outer: ");
            session.sendSecret(password());
            session.expect("inner: ");
            session.sendSecret("second".toCharArray()); // behind the terminal of sudo: ICANON and ECHO are off here
            session.expect("uid 0 second");
            assertEquals(new ExitStatus.Exited(0), session.end());
        }
    }
}
