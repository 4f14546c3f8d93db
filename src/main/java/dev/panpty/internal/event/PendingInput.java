package dev.panpty.internal.event;

import dev.panpty.internal.process.ByteQueue;
import dev.panpty.internal.process.LineGuard;
import dev.panpty.internal.process.PtmxChannel;
import dev.panpty.internal.process.Source;
import dev.panpty.internal.sys.Epoll;
import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.Scratch;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The bytes that are written to a terminal: at once while none is pending, else kept in order until the kernel has room. The
 * {@link LineGuard} is asked before each write(2). Guarded by its owner's lock.
 *
 * <pre>
 *   writing --EAGAIN, or a hang-up--> waiting for room: EPOLLOUT is asked for --{@link #roomMade}--> writing
 *   writing --a line would be cut, and is not split--> writing: the owner drops pending bytes
 *   any --write(2) or tcgetattr(3) fails--> failed: nothing more is written
 *
 *   started --{@link #stop}--> stopped: bytes are accepted and none is written --{@link #start}, then {@link #drain}--> started
 * </pre>
 *
 * <p>Two buffers, in order: held bytes, in native memory from which they are written; behind them the queue. Writes of the user's code on
 * the loop's thread are held until it returns, so that many small ones become one write(2); {@link #drain} writes them.
 */
final class PendingInput {

    private static final int EAGAIN = -Errno.EAGAIN;
    private static final int WINDOW_BYTES = 2 * LineGuard.MOST_BYTES;

    private final PtmxChannel terminal;
    private final LineGuard guard;
    private final Owner owner;
    private final ByteQueue pending = new ByteQueue();
    private final Source next = new Source();
    private final HeldInput held;
    private final SecretBytes secrets = new SecretBytes();
    private boolean waitingForRoom;
    private boolean stopped;
    private boolean failed;

    /** Called with the lock. */
    interface Owner {

        /** So many bytes are written; 0 for a VEOF that pushes a line. */
        void written(int count);

        /** The next line would be cut: the owner {@linkplain #clear drops} pending bytes. */
        void cut();

        /** Nothing more is written. Called once. */
        void failed(IOException reason);
    }

    PendingInput(PtmxChannel terminal, LineGuard guard, Owner owner) {
        this.terminal = terminal;
        this.guard = guard;
        this.owner = owner;
        held = new HeldInput(terminal.loop().buffers());
    }

    long size() {
        return pending.size() + held.size();
    }

    boolean isEmpty() {
        return pending.isEmpty() && held.isEmpty();
    }

    boolean hasFailed() {
        return failed;
    }

    /** Drops all pending bytes; returns their number. */
    long clear() {
        long dropped = size();
        held.skip(held.size());
        pending.clear();
        secrets.take(dropped);
        return dropped;
    }

    /** There may be room again. */
    void roomMade() {
        waitingForRoom = false;
    }

    /** While stopped nothing is written; otherwise {@link #drain} follows. */
    void stopped(boolean now) {
        stopped = now;
    }

    /** Holds the bytes between position and limit until the next {@link #drain}; false if they do not fit. On the loop's thread. */
    boolean hold(ByteBuffer source, boolean secret) {
        boolean holds = pending.isEmpty() && held.fits(source.remaining());
        if (holds && secret) {
            SecretBytes.Range range = secrets.range(size(), source.remaining());
            held.add(source);
            secrets.add(range);
        } else if (holds) {
            held.add(source);
        }
        return holds;
    }

    /** {@link HeldInput#giveBack}. */
    void giveBack() {
        held.giveBack();
    }

    /**
     * Accepts the bytes between the buffer's position and limit, and advances its position.
     *
     * @param admitted the answer of {@link LineGuard#accept}
     * @throws OutOfMemoryError the bytes before the position are accepted, no others
     */
    void add(ByteBuffer source, int admitted, boolean secret) {
        boolean atOnce = source.remaining() <= Scratch.DATA_BYTES; // else queued first: out of memory must come before a byte is written
        if (atOnce && isEmpty()) {
            try {
                writeAtOnce(source, admitted, secret);
            } finally {
                next.forget();
            }
        }
        if (source.hasRemaining() || !atOnce) {
            queue(source, secret);
            drain();
        }
    }

    private void queue(ByteBuffer source, boolean secret) {
        if (secret) {
            SecretBytes.Range range = secrets.range(size(), source.remaining()); // first, as it may be out of memory
            pending.add(source);
            secrets.add(range);
        } else {
            pending.add(source);
        }
    }

    private void writeAtOnce(ByteBuffer source, int admitted, boolean secret) {
        for (int most = admitted; most > 0 && mayWrite(); ) {
            int count = terminal.write(source, source.position(), most, secret);
            if (count <= 0) {
                stalled(count);
                return;
            }
            guard.typed(next.of(source), source.position(), source.position() + count);
            source.position(source.position() + count);
            owner.written(count);
            if (count < most) {
                stalled(EAGAIN); // the next write would give it
                return;
            }
            most = source.hasRemaining() ? guard.admissible(next.of(source)) : 0;
        }
    }

    /** Writes held bytes and the queue until EAGAIN. */
    void drain() {
        while (!held.isEmpty() && mayWrite()) {
            try {
                writeHeld();
            } finally {
                next.forget();
            }
        }
        if (held.isEmpty()) {
            drainQueue();
        }
    }

    private void writeHeld() {
        int admitted = secrets.together(guard.admissible(next.of(held.bytes())));
        if (admitted <= 0) {
            unadmitted(admitted);
            return;
        }
        int count = held.write(terminal, admitted, secrets.isNext());
        if (count > 0) {
            guard.typed(next, next.position(), next.position() + count);
            held.skip(count);
        }
        wrote(count, admitted);
    }

    /** The answer of a write(2) of so many pending bytes. */
    private void wrote(int answer, int admitted) {
        if (answer <= 0) {
            stalled(answer);
            return;
        }
        secrets.take(answer);
        owner.written(answer);
        if (answer < admitted) {
            stalled(EAGAIN); // the next would give it
        }
    }

    private void unadmitted(int answer) {
        if (answer < 0) {
            fail("tcgetattr", answer);
        } else {
            split();
        }
    }

    private void drainQueue() {
        while (!pending.isEmpty() && mayWrite()) {
            try (Scratch scratch = Scratch.take()) {
                writeNext(scratch);
            } finally {
                next.forget();
            }
        }
    }

    private void writeNext(Scratch scratch) {
        ByteBuffer window = scratch.data().limit(WINDOW_BYTES);
        pending.peek(window);
        int admitted = secrets.together(guard.admissible(next.of(window.flip())));
        if (admitted <= 0) {
            unadmitted(admitted);
            return;
        }
        int count = terminal.write(scratch, admitted, secrets.isNext());
        if (count > 0) {
            guard.typed(next, 0, count);
            pending.skip(count);
        }
        wrote(count, admitted);
    }

    private void split() {
        byte[] endOfFile = guard.split();
        if (endOfFile.length == 0) {
            owner.cut();
        } else if (writeEnd(endOfFile) > 0) {
            owner.written(0);
        }
    }

    /** Writes control characters, as a rule one or more VEOF, while nothing is pending; returns how many were written. */
    int writeEnd(byte[] bytes) {
        int count = terminal.write(bytes, 0, bytes.length);
        if (count <= 0) {
            stalled(count);
            return 0;
        }
        try {
            guard.typed(next.of(bytes, 0, count), 0, count);
        } finally {
            next.forget();
        }
        return count;
    }

    /** Asks for no more EPOLLOUT if there is nothing to write. */
    void restIfEmpty() {
        if (isEmpty() && !waitingForRoom) {
            terminal.forgo(Epoll.OUT);
        }
    }

    boolean mayWrite() {
        return !waitingForRoom && !stopped && !failed;
    }

    private void stalled(int answer) {
        waitingForRoom = true;
        if (answer == EAGAIN || terminal.end().isHangUp(answer)) {
            terminal.edges(Epoll.OUT);
        } else {
            fail("write", answer);
        }
    }

    /** {@link LineGuard#lookUp}; false if the mode cannot be looked up: nothing more is written then. */
    boolean lookUpMode() {
        int error = guard.lookUp();
        if (error < 0) {
            fail("tcgetattr", error);
        }
        return error == 0;
    }

    /** Nothing more is written: the terminal is about to be closed, unless it is already. */
    void fail(String call, int error) {
        if (!failed) {
            owner.failed(new IOException(call + " (" + terminal + "): " + Errno.describe(-error)));
            failed = true; // last: if the report runs out of memory, the failure is reported at the next try
        }
    }
}
