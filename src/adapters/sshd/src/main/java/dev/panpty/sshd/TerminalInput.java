package dev.panpty.sshd;

import dev.panpty.Producer;
import dev.panpty.ProcessTransport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.sshd.server.channel.ChannelDataReceiver;
import org.apache.sshd.server.channel.ChannelSession;

/**
 * The client's bytes on their way to the terminal. They wait in the terminal's write queue, which the SSH window bounds: the window opens
 * again when the kernel has taken all of them, as a pull producer learns.
 *
 * <pre>
 *   early: bytes are kept --begin--> open: bytes are written --close--> closed: VEOF was typed
 *   early --close--> early, VEOF follows the bytes
 *   any, after the end of the program: bytes are dropped
 * </pre>
 *
 * <p>The lock makes a write and its count one step. MINA's threads and the reactor's take it; nothing waits under it.
 */
final class TerminalInput implements ChannelDataReceiver, Producer.Pull {

    private final ChannelSession channel;
    private final ReentrantLock lock = new ReentrantLock(); // over all below
    private final ByteArrayOutputStream early = new ByteArrayOutputStream();
    private ProcessTransport terminal; // or null while early
    private boolean closed;
    private long unreleased; // bytes that the terminal has not taken yet

    TerminalInput(ChannelSession channel) {
        this.channel = channel;
    }

    void begin(ProcessTransport running) {
        lock.lock();
        try {
            terminal = running;
            write(ByteBuffer.wrap(early.toByteArray()));
            early.reset();
            if (closed) {
                running.closeStdin();
            }
        } finally {
            lock.unlock();
        }
        running.registerProducer(this);
    }

    /** @return 0: {@link #resumeProducing} opens the window later */
    @Override
    public int data(ChannelSession session, byte[] bytes, int start, int length) {
        lock.lock();
        try {
            unreleased += length;
            if (terminal == null) {
                early.write(bytes, start, length);
            } else {
                write(ByteBuffer.wrap(bytes, start, length));
            }
        } finally {
            lock.unlock();
        }
        return 0;
    }

    private void write(ByteBuffer data) {
        try {
            terminal.write(data);
        } catch (IllegalStateException ended) {
            // The program has ended, or was told the end of the input: nothing reads the bytes.
            unreleased = 0;
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (terminal != null) {
                terminal.closeStdin();
            }
        } finally {
            lock.unlock();
        }
    }

    /** All bytes that were written have left the queue. On the reactor's thread. */
    @Override
    public void resumeProducing() {
        long taken;
        lock.lock();
        try {
            taken = unreleased;
            unreleased = 0;
        } finally {
            lock.unlock();
        }
        if (taken > 0) {
            try {
                channel.getLocalWindow().release(taken);
            } catch (IOException gone) {
                throw new UncheckedIOException(gone); // to onError; the session is closed
            }
        }
    }

    @Override
    public void stopProducing() {
        // Nothing to stop: data drops what comes from now on.
    }
}
