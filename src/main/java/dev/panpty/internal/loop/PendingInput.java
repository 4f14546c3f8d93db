package dev.panpty.internal.loop;

import dev.panpty.internal.gen.Linux;
import dev.panpty.internal.sys.Epoll;
import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.Scratch;
import dev.panpty.internal.sys.Termios;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Bytes on their way into a terminal: written at once while none is pending, else kept in order until the kernel has room. Guarded by
 * its owner's lock.
 *
 * <pre>
 *   writing --EAGAIN, or a hang-up--> waiting for room, the loop is asked --{@link #roomMade}--> writing
 *   any --write(2) or tcgetattr(3) fails--> failed: nothing is written any more
 * </pre>
 */
final class PendingInput {

    private static final int EAGAIN = -Linux.EAGAIN();

    private final Terminal terminal;
    private final Runnable whenWritten;
    private final Consumer<IOException> whenFailed;
    private final ByteQueue pending = new ByteQueue();
    private int lastByte = EndOfFile.NONE;
    private boolean onlyKeys;
    private boolean waitingForRoom;
    private boolean failed;

    /**
     * Of one terminal.
     *
     * @param whenWritten called after each write
     * @param whenFailed called once
     */
    PendingInput(Terminal terminal, Runnable whenWritten, Consumer<IOException> whenFailed) {
        this.terminal = terminal;
        this.whenWritten = whenWritten;
        this.whenFailed = whenFailed;
    }

    long size() {
        return pending.size();
    }

    boolean isEmpty() {
        return pending.isEmpty();
    }

    boolean hasFailed() {
        return failed;
    }

    /** The last byte that was added, or {@link EndOfFile#NONE}. */
    int lastByte() {
        return lastByte;
    }

    /** Drops what is pending; how many bytes of the user's that were. */
    long clear() {
        long dropped = pending.clear();
        return onlyKeys ? 0 : dropped;
    }

    /** As {@link #clear}; the terminal is about to drop what it has, and then has room. */
    long discard() {
        lastByte = EndOfFile.NONE;
        roomMade();
        return clear();
    }

    /** The kernel may take more again. */
    void roomMade() {
        waitingForRoom = false;
    }

    /**
     * Takes over what is between the buffer's position and limit, and advances its position.
     *
     * @throws OutOfMemoryError and then nothing is taken that the position does not tell
     */
    void add(ByteBuffer source) {
        if (!source.hasRemaining()) {
            return;
        }
        if (source.remaining() > Scratch.DATA_BYTES) {
            addAndDrain(source);
            return;
        }
        lastByte = source.get(source.limit() - 1) & 0xff;
        while (pending.isEmpty() && mayWrite() && source.hasRemaining()) {
            int count = terminal.write(source, source.position(), source.remaining());
            if (count <= 0) {
                stalled(count);
            } else {
                source.position(source.position() + count);
                whenWritten.run();
            }
        }
        if (source.hasRemaining()) {
            pending.add(source);
        }
    }

    /** For what is more than one write: should there be no memory for the rest, then nothing may have been written. */
    private void addAndDrain(ByteBuffer source) {
        int last = source.get(source.limit() - 1) & 0xff;
        pending.add(source);
        lastByte = last;
        drain();
    }

    /** Adds keys of ours where nothing is pending and nothing will follow; the user's {@link #lastByte} stays what it is. */
    void addKeys(byte[] keys) {
        onlyKeys = true;
        pending.add(ByteBuffer.wrap(keys));
    }

    /** Writes what is pending until the kernel takes no more. */
    void drain() {
        while (!pending.isEmpty() && mayWrite()) {
            int count = write();
            if (count <= 0) {
                stalled(count);
            } else {
                pending.skip(count);
                whenWritten.run();
            }
        }
    }

    /** Asks the loop no longer to tell of room where there is nothing to write. */
    void restIfEmpty() {
        if (pending.isEmpty() && !waitingForRoom) {
            terminal.forgo(Epoll.OUT);
        }
    }

    private int write() {
        Scratch scratch = Scratch.take();
        try {
            ByteBuffer gathered = scratch.data();
            pending.peek(gathered);
            return terminal.write(scratch, gathered.position());
        } finally {
            scratch.give();
        }
    }

    private boolean mayWrite() {
        return !waitingForRoom && !failed;
    }

    private void stalled(int answer) {
        waitingForRoom = true;
        if (answer == EAGAIN || terminal.isHangUp(answer)) {
            terminal.insistOnEdge(Epoll.OUT);
        } else {
            fail("write", answer);
        }
    }

    /** The terminal's attributes now; empty where they cannot be known, and then nothing more is written. */
    Optional<Termios> attributes() {
        Termios.Result result = terminal.ptmx().attributes();
        if (result.error() < 0) {
            fail("tcgetattr", result.error());
        }
        return Optional.ofNullable(result.termios());
    }

    /** Nothing more is written: the terminal is about to be closed, unless it is already. */
    void fail(String call, int error) {
        if (!failed) {
            failed = true;
            whenFailed.accept(new IOException(call + " (" + terminal + "): " + Errno.describe(-error)));
        }
    }
}
