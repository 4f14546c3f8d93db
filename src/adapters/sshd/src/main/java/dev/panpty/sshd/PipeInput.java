package dev.panpty.sshd;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.sshd.server.channel.ChannelDataReceiver;
import org.apache.sshd.server.channel.ChannelSession;

/**
 * The client's bytes on their way to a pipe: MINA's threads add to a queue, which the SSH window bounds; a thread of the program's takes
 * from it, and opens the window again by as much as the pipe has taken.
 */
final class PipeInput implements ChannelDataReceiver {

    private static final byte[] END = {};

    private final ChannelSession channel;
    private final BlockingQueue<byte[]> queue = new LinkedBlockingQueue<>();

    PipeInput(ChannelSession channel) {
        this.channel = channel;
    }

    /** @return 0: the window opens later */
    @Override
    public int data(ChannelSession session, byte[] bytes, int start, int length) {
        if (length > 0) {
            queue.add(Arrays.copyOfRange(bytes, start, start + length));
        }
        return 0;
    }

    /** The client has sent EOF. */
    @Override
    public void close() {
        queue.add(END);
    }

    /** The program or the channel has ended. */
    void stop() {
        queue.add(END);
    }

    /** Writes until the end, then closes the pipe. Once the program reads no more, it drops what comes. */
    void pump(OutputStream pipe) {
        boolean isOpen = true;
        try {
            for (byte[] bytes = queue.take(); bytes.length > 0; bytes = queue.take()) {
                isOpen = isOpen && write(pipe, bytes);
                channel.getLocalWindow().release(bytes.length);
            }
        } catch (IOException gone) {
            ChannelCommand.LOG.log(System.Logger.Level.DEBUG, "the client has gone", gone);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException("no other code has this thread", interrupted);
        } finally {
            close(pipe);
        }
    }

    private static boolean write(OutputStream pipe, byte[] bytes) {
        try {
            pipe.write(bytes);
            pipe.flush();
            return true;
        } catch (IOException broken) { // EPIPE: the program does not read
            return false;
        }
    }

    private static void close(OutputStream pipe) {
        try {
            pipe.close();
        } catch (IOException broken) {
            ChannelCommand.LOG.log(System.Logger.Level.DEBUG, "the program has not read all input", broken);
        }
    }
}
