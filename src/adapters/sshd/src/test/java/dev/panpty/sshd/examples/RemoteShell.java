package dev.panpty.sshd.examples;

import dev.panpty.expect.Departure;
import dev.panpty.expect.Expect;
import dev.panpty.sshd.ChannelExpect;
import java.io.IOException;
import org.apache.sshd.client.channel.ChannelShell;
import org.apache.sshd.client.session.ClientSession;

/** A shell of another host on the terminal of this JVM. */
public final class RemoteShell {

    private RemoteShell() {}

    /**
     * Changes the directory, then leaves the shell to the person at the terminal.
     *
     * @param session with the other host, authenticated
     * @param directory there
     * @return why it has ended
     * @throws IOException if the connection fails, or this JVM has no terminal
     */
    public static Departure interact(ClientSession session, String directory) throws IOException {
        try (ChannelShell channel = session.createShellChannel()) {
            channel.open().verify();
            try (Expect remote = ChannelExpect.over(channel)) {
                remote.expect("$ ");
                remote.sendLine("cd " + directory);
                return remote.interact((byte) 0x1d); // until ^]
            }
        }
    }
}
