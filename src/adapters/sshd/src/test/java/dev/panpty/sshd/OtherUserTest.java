package dev.panpty.sshd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that runs as root starts programs as another user. */
@Timeout(60)
class OtherUserTest {

    private static final String WHO = "id -un; id -gn; pwd; echo $USER $HOME; kill -0 $PPID 2>/dev/null || echo harmless";

    private static void needRoot() {
        boolean isRoot = LoopbackServer.USER.equals("root");
        if (!isRoot && "required".equals(System.getProperty("panpty.rights"))) {
            Assertions.fail("the right to change the user is missing");
        }
        Assumptions.assumeTrue(isRoot, "the right to change the user is missing");
    }

    @Test
    void programsRunAsTheChosenUser(@TempDir Path folder) throws Exception {
        needRoot();
        Tools.need("setpriv", "setsid", "id");
        String expected = "nobody\nnogroup\n/\nnobody /nonexistent\nharmless\n";
        try (LoopbackServer server = LoopbackServer.open(folder, builder -> builder.user(session -> Optional.of("nobody")));
                RemoteProgram terminal = RemoteProgram.onTerminal(server.connect(), WHO);
                RemoteProgram pipes = RemoteProgram.onPipes(server.connect(), WHO)) {
            assertEquals(expected, terminal.awaitEnd().out().toString().replace("\r", ""));
            assertEquals(expected, pipes.awaitEnd().out().toString());
        }
    }

    @Test
    void aUserThatDoesNotExistIsToldAndGives126(@TempDir Path folder) throws Exception {
        try (LoopbackServer server = LoopbackServer.open(folder, builder -> builder.user(session -> Optional.of("no-such-user")))) {
            for (boolean onTerminal : new boolean[] {true, false}) {
                RemoteProgram program = RemoteProgram.start(server.connect(), WHO, channel -> channel.setUsePty(onTerminal));
                assertEquals(126, program.awaitEnd().status());
                assertTrue(program.err().toString().contains("no-such-user"), program.err().toString());
            }
        }
    }
}
