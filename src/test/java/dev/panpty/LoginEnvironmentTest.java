package dev.panpty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.testing.EachWay;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.Locales;
import dev.panpty.testing.Namespace;
import dev.panpty.testing.Needs;
import dev.panpty.testing.OtherUser;
import dev.panpty.testing.Programs;
import dev.panpty.testing.Tools;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** HOME, USER, LOGNAME and SHELL of a user. */
@Timeout(60)
class LoginEnvironmentTest {

    private static final List<String> NAMES = List.of("HOME", "USER", "LOGNAME", "SHELL");

    /** Fields of passwd(5). */
    private static final int NAME = 0;
    private static final int UID = 2;
    private static final int HOME = 5;
    private static final int SHELL = 6;

    @TempDir
    Path folder;

    /** The account as /etc/passwd has it; skips the test if the account is not there. */
    private static Map<String, String> account(int field, String value) throws Exception {
        Optional<String[]> account = Files.readAllLines(Path.of("/etc/passwd"), Locales.ofNames()).stream()
                .map(line -> line.split(":", -1)).filter(fields -> fields.length > SHELL && fields[field].equals(value)).findFirst();
        Tools.skipUnless(account.isPresent(), "an account for " + value + " in /etc/passwd");
        return Map.of("HOME", account.get()[HOME], "USER", account.get()[NAME], "LOGNAME", account.get()[NAME], "SHELL", account.get()[SHELL]);
    }

    private static Map<String, String> login(PtyProcessBuilder builder) {
        Map<String, String> login = new HashMap<>(builder.environment());
        login.keySet().retainAll(NAMES);
        return login;
    }

    /** A builder whose map has none of the four variables. */
    private static PtyProcessBuilder builder() {
        PtyProcessBuilder builder = new PtyProcessBuilder("env");
        builder.environment().keySet().removeAll(NAMES);
        return builder;
    }

    @EachWay
    void withoutAUserTheLoginEnvironmentIsThatOfTheJvmsUser() throws Exception {
        Map<String, String> own = account(UID, Programs.output("id", "-u").strip());
        PtyProcessBuilder builder = builder().loginEnvironment();
        assertEquals(own, login(builder));
        List<String> seen = Programs.outputAsNames(builder).lines().toList();
        own.forEach((name, value) -> assertTrue(seen.contains(name + "=" + value), seen::toString));
    }

    @Test
    void theUserThatIsNamedCounts() throws Exception {
        Map<String, String> root = account(NAME, "root");
        assertEquals(root, login(builder().user("root").loginEnvironment()));
        assertEquals(root, login(builder().user(0).loginEnvironment()));
    }

    @Test
    void userAndLoginEnvironmentMayComeInEitherOrderAndTheLastUserCounts() throws Exception {
        Map<String, String> root = account(NAME, "root");
        Map<String, String> other = account(NAME, "nobody");
        assertEquals(root, login(builder().loginEnvironment().user("root")));
        assertEquals(other, login(builder().user("root").loginEnvironment().user("nobody")));
        assertEquals(root, login(builder().loginEnvironment().user("nobody").user(0)));
    }

    @Test
    void variablesPutAfterLoginEnvironmentStay() throws Exception {
        PtyProcessBuilder builder = builder().user("root").loginEnvironment();
        builder.environment().put("HOME", "/elsewhere");
        builder.environment().remove("SHELL");
        assertEquals(Map.of("HOME", "/elsewhere", "USER", "root", "LOGNAME", "root"), login(builder));
    }

    @Test
    void nothingElseOfTheEnvironmentChangesAndAUserAloneChangesNothing() {
        PtyProcessBuilder untouched = new PtyProcessBuilder("env");
        PtyProcessBuilder builder = new PtyProcessBuilder("env").user("root");
        assertEquals(untouched.environment(), builder.environment());
        builder.loginEnvironment();
        builder.environment().keySet().removeAll(NAMES);
        untouched.environment().keySet().removeAll(NAMES);
        assertEquals(untouched.environment(), builder.environment());
    }

    @Test
    void aUserWithoutAnAccountIsRefusedAndTheBuilderIsAsBefore() {
        PtyProcessBuilder before = builder().user("panpty-no-such-user");
        Map<String, String> none = login(before);
        IllegalArgumentException unknown = assertThrows(IllegalArgumentException.class, before::loginEnvironment);
        assertEquals("there is no account of the user panpty-no-such-user", unknown.getMessage());
        assertEquals(none, login(before));
        PtyProcessBuilder after = builder().user("root").loginEnvironment();
        Map<String, String> root = login(after);
        assertThrows(IllegalArgumentException.class, () -> after.user("panpty-no-such-user"));
        assertThrows(IllegalArgumentException.class, () -> after.user(Integer.MAX_VALUE - 7));
        assertEquals(root, login(after));
        assertEquals(root, login(after.user("root")));
    }

    @Test
    void anotherUserStartsWithItsLoginEnvironment() throws Exception {
        OtherUser.require();
        Map<String, String> nobody = account(NAME, "nobody");
        PtyProcessBuilder builder = new PtyProcessBuilder("sh", "-c", "echo $HOME $USER $LOGNAME $SHELL $(id -un)").user("nobody");
        assertEquals(nobody.get("HOME") + " nobody nobody " + nobody.get("SHELL") + " nobody\r\n", Programs.output(builder.loginEnvironment()));
    }

    /** With a user database of this JVM's own. */
    @Test
    @Needs({"unshare", "mount"})
    void emptyFieldsHaveDefaultsAndWhatIsNoTextIsRefused() throws Exception {
        ByteArrayOutputStream database = new ByteArrayOutputStream();
        database.write(Files.readAllBytes(Path.of("/etc/passwd")));
        database.write("panpty-bare:x:70001:70001:::\n".getBytes(StandardCharsets.US_ASCII));
        database.write("panpty-odd:x:70002:70002::/home/\u00e9:/bin/sh\n".getBytes(StandardCharsets.ISO_8859_1));
        database.write("panpty-utf:x:70003:70003::/home/\u00e9:/bin/sh\n".getBytes(StandardCharsets.UTF_8));
        Path file = Files.write(folder.resolve("passwd"), database.toByteArray());
        new ForkedJvm(OddAccounts.class).by(Namespace.after("mount --bind " + file + " /etc/passwd"))
                .variable("LC_ALL", "C.UTF-8").run();
    }

    /** Runs where the user database has accounts with empty and invalid fields. */
    public static final class OddAccounts implements ForkedJvm.Body {
        @Override
        public void run(String[] arguments) {
            assertEquals(Map.of("HOME", "/", "USER", "panpty-bare", "LOGNAME", "panpty-bare", "SHELL", "/bin/sh"),
                    login(builder().user("panpty-bare").loginEnvironment()));
            assertEquals("/home/\u00e9", login(builder().user(70003).loginEnvironment()).get("HOME"));
            PtyProcessBuilder odd = builder().user("panpty-odd");
            IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, odd::loginEnvironment);
            assertTrue(refused.getMessage().startsWith("home directory of panpty-odd is no text in UTF-8"), refused.getMessage());
            assertEquals(Map.of(), login(odd));
        }
    }
}
