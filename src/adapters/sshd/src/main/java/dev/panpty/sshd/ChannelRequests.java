package dev.panpty.sshd;

import dev.panpty.Signal;
import dev.panpty.WindowSize;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelRequestHandler;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.channel.ChannelSession;

/**
 * Reads the requests of one channel, since MINA's {@code Environment} has no pixels, no order of the modes, and does not tell a break from
 * SIGINT. MINA calls it with one message of a session after the other; it has no lock.
 *
 * <pre>
 *   before the shell or exec request: pty-req and env are collected
 *   after it, while the program runs: window-change, signal and break go to the target
 * </pre>
 */
final class ChannelRequests implements ChannelRequestHandler {

    /** As many as sshd(8) accepts. */
    private static final int MOST_VARIABLES = 128;
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final List<String> accepted;
    private final Map<String, String> variables = new LinkedHashMap<>();
    private Optional<TerminalRequest> terminal = Optional.empty();
    private WindowSize size = WindowSize.DEFAULT;
    private Optional<Target> target = Optional.empty();

    /** What the requests act on. */
    interface Target {

        void resize(WindowSize size) throws IOException;

        void signal(Signal signal) throws IOException;

        void sendBreak() throws IOException;
    }

    /** @param accepted names of variables, those that end with {@code *} for any rest */
    ChannelRequests(List<String> accepted) {
        this.accepted = accepted;
    }

    static Optional<ChannelRequests> of(ChannelSession channel) {
        for (RequestHandler<Channel> handler : channel.getRequestHandlers()) {
            if (handler instanceof ChannelRequests requests) {
                return Optional.of(requests);
            }
        }
        return Optional.empty();
    }

    Optional<TerminalRequest> terminal() {
        return terminal;
    }

    /** Those that the client has set and may set. */
    Map<String, String> variables() {
        return Map.copyOf(variables);
    }

    void target(Target running) {
        target = Optional.of(running);
    }

    /** What is not Unsupported is answered here; the rest goes on to MINA, which answers it and fills its {@code Environment}. */
    @Override
    public Result process(Channel channel, String request, boolean wantReply, Buffer buffer) throws IOException {
        int start = buffer.rpos();
        Result result = switch (request) {
            case "pty-req" -> openTerminal(buffer);
            case "env" -> setVariable(buffer.getString(), buffer.getString());
            case "window-change" -> resize(buffer);
            case "signal" -> target.isPresent() ? signal(target.get(), buffer.getString()) : Result.Unsupported;
            case "break" -> target.isPresent() ? sendBreak(target.get()) : Result.Unsupported;
            default -> Result.Unsupported;
        };
        buffer.rpos(start);
        return result;
    }

    private Result openTerminal(Buffer message) {
        if (terminal.isPresent() || target.isPresent()) {
            return Result.ReplyFailure;
        }
        terminal = Optional.of(TerminalRequest.read(message));
        size = terminal.get().size();
        return Result.Unsupported;
    }

    private Result setVariable(String name, String value) {
        boolean isAccepted = NAME.matcher(name).matches() && value.indexOf('\0') < 0 && variables.size() < MOST_VARIABLES
                && accepted.stream().anyMatch(pattern -> matches(pattern, name));
        if (isAccepted) {
            variables.put(name, value);
        }
        return Result.Unsupported;
    }

    private static boolean matches(String pattern, String name) {
        return pattern.endsWith("*") ? name.startsWith(pattern.substring(0, pattern.length() - 1)) : name.equals(pattern);
    }

    private Result resize(Buffer message) throws IOException {
        size = TerminalRequest.size(message, size);
        if (target.isPresent()) {
            target.get().resize(size);
        }
        return Result.Unsupported;
    }

    private static Result signal(Target target, String name) {
        try {
            target.signal(SignalNames.read(name));
            return Result.ReplySuccess;
        } catch (IOException | IllegalArgumentException refused) { // it has exited, or has no such signal: the reply says so
            return Result.ReplyFailure;
        }
    }

    private static Result sendBreak(Target target) {
        try {
            target.sendBreak();
            return Result.ReplySuccess;
        } catch (IOException | IllegalStateException refused) { // it has exited, or takes no more input: the reply says so
            return Result.ReplyFailure;
        }
    }
}
