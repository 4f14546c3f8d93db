package dev.panpty.sshd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.panpty.expect.Departure;
import dev.panpty.expect.Expect;
import dev.panpty.sshd.examples.RemoteShell;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A JVM in a pane of tmux puts a program of another host on its own terminal. */
@Timeout(120)
class InteractOverChannelTest {

    private static final byte ESCAPE = 0x1d;
    private static final String REMOTE = "trap 'echo changed $(stty size)' WINCH; echo began $(stty size); while :; do sleep 0.02; done";

    @TempDir
    Path folder;

    /** Arguments: the port, the file of its keys, and for the example a directory. */
    static final class Client {

        public static void main(String[] arguments) throws Exception {
            try (SshClient client = SshClient.setUpDefaultClient()) {
                client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
                try (ObjectInputStream keys = new ObjectInputStream(Files.newInputStream(Path.of(arguments[1])))) {
                    client.setKeyIdentityProvider(KeyIdentityProvider.wrapKeyPairs((KeyPair) keys.readObject()));
                }
                client.start();
                try (ClientSession session = client.connect(LoopbackServer.USER, "127.0.0.1", Integer.parseInt(arguments[0]))
                        .verify(RemoteProgram.LIMIT).getSession()) {
                    session.auth().verify(RemoteProgram.LIMIT);
                    if (arguments.length > 2) {
                        System.out.println(RemoteShell.interact(session, arguments[2]));
                    } else {
                        interactTwice(session);
                    }
                }
            }
        }

        private static void interactTwice(ClientSession session) throws Exception {
            try (ChannelExec channel = session.createExecChannel(REMOTE)) {
                channel.setUsePty(true);
                channel.setPtyColumns(81);
                channel.setPtyLines(25);
                channel.open().verify(RemoteProgram.LIMIT);
                try (Expect remote = ChannelExpect.over(channel)) {
                    remote.expect("began 25 81");
                    assertEquals(new Departure.Escaped(ESCAPE), remote.interact(ESCAPE));
                    remote.expect("changed 25 81\r\n");
                    System.out.println("former size");
                    System.out.println(remote.interact(ESCAPE));
                }
            }
        }
    }

    @BeforeEach
    void needsTmux() {
        Tools.need("tmux");
    }

    @Test
    void theRemoteWindowHasTheSizeOfThePaneWhileItIsThere() throws Exception {
        try (LoopbackServer server = LoopbackServer.open(folder); Tmux tmux = Tmux.start(folder, 30, 100, client(server))) {
            tmux.await("changed 30 100");
            tmux.resize(22, 77);
            tmux.await("changed 22 77");
            tmux.press("C-]");
            tmux.await("former size\nchanged 22 77");
            tmux.press("C-c");
            tmux.await("Ended[");
        }
    }

    @Test
    void theExampleShowsAShell() throws Exception {
        try (LoopbackServer server = LoopbackServer.open(folder, builder -> builder.shellCommand("sh").variable("PS1", "shell $ "));
                Tmux tmux = Tmux.start(folder, 30, 100, client(server, folder.toString()))) {
            tmux.await("cd ");
            tmux.type("pwd; stty size\n");
            tmux.await(folder + "\n30 100");
            tmux.press("C-]");
            tmux.await("Escaped[");
        }
    }

    private List<String> client(LoopbackServer server, String... more) throws IOException {
        Path keys = LoopbackServer.writeClientKeys(folder.resolve("keys"));
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                "-Djava.util.logging.config.file=" + System.getProperty("java.util.logging.config.file"),
                Client.class.getName(), Integer.toString(server.server().getPort()), keys.toString()));
        command.addAll(List.of(more));
        return command;
    }
}
