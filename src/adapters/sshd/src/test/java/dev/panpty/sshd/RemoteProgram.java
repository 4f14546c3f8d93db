package dev.panpty.sshd;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.function.Consumer;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.util.buffer.Buffer;

/** A program that a client of MINA has started by an exec request, and what has come of it. */
final class RemoteProgram implements AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(60);

    private final ChannelExec channel;
    private final Output out = new Output();
    private final Output err = new Output();

    /** What was received so far. */
    static final class Output extends OutputStream {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(); // its methods are synchronized

        @Override
        public void write(int value) {
            bytes.write(value);
        }

        @Override
        public void write(byte[] data, int start, int length) {
            bytes.write(data, start, length);
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }

        @Override
        public String toString() {
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }

    /** Not started yet. */
    RemoteProgram(ClientSession session, String command) throws IOException {
        channel = session.createExecChannel(command);
        channel.setOut(out);
        channel.setErr(err);
    }

    void start() throws IOException {
        channel.open().verify(LIMIT);
    }

    static RemoteProgram onTerminal(ClientSession session, String command) throws IOException {
        return start(session, command, channel -> channel.setUsePty(true));
    }

    static RemoteProgram onPipes(ClientSession session, String command) throws IOException {
        return start(session, command, channel -> {});
    }

    static RemoteProgram start(ClientSession session, String command, Consumer<ChannelExec> settings) throws IOException {
        RemoteProgram program = new RemoteProgram(session, command);
        settings.accept(program.channel);
        program.start();
        return program;
    }

    ChannelExec channel() {
        return channel;
    }

    Output out() {
        return out;
    }

    Output err() {
        return err;
    }

    void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    void send(byte[] data) throws IOException {
        channel.getInvertedIn().write(data);
        channel.getInvertedIn().flush();
    }

    void sendEof() throws IOException {
        channel.getInvertedIn().close();
    }

    /** A request that this client has no method for; the rest of the message is written by the caller. */
    void request(String name, Consumer<Buffer> rest) throws IOException {
        Buffer buffer = channel.getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_REQUEST, 256);
        buffer.putUInt(channel.getRecipient());
        buffer.putString(name);
        buffer.putBoolean(false);
        rest.accept(buffer);
        channel.writePacket(buffer);
    }

    /** Passes on the names of the server's requests, before the client acts on them. */
    void heard(Consumer<String> names) {
        channel.getRequestHandlers().add(0, (origin, request, wantReply, message) -> {
            names.accept(request);
            return RequestHandler.Result.Unsupported;
        });
    }

    RemoteProgram awaitOutput(String text) throws Exception {
        Await.until("\"" + text + "\" in the output", () -> {
            boolean isComplete = channel.isClosed();
            if (!out.toString().contains(text) && isComplete) {
                throw new AssertionError("the channel is closed, without \"" + text + "\" in: " + out + err);
            }
            return out.toString().contains(text);
        });
        return this;
    }

    /** Waits until the channel is closed. */
    RemoteProgram awaitEnd() {
        if (!channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), LIMIT).contains(ClientChannelEvent.CLOSED)) {
            throw new AssertionError("the channel is still open; output: " + out + err);
        }
        return this;
    }

    /** The exit status, or null. */
    Integer status() {
        return channel.getExitStatus();
    }

    /** The name of the exit signal, or null. */
    String signal() {
        return channel.getExitSignal();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
