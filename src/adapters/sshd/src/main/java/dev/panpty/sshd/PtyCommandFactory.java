package dev.panpty.sshd;

import static java.util.Objects.requireNonNull;

import dev.panpty.PtyProcessBuilder;
import dev.panpty.Reactor;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelListener;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.command.CommandFactory;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.server.shell.ShellFactory;

/**
 * Runs the shells and commands of an SSH server's clients, see RFC 4254 section 6. A channel with a {@code pty-req} gets a terminal; its
 * program leads a session on it and is served on the reactor's thread, without a thread of its own. A channel without one gets pipes, as
 * {@code scp}, {@code rsync} and {@code git} need them, and three platform threads.
 *
 * <p>The terminal has the size and the modes of the request before the program's first instruction. A dimension of 0 is ignored: the
 * terminal keeps what it has, 24 rows of 80 columns at first. A dimension above 65535 is 65535. {@code window-change} resizes it.
 * {@code signal} goes to the process group of the program, as in sshd(8). {@code break} (RFC 4335) does what termios(3) says: nothing with
 * IGNBRK, SIGINT to the foreground group with BRKINT, else the program reads a NUL, with PARMRK too. The client's EOF types VEOF.
 *
 * <p>The end of a program on a terminal is told by {@code exit-status}, or by {@code exit-signal}; a signal outside the RFC's list has a
 * name such as {@code BUS@panpty.dev}. Without a terminal a signal is told as the exit status 128 + its number, since
 * {@link Process#exitValue} does not tell more. All output that was written before the exit comes first. Processes that the program leaves
 * behind go on. Their later output on a terminal is lost; without a terminal the channel stays open while they hold the output, as that of
 * sshd(8) does, but what they write may be lost.
 *
 * <p>When the client has gone, or has closed the channel, while the program runs, all processes of its session are ended: SIGHUP and SIGTERM
 * (without a terminal SIGTERM only), then SIGKILL after the {@linkplain Builder#grace grace time}. {@code SshServer.stop} begins the same
 * for all sessions; the JVM has to live on until the grace time is over.
 *
 * <p>Back-pressure goes through: the program blocks while the client's window is full, and the window that the server grants opens only as
 * the terminal or the pipe takes the input. So a channel holds {@code CoreModuleProperties.WINDOW_SIZE} bytes (2 MiB unless set) at most.
 *
 * <p>Needs {@code setsid} of util-linux for channels without a terminal; for those of another user also {@code setpriv}, and {@code id} of
 * the coreutils. Immutable; all methods may be called from any thread.
 */
public final class PtyCommandFactory implements ShellFactory, CommandFactory, ChannelListener {

    private final Settings settings;

    /** What the builder has collected. */
    record Settings(Optional<String> shell, Optional<List<String>> shellCommand, Function<ServerSession, Optional<String>> user,
            List<String> acceptedVariables, Map<String, String> variables, Duration grace, Optional<Reactor> reactor,
            BiConsumer<ChannelSession, PtyProcessBuilder> terminal) {}

    private PtyCommandFactory(Settings settings) {
        this.settings = settings;
    }

    /**
     * A builder with the defaults.
     *
     * @return a new one
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Makes this the server's shell factory, its command factory and one of its channel listeners. To set another factory afterwards is
     * right; the listener is needed in any case. Sets {@code CoreModuleProperties.TCP_NODELAY} unless the server has a value for it: without
     * it an echo waits for the client's delayed acknowledgement, 40 ms on Linux.
     *
     * @param server not started yet
     */
    public void install(SshServer server) {
        server.addChannelListener(this);
        if (!server.getProperties().containsKey(CoreModuleProperties.TCP_NODELAY.getName())) {
            CoreModuleProperties.TCP_NODELAY.set(server, true);
        }
        server.setShellFactory(this);
        server.setCommandFactory(this);
    }

    @Override
    public Command createShell(ChannelSession channel) {
        return command(channel, Optional.empty());
    }

    @Override
    public Command createCommand(ChannelSession channel, String command) {
        return command(channel, Optional.of(command));
    }

    private Command command(ChannelSession channel, Optional<String> line) {
        ChannelRequests requests = ChannelRequests.of(channel).orElseThrow(() -> new IllegalStateException(
                "the server does not pass pty-req on: call install(server), or server.addChannelListener(factory)"));
        Launch launch = new Launch(settings, channel, line, requests.variables());
        ChannelCommand command = requests.terminal().isPresent() ? new TerminalCommand(launch, requests)
                : new PipeCommand(launch, requests);
        channel.setDataReceiver(command.receiver());
        // A client that closes the channel has gone: MINA would wait five seconds for the program before it destroys the command.
        CoreModuleProperties.COMMAND_EXIT_TIMEOUT.set(channel, Duration.ZERO);
        return command;
    }

