package dev.panpty.sshd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.panpty.TerminalTap;
import dev.panpty.expect.Expect;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A dialog with a program of another host, and a tap on it: MINA's client channel has streams, which {@code Expect.over} takes. */
@Timeout(60)
class ExpectOverChannelTest {

    @Test
    void aDialogOverAChannelIsAsOneWithAProgramOfThisMachine(@TempDir Path folder) throws Exception {
        ByteArrayOutputStream tapped = new ByteArrayOutputStream();
        try (LoopbackServer server = LoopbackServer.open(folder);
                ChannelExec channel = server.connect().createExecChannel("echo \"name?\"; read name; echo \"hello $name\"; exit 5")) {
            channel.setUsePty(true);
            channel.open().verify(RemoteProgram.LIMIT);
            try (Expect remote = Expect.over(channel.getInvertedOut(), channel.getInvertedIn()).tap(new TerminalTap() {
                @Override
                public void output(ByteBuffer data) {
                    byte[] bytes = new byte[data.remaining()];
                    data.get(bytes);
                    tapped.writeBytes(bytes);
                }
            })) {
                remote.expect("name?");
                remote.sendLine("Duke");
                remote.expect("hello Duke");
                remote.end();
            }
            channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), RemoteProgram.LIMIT);
            assertEquals(5, channel.getExitStatus());
            assertTrue(tapped.toString(StandardCharsets.UTF_8).endsWith("hello Duke\r\n"), tapped.toString(StandardCharsets.UTF_8));
        }
    }
}
