package dev.panpty.sshd;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;

/** A server on loopback with keys of its own, and clients for it: MINA's, and the command line of OpenSSH's. */
final class LoopbackServer implements AutoCloseable {

    static final String USER = System.getProperty("user.name");

    private static final KeyPair HOST = newPair();
    private static final KeyPair CLIENT = newPair();
    private static final long LIMIT_MILLIS = 30_000;

    private final SshServer server = SshServer.setUpDefaultServer();
    private final SshClient client = SshClient.setUpDefaultClient();
    private final Path identity;
    private final Path folder;

    private LoopbackServer(Path folder) throws IOException {
        this.folder = folder;
        identity = folder.resolve("identity");
        if (!Files.exists(identity)) {
            Files.createFile(identity, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(identity, "-----BEGIN PRIVATE KEY-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(CLIENT.getPrivate().getEncoded())
                    + "\n-----END PRIVATE KEY-----\n");
        }
    }

    static LoopbackServer open(Path folder) throws IOException {
        return open(folder, builder -> {});
    }

    static LoopbackServer open(Path folder, Consumer<PtyCommandFactory.Builder> settings) throws IOException {
        LoopbackServer opened = new LoopbackServer(folder);
        PtyCommandFactory.Builder builder = PtyCommandFactory.builder().shell("/bin/sh");
        settings.accept(builder);
        builder.build().install(opened.server);
        opened.server.setHost("127.0.0.1");
        opened.server.setKeyPairProvider(KeyPairProvider.wrap(HOST));
        opened.server.setPublickeyAuthenticator((user, key, session) -> KeyUtils.compareKeys(key, CLIENT.getPublic()));
        opened.server.start();
        opened.client.setServerKeyVerifier((session, address, key) -> KeyUtils.compareKeys(key, HOST.getPublic()));
        CoreModuleProperties.TCP_NODELAY.set(opened.client, true);
        opened.client.start();
        return opened;
    }

    private static KeyPair newPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    SshServer server() {
        return server;
    }

    ClientSession connect() throws IOException {
        ClientSession session = client.connect(USER, "127.0.0.1", server.getPort()).verify(LIMIT_MILLIS).getSession();
        session.addPublicKeyIdentity(CLIENT);
        session.auth().verify(LIMIT_MILLIS);
        return session;
    }

    /** Writes the keys of a client for a JVM of its own. */
    static Path writeClientKeys(Path file) throws IOException {
        try (ObjectOutputStream out = new ObjectOutputStream(Files.newOutputStream(file))) {
            out.writeObject(CLIENT);
        }
        return file;
    }

    /** The options that make a client of OpenSSH use nothing of the user's own. */
    List<String> options() {
        return List.of("-F", "/dev/null", "-o", "UserKnownHostsFile=" + folder.resolve("known_hosts"), "-o", "GlobalKnownHostsFile=/dev/null",
                "-o", "StrictHostKeyChecking=no", "-o", "LogLevel=ERROR", "-o", "IdentityFile=" + identity, "-o", "IdentitiesOnly=yes",
                "-o", "IdentityAgent=none", "-o", "BatchMode=yes", "-o", "EscapeChar=none", "-o", "ConnectTimeout=60");
    }

    /** {@code ssh}, options, host, and what follows. */
    List<String> ssh(String... rest) {
        List<String> command = new ArrayList<>(List.of("ssh"));
        command.addAll(options());
        command.addAll(List.of("-p", Integer.toString(server.getPort())));
        List<String> words = List.of(rest);
        int firstWord = 0;
        while (firstWord < words.size() && words.get(firstWord).startsWith("-")) {
            firstWord++;
        }
        command.addAll(words.subList(0, firstWord));
        command.add(USER + "@127.0.0.1");
        command.addAll(words.subList(firstWord, words.size()));
        return command;
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.stop(true);
    }
}
