package dev.panpty.sshd;

import dev.panpty.PtyProcessBuilder;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.server.channel.ChannelSession;

/**
 * What a channel starts: the program, as whom, where, with which environment. Immutable, for any thread.
 *
 * @param line the command line of an exec request; empty for a shell
 * @param clientVariables those that the client has set and may set
 */
record Launch(PtyCommandFactory.Settings settings, ChannelSession channel, Optional<String> line, Map<String, String> clientVariables) {

    private static final String OTHER_USERS_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/games";
    private static final String ROOTS_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final String SHELL_WITHOUT_ACCOUNT = "/bin/sh";

    /** @param arg0 argv[0] of the program, where it differs from the command's first word */
    record Resolved(List<String> command, Optional<String> arg0, Optional<String> user, Path directory, Map<String, String> environment) {}

    /**
     * Looks the user up.
     *
     * @throws IllegalArgumentException if there is no such user
     * @throws java.io.UncheckedIOException if the user database cannot be read
     */
    Resolved resolve() {
        Optional<String> user = settings.user().apply(channel.getServerSession());
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("PATH", path(user));
        environment.putAll(login(user));
        environment.putAll(clientVariables);
        environment.putAll(settings.variables());
        environment.putAll(connection());
        String shell = settings.shell().orElseGet(() -> environment.get("SHELL"));
        Path home = Path.of(environment.get("HOME"));
        Path directory = Files.isDirectory(home) ? home : Path.of("/");
        if (line.isPresent()) {
            return new Resolved(List.of(shell, "-c", line.get()), Optional.empty(), user, directory, environment);
        }
        List<String> command = settings.shellCommand().orElseGet(() -> List.of(shell));
        Optional<String> arg0 = settings.shellCommand().isPresent() ? Optional.empty()
                : Optional.of("-" + Path.of(shell).getFileName());
        return new Resolved(command, arg0, user, directory, environment);
    }

    static boolean isOwn(String user) {
        return user.equals(System.getProperty("user.name"));
    }

    private static String path(Optional<String> user) {
        String own = System.getenv("PATH");
        if (own != null && (user.isEmpty() || isOwn(user.get()))) {
            return own;
        }
        return user.isPresent() && user.get().equals("root") ? ROOTS_PATH : OTHER_USERS_PATH;
    }

    /** HOME, USER, LOGNAME and SHELL. */
    private static Map<String, String> login(Optional<String> user) {
        PtyProcessBuilder lookup = new PtyProcessBuilder(SHELL_WITHOUT_ACCOUNT).environment(Map.of());
        user.ifPresent(lookup::user);
        try {
            lookup.loginEnvironment();
        } catch (IllegalArgumentException noAccount) {
            if (user.isPresent()) {
                throw noAccount;
            }
            // The JVM's user needs no account: containers often run as a bare number.
            return Map.of("HOME", "/", "SHELL", SHELL_WITHOUT_ACCOUNT);
        }
        Map<String, String> login = new LinkedHashMap<>(lookup.environment());
        login.computeIfPresent("SHELL", (name, shell) -> shell.isEmpty() ? SHELL_WITHOUT_ACCOUNT : shell); // see passwd(5)
        return login;
    }

    /** As sshd(8) tells a program who has called. */
    private Map<String, String> connection() {
        Session session = channel.getSession();
        List<String> words = new ArrayList<>();
        for (SocketAddress address : List.of(session.getRemoteAddress(), session.getLocalAddress())) {
            if (!(address instanceof InetSocketAddress inet)) {
                return Map.of();
            }
            words.add(inet.getAddress().getHostAddress());
            words.add(Integer.toString(inet.getPort()));
        }
        return Map.of("SSH_CONNECTION", String.join(" ", words),
                "SSH_CLIENT", words.get(0) + " " + words.get(1) + " " + words.get(3));
    }
}
