package dev.panpty.sshd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.sshd.examples.TerminalServer;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The README's programs are as printed there, and the server works; {@link InteractOverChannelTest} runs the client. */
@Timeout(120)
class ReadmeTest {

    private static final Path MODULE = Path.of(System.getProperty("panpty.basedir"), "src/adapters/sshd");

    @ParameterizedTest
    @ValueSource(strings = {"TerminalServer", "RemoteShell"})
    void theReadmeShowsTheExampleAsItIs(String example) throws Exception {
        String program = Files.readString(MODULE.resolve("src/test/java/dev/panpty/sshd/examples/" + example + ".java"));
        String method = program.substring(program.indexOf("    public static "), program.lastIndexOf("}"));
        String shown = "```java\n" + method.replaceAll("(?m)^    ", "") + "```\n";
        assertTrue(Files.readString(MODULE.resolve("README.md")).contains(shown), "README.md does not contain\n" + shown);
    }

    @Test
    void theServerGivesATerminal(@TempDir Path folder) throws Exception {
        Tools.need("ssh", "ssh-keygen", "tty");
        Path key = folder.resolve("key");
        Command.run(List.of("ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f", key.toString())).succeeded();
        Process server = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), TerminalServer.class.getName(),
                folder.resolve("host").toString(), key + ".pub", "0").redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (BufferedReader out = server.inputReader()) {
            String[] printed = out.readLine().split(" ");
            List<String> client = new ArrayList<>(List.of("ssh", "-F", "/dev/null", "-o", "UserKnownHostsFile=" + folder.resolve("known"),
                    "-o", "StrictHostKeyChecking=no", "-o", "IdentityFile=" + key, "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes"));
            client.addAll(List.of(printed).subList(1, printed.length));
            client.addAll(List.of("-tt", "tty; exit 7"));
            Command.Run run = Command.run(client);
            assertEquals(7, run.status(), run.err());
            assertTrue(run.text().startsWith("/dev/pts/"), run.text());
        } finally {
            server.destroy();
        }
    }
}
