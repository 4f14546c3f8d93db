package dev.panpty.sshd.examples;

import dev.panpty.sshd.PtyCommandFactory;
import java.nio.file.Path;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.config.keys.AuthorizedKeysAuthenticator;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;

/** An SSH server on loopback: {@code TerminalServer host-key-file authorized-keys-file port}. */
public final class TerminalServer {

    private TerminalServer() {}

    public static void main(String[] arguments) throws Exception {
        SshServer server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        server.setPort(Integer.parseInt(arguments[2]));
        server.setKeyPairProvider(new SimpleGeneratorHostKeyProvider(Path.of(arguments[0])));
        server.setPublickeyAuthenticator(new AuthorizedKeysAuthenticator(Path.of(arguments[1])));
        PtyCommandFactory.builder().acceptVariables("LANG", "LC_*").build().install(server);
        server.start();
        System.out.println("ssh -p " + server.getPort() + " 127.0.0.1");
        Thread.currentThread().join();
    }
}
