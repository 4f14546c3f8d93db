package dev.panpty.sshd;

import dev.panpty.ProcessTransport;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.RejectedExecutionException;
import org.apache.sshd.common.io.IoOutputStream;
import org.apache.sshd.server.channel.ChannelSession;

/**
 * The program's output on its way to the client. One write is in flight; it ends when the client's window has taken it and the session has
 * sent it. What comes in the meantime is joined; from {@link #HIGH_BYTES} on delivery is paused, and the kernel's buffer then blocks the
 * program.
 *
 * <pre>
 *   idle --received--> in flight --sent, nothing joined--> idle
 *                      in flight --sent--> in flight again, with what was joined
 *   in flight --not sent--> lost: the channel is closed
 * </pre>
 *
 * <p>Confined to the reactor's thread, which the ends of writes are posted to.
 */
final class TerminalOutput {

    private static final int HIGH_BYTES = 65_536;

    private final ChannelSession channel;
    private final ProcessTransport transport;
    private final IoOutputStream stream;
    private byte[] joined = new byte[0];
    private int count;
    private boolean inFlight;
    private boolean lost;
    private Runnable atEnd; // or null before the end

    TerminalOutput(ChannelSession channel, ProcessTransport transport, IoOutputStream stream) {
        this.channel = channel;
        this.transport = transport;
        this.stream = stream;
    }

    /** @param data with an array of its own */
    void received(ByteBuffer data) {
        if (lost) {
            return;
        }
        if (!inFlight) {
            send(data.array(), data.arrayOffset() + data.position(), data.remaining());
            return;
        }
        int length = data.remaining();
        if (joined.length < count + length) {
            joined = Arrays.copyOf(joined, Math.max(count + length, 2 * joined.length));
        }
        data.get(joined, count, length);
        count += length;
        if (count >= HIGH_BYTES) {
            transport.pauseProducing();
        }
    }

    /** Runs the work once all that was received is sent; not at all if it cannot be sent. */
    void end(Runnable work) {
        if (!inFlight && !lost) {
            work.run();
        }
        atEnd = work;
    }

    private void send(byte[] bytes, int offset, int length) {
        inFlight = true;
        ChannelCommand.write(stream, bytes, offset, length).whenComplete((sent, failed) -> {
            try {
                transport.reactor().execute(() -> sent(failed));
            } catch (RejectedExecutionException closed) {
                channel.close(true); // the reactor is closed, and has ended the process
            }
        });
    }

    private void sent(Throwable failed) {
        inFlight = false;
        if (failed != null) {
            lost = true;
            channel.close(true); // then the command is destroyed; idempotent
        } else if (count > 0) {
            byte[] next = joined;
            int length = count;
            joined = new byte[0];
            count = 0;
            send(next, 0, length);
            transport.resumeProducing();
        } else if (atEnd != null) {
            atEnd.run();
        }
    }
}
