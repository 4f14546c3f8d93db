package dev.panpty.expect;

import static dev.panpty.expect.Awaited.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.ExitStatus;
import dev.panpty.PtyProcessBuilder;
import dev.panpty.Signal;
import dev.panpty.examples.Login;
import dev.panpty.testing.LoopbackSshd;
import dev.panpty.testing.Needs;
import dev.panpty.testing.OwnUser;
import dev.panpty.testing.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Logins by ssh to an sshd of the test's own. */
@Timeout(60)
@Needs({"ssh", "ssh-keygen", "sshd", "unshare"})
class SshTest {

    private static final String PASSPHRASE = "phrase of the test";

    @TempDir
    Path folder;

    private static Expect start(List<String> command) throws Exception {
        return Expect.start(new PtyProcessBuilder(command), ExpectOptions.defaults());
    }

    /** An sshd of root, which needs /run/sshd. One of another user may not give a terminal to the group tty. */
    private static List<String> withRunFolder() throws Exception {
        Tools.skipUnless(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "root, for an sshd that gives terminals");
        return List.of("unshare", "--mount", "sh", "-euc", "mount -t tmpfs tmpfs /run; mkdir /run/sshd; exec \"$@\"", "sh");
    }

    private String key() {
        return folder.resolve("key").toString();
    }

    private LoopbackSshd forOneself() throws Exception {
        LoopbackSshd.keygen("-f", key(), "-N", PASSPHRASE);
        Files.copy(folder.resolve("key.pub"), folder.resolve("authorized"));
        return new LoopbackSshd(folder, withRunFolder(), "PasswordAuthentication no", "PrintMotd no", "PrintLastLog no", "PermitRootLogin yes");
    }

    @Test
    void anUnknownHostKeyAndAPassphraseAreAskedForOnceEach() throws Exception {
        String user = System.getProperty("user.name");
        try (LoopbackSshd sshd = forOneself()) {
            List<String> login = new ArrayList<>(sshd.client(user, "-i", key(), "-t"));
            login.add("echo home: $((40+2)); exec cat");
            try (Expect session = start(login)) {
                session.expect("(yes/no/[fingerprint])? ");
                session.sendLine("yes");
                session.expect(Pattern.compile("Enter passphrase for key '.*': "));
                session.sendSecret(PASSPHRASE.toCharArray());
                session.expect("home: 42");
                session.sendLine("over there");
                session.expect("over there\r\nover there"); // the echo of the far terminal, which is not ours to drop
                session.send("\004");
                assertEquals(new ExitStatus.Exited(0), session.end());
            }
            try (Expect session = start(login)) { // now the host is known
                assertEquals(1, session.await(text("(yes/no"), text("Enter passphrase")).index());
            }
        }
    }

    @Test
    void theExampleLogsIn() throws Exception {
        try (LoopbackSshd sshd = forOneself()) {
            List<String> login = new ArrayList<>(sshd.client(System.getProperty("user.name"), "-i", key(), "-t"));
            login.add("echo here");
            try (Expect session = Login.login(login, PASSPHRASE.toCharArray())) {
                session.expect("here");
            }
        }
    }

    @Test
    void aConnectionThatIsCutInMidDialogCanBeDialledAgain() throws Exception {
        String user = System.getProperty("user.name");
        try (LoopbackSshd sshd = forOneself()) {
            List<String> login = new ArrayList<>(sshd.client(user, "-i", key(), "-tt", "-o", "StrictHostKeyChecking=accept-new"));
            login.add("printf 'name: '; read x; echo hello $x");
            for (int round = 0; round < 2; round++) {
                try (Expect session = start(login)) {
                    session.expect("Enter passphrase");
                    session.expect(": ");
                    session.sendSecret(PASSPHRASE.toCharArray());
                    session.expect("name: ");
                    if (round == 0) {
                        session.process().orElseThrow().signal(Signal.KILL);
                        assertTrue(assertThrows(EndedException.class, () -> session.expect("hello")).status().orElseThrow() instanceof ExitStatus.Signaled);
                    } else {
                        session.sendLine("duke");
                        session.expect("hello duke");
                    }
                }
            }
        }
    }

    @Test
    @Needs({"ssh", "ssh-keygen", "sshd", "unshare", "setpriv", "sudo"})
    void aPasswordAndSudoAtTheFarEnd() throws Exception {
        OwnUser user = new OwnUser(folder);
        try (LoopbackSshd sshd = new LoopbackSshd(folder, user.asRoot(), "PasswordAuthentication yes", "KbdInteractiveAuthentication no", "UsePAM yes",
                "PrintMotd no", "PrintLastLog no")) {
            List<String> login = new ArrayList<>(sshd.client(OwnUser.NAME, "-t", "-o", "StrictHostKeyChecking=accept-new",
                    "-o", "PreferredAuthentications=password")); // PAM asks in its own words
            login.add("echo as $(id -un); sudo -p 'sudo wants: ' id -un");
            try (Expect session = start(login)) {
                session.expect(Pattern.compile("password: $"));
                session.sendSecret("wrong".toCharArray());
                session.expect("password: ");
                session.sendSecret(OwnUser.PASSWORD.toCharArray());
                session.expect("as " + OwnUser.NAME);
                session.expect("sudo wants: ");
                session.sendSecret(OwnUser.PASSWORD.toCharArray());
                session.expect("root");
                assertEquals(new ExitStatus.Exited(0), session.end());
            }
        }
    }
}