    /**
     * Called by MINA, for each new channel: begins to listen to its requests.
     *
     * @param channel any channel; those that are not of type {@code session} are left alone
     */
    @Override
    public void channelInitialized(Channel channel) {
        if (channel instanceof ChannelSession session && ChannelRequests.of(session).isEmpty()) {
            channel.addRequestHandler(new ChannelRequests(settings.acceptedVariables()));
        }
    }

    /** Collects the settings of a {@link PtyCommandFactory}. Not for use by several threads at once. */
    public static final class Builder {

        private static final Duration DEFAULT_GRACE = Duration.ofSeconds(2);

        private Optional<String> shell = Optional.empty();
        private Optional<List<String>> shellCommand = Optional.empty();
        private Function<ServerSession, Optional<String>> user = session -> Optional.empty();
        private List<String> acceptedVariables = List.of("LANG", "LC_*", "COLORTERM");
        private final Map<String, String> variables = new LinkedHashMap<>();
        private Duration grace = DEFAULT_GRACE;
        private Optional<Reactor> reactor = Optional.empty();
        private BiConsumer<ChannelSession, PtyProcessBuilder> terminal = (channel, builder) -> {};

        private Builder() {}

        /**
         * Sets the shell, which runs a command as {@code shell -c command} and a shell channel as a login shell, with a {@code -} before its
         * name.
         *
         * @param program a path; that of the account in passwd(5) unless set
         * @return this builder
         */
        public Builder shell(String program) {
            shell = Optional.of(requireNonNull(program, "program"));
            return this;
        }

        /**
         * Sets what a shell channel runs in place of a login shell.
         *
         * @param command program and arguments
         * @return this builder
         */
        public Builder shellCommand(String... command) {
            if (command.length == 0) {
                throw new IllegalArgumentException("a command has at least one word");
            }
            shellCommand = Optional.of(List.of(command));
            return this;
        }

        /**
         * Chooses the user that programs run as. Another user than the JVM's needs the JVM to be root, or a start fails. The user database
         * is read at each start, on a thread of MINA.
         *
         * @param user gives the user's name, or empty for that of the JVM; called after the authentication. Always empty unless set
         * @return this builder
         */
        public Builder user(Function<ServerSession, Optional<String>> user) {
            this.user = requireNonNull(user, "user");
            return this;
        }

        /**
         * Runs programs as the user that the client has authenticated as. Only for a server whose authenticator checks the name against the
         * machine's accounts.
         *
         * @return this builder
         */
        public Builder authenticatedUser() {
            return user(session -> Optional.of(session.getUsername()));
        }

        /**
         * Sets which variables a client may set. Others are not passed to the program, nor is the environment of the JVM, except PATH for
         * the JVM's own user: it begins with HOME, USER, LOGNAME, SHELL, TERM, SSH_CLIENT, SSH_CONNECTION and SSH_TTY.
         *
         * @param patterns names; a {@code *} at the end stands for any rest. {@code LANG}, {@code LC_*} and {@code COLORTERM} unless set
         * @return this builder
         */
        public Builder acceptVariables(String... patterns) {
            acceptedVariables = List.of(patterns);
            return this;
        }

        /**
         * Adds a variable to the environment of every program. It takes precedence over the client's.
         *
         * @param name of the variable
         * @param value of the variable
         * @return this builder
         */
        public Builder variable(String name, String value) {
            variables.put(requireNonNull(name, "name"), requireNonNull(value, "value"));
            return this;
        }

        /**
         * Sets how long processes have to end once the client has gone.
         *
         * @param grace not negative; two seconds unless set
         * @return this builder
         */
        public Builder grace(Duration grace) {
            if (requireNonNull(grace, "grace").isNegative()) {
                throw new IllegalArgumentException("grace must not be negative, was " + grace);
            }
            this.grace = grace;
            return this;
        }

        /**
         * Sets the reactor that serves the terminals. Its thread encrypts their output.
         *
         * @param reactor the shared one unless set; the caller closes it, after the server
         * @return this builder
         */
        public Builder reactor(Reactor reactor) {
            this.reactor = Optional.of(requireNonNull(reactor, "reactor"));
            return this;
        }

        /**
         * Sets what changes the builder of each program on a terminal before its start: it may add taps, limits, a umask.
         *
         * @param terminal called on a thread of MINA, which it must not block
         * @return this builder
         */
        public Builder terminal(BiConsumer<ChannelSession, PtyProcessBuilder> terminal) {
            this.terminal = requireNonNull(terminal, "terminal");
            return this;
        }

        /**
         * The factory.
         *
         * @return a new one, which does not change with this builder
         */
        public PtyCommandFactory build() {
            return new PtyCommandFactory(new Settings(shell, shellCommand, user, acceptedVariables, Map.copyOf(variables), grace, reactor,
                    terminal));
        }
    }
}
