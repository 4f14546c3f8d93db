package dev.panpty.testing;

import dev.panpty.PtyProcess;
import dev.panpty.PtyProcessBuilder;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An sshd of a test's own, on a free port of the loopback interface, with its configuration and its host key in a folder. It ends with
 * {@link #close}.
 */
public final class LoopbackSshd implements AutoCloseable {

    private static final Path SSHD = Path.of("/usr/sbin/sshd"); // it insists on an absolute path

    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Path folder;
    private final int port;
    private final PtyProcess server;

    /**
     * Starts it and waits until it listens.
     *
     * @param before the command that runs sshd, such as that of a namespace; may be empty
     * @param settings more lines of its configuration
     */
    public LoopbackSshd(Path folder, List<String> before, String... settings) throws Exception {
        this.folder = folder;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        keygen("-f", folder.resolve("host").toString(), "-N", "");
        List<String> lines = new ArrayList<>(List.of("Port " + port, "ListenAddress 127.0.0.1", "HostKey " + folder.resolve("host"),
                "PidFile none", "StrictModes no", "AuthorizedKeysFile " + folder.resolve("authorized")));
        lines.addAll(Arrays.asList(settings));
        Files.write(folder.resolve("sshd_config"), lines);
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(SSHD.toString(), "-D", "-e", "-f", folder.resolve("sshd_config").toString()));
        server = new PtyProcessBuilder(command).start();
        server.drain();
        Await.until("sshd listens", this::listens);
    }

    private boolean listens() throws IOException {
        if (!server.isAlive()) {
            throw new IOException("sshd has ended: " + server.exitStatus());
        }
        try (Socket connection = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return connection.isConnected();
        } catch (ConnectException notYet) {
            return false;
        }
    }

    /** Makes a key, whose passphrase costs little time. */
    public static void keygen(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ssh-keygen", "-q", "-t", "ed25519", "-a", "1"));
        command.addAll(Arrays.asList(arguments));
        if (new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() != 0) {
            throw new IOException("ssh-keygen failed");
        }
    }

    /** The command that logs in; it reads no configuration of the user's. */
    public List<String> client(String user, String... arguments) {
        List<String> command = new ArrayList<>(List.of("ssh", "-F", "none", "-p", "" + port, "-o", "UserKnownHostsFile=" + folder.resolve("known"),
                "-o", "GlobalKnownHostsFile=none", "-o", "IdentityAgent=none", "-o", "IdentitiesOnly=yes",
                "-l", user));
        command.addAll(Arrays.asList(arguments));
        command.add("127.0.0.1");
        return command;
    }

    @Override
    public void close() {
        server.terminateSessionAsync(GRACE).join();
        server.close();
    }
}
