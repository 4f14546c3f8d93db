package dev.panpty.sshd;

import dev.panpty.ExitStatus;
import dev.panpty.SpawnException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.io.IoInputStream;
import org.apache.sshd.common.io.IoOutputStream;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.common.util.threads.ThreadUtils;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelDataReceiver;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.AsyncCommand;

/** What programs with and without a terminal have in common: the channel's streams and its end. */
abstract sealed class ChannelCommand implements AsyncCommand permits TerminalCommand, PipeCommand {

    static final System.Logger LOG = System.getLogger("dev.panpty.sshd");

    /** The largest payload of a packet that every implementation accepts, see RFC 4253 section 6.1. */
    static final int CHUNK_BYTES = 32_768;

    private static final boolean HAS_INTERNAL_THREADS = Arrays.stream(ThreadUtils.class.getMethods())
            .anyMatch(method -> method.getName().equals("runAsInternal"));

    private static final int NOT_FOUND = 127; // the exit statuses of a shell for a command that it cannot run, see sh(1)
    private static final int NOT_EXECUTABLE = 126;
    private static final int UNKNOWN = 255;
    private static final int ENOENT = 2;
    private static final int MESSAGE_BYTES = 64;

    private IoOutputStream out; // set once, before start, on MINA's thread
    private IoOutputStream err;
    private ExitCallback exit;

    abstract ChannelDataReceiver receiver();

    /** Starts the program. The client gets the message of what it throws. */
    abstract void launch(ChannelSession channel) throws IOException;

    IoOutputStream out() {
        return out;
    }

    IoOutputStream err() {
        return err;
    }

    @Override
    public void start(ChannelSession channel, Environment environment) throws IOException {
        try {
            launch(channel);
        } catch (IOException | RuntimeException failed) {
            boolean isExpected = failed instanceof IOException || failed instanceof IllegalArgumentException;
            LOG.log(System.Logger.Level.WARNING, "for " + channel + " no program was started: " + failed, isExpected ? null : failed);
            int code = failed instanceof SpawnException spawn && spawn.errno() == ENOENT ? NOT_FOUND : NOT_EXECUTABLE;
            byte[] message = (failed.getMessage() + "\r\n").getBytes(StandardCharsets.UTF_8);
            write(err, message, 0, message.length).whenComplete((done, gone) -> exit.onExit(code));
        }
    }

    /**
     * Writes to the channel, without blocking: the rest waits for the client's window. One write at a time. While the session exchanges
     * keys MINA 2 blocks a thread that writes data, unless it is marked as an internal one: then it queues the packet, as MINA 3 always
     * does.
     *
     * @return completed when the session has sent the bytes, or the channel is closed; on any thread
     */
    static CompletableFuture<Void> write(IoOutputStream stream, byte[] bytes, int offset, int length) {
        CompletableFuture<Void> written = new CompletableFuture<>();
        try {
            Callable<IoWriteFuture> write = () -> stream.writeBuffer(new ByteArrayBuffer(bytes, offset, length));
            (HAS_INTERNAL_THREADS ? ThreadUtils.runAsInternal(write) : write.call()).addListener(future -> {
                if (future.isWritten()) {
                    written.complete(null);
                } else {
                    Throwable cause = future.getException();
                    written.completeExceptionally(cause == null ? new EOFException("the channel is closed") : cause);
                }
            });
        } catch (Exception failed) { // as Callable declares it
            written.completeExceptionally(failed);
        }
        return written;
    }

    /** EOF, the status, CLOSE; behind all output. MINA's callback sends all three, but knows no signals. */
    void end(ChannelSession channel, ExitStatus status) {
        switch (status) {
            case ExitStatus.Exited exited -> exit.onExit(exited.code());
            case ExitStatus.Signaled signaled -> {
                try {
                    sendExitSignal(channel, signaled);
                } catch (IOException gone) {
                    LOG.log(System.Logger.Level.DEBUG, "the client has gone before the end of its program", gone);
                }
                channel.close(false);
                exit.onExit(status.exitValue()); // sends no status, since the channel is closing: it lets the CLOSE go
            }
            case ExitStatus.Unknown unknown -> exit.onExit(UNKNOWN, unknown.reason());
        }
    }

    private static void sendExitSignal(ChannelSession channel, ExitStatus.Signaled signaled) throws IOException {
        Buffer eof = channel.getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_EOF, Long.BYTES);
        eof.putUInt(channel.getRecipient());
        channel.writePacket(eof);
        Buffer message = channel.getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_REQUEST, MESSAGE_BYTES);
        message.putUInt(channel.getRecipient());
        message.putString("exit-signal");
        message.putBoolean(false); // no reply, as RFC 4254 section 6.10 demands
        message.putString(SignalNames.write(signaled.signal()));
        message.putBoolean(signaled.coreDumped());
        message.putString(""); // the message, and its language
        message.putString("");
        channel.writePacket(message);
    }

    @Override
    public void setIoOutputStream(IoOutputStream stream) {
        out = stream;
    }

    @Override
    public void setIoErrorStream(IoOutputStream stream) {
        err = stream;
    }

    @Override
    public void setExitCallback(ExitCallback callback) {
        exit = callback;
    }

    /** Not called: input comes to the {@link #receiver}. */
    @Override
    public void setIoInputStream(IoInputStream stream) {
        throw new IllegalStateException("the channel has a receiver");
    }

    /** Not called, as the next two: this is an asynchronous command. */
    @Override
    public void setInputStream(InputStream stream) {
        throw new IllegalStateException("the command is asynchronous");
    }

    @Override
    public void setOutputStream(OutputStream stream) {
        throw new IllegalStateException("the command is asynchronous");
    }

    @Override
    public void setErrorStream(OutputStream stream) {
        throw new IllegalStateException("the command is asynchronous");
    }
}
