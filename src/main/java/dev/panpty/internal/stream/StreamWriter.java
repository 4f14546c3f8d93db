package dev.panpty.internal.stream;

import dev.panpty.internal.process.Channel;
import dev.panpty.internal.process.PartialWrites;
import dev.panpty.internal.process.PtmxChannel;
import dev.panpty.internal.process.Source;
import dev.panpty.internal.process.WriteSide;
import dev.panpty.internal.sys.Errno;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes to either end of a terminal for callers that block. They write on their own threads and wait only if the kernel has no room. At
 * the ptmx each write(2) is first checked by {@link TerminalInput}.
 *
 * <pre>
 *   OPEN --endOfInput, ptmx--> CLOSING: VEOF is written when there is room; writes are refused, a waiting one fails
 *   OPEN --endOfInput, pts---> CLOSED
 *   CLOSING --VEOF written, or no program is left to read it--> CLOSED
 *   CLOSING --VEOF not written: interrupted, or an error------> OPEN: a later endOfInput tries again
 *   OPEN, CLOSING --close--> CLOSED: the waiting caller is woken, nothing more is written
 *   any --terminal closed, or loop failed--> ENDED: writes are refused
 *   write: refused unless OPEN; endOfInput, close: no effect in CLOSED and ENDED
 *
 *   after the child's exit a write succeeds if another process holds the terminal; after the reap no write waits for room
 * </pre>
 *
 * <p>Locks, outer first: the turn; {@code lock}, for the state; the reader's, to read ahead; the channel's, for a write.
 */
public final class StreamWriter implements WriteSide {

    private enum State { OPEN, CLOSING, CLOSED, ENDED }

    private static final int EAGAIN = -Errno.EAGAIN;

    private final Channel channel;
    private final Optional<TerminalInput> input;
    private final Optional<StreamReader> echo;
    private final Turn turn;
    private final ReentrantLock lock = new ReentrantLock();
    private final RoomWait room; // guarded by the lock, as all that follows
    private final Source keys = new Source(); // VEOF
    private State state = State.OPEN;
    private String whyEnded = Turn.TERMINAL_ENDED;
    /** How often input was discarded: a write that has begun then fails, a write that waits for its turn goes on. */
    private int discards;

    public StreamWriter(PtmxChannel terminal, StreamReader reader, boolean splitLongLines, PartialWrites partialWrites) {
        channel = terminal;
        turn = new Turn(terminal, partialWrites);
        input = Optional.of(new TerminalInput(terminal, splitLongLines, turn));
        echo = Optional.of(reader);
        room = new RoomWait(terminal, echo, turn, lock);
        reader.alsoNotify(room);
    }

    /** At the pts: no line limit, and closing it types nothing. */
    StreamWriter(Channel pts, PartialWrites partialWrites) {
        channel = pts;
        turn = new Turn(pts, partialWrites);
        input = Optional.empty();
        echo = Optional.empty();
        room = new RoomWait(pts, echo, turn, lock);
    }

    /** {@link java.io.OutputStream#write(byte[], int, int)}: returns when the kernel has all of it. A tap gets a secret as such. */
    public void write(byte[] bytes, int offset, int length, boolean secret) throws IOException {
        refuseUnlessOpen(length);
        writeAll(turn.take(bytes, offset, length, secret));
    }

    /** {@link java.io.OutputStream#write(int)}. */
    public void write(int value) throws IOException {
        refuseUnlessOpen(1);
        writeAll(turn.take(value));
    }

    /** Checked before the turn is taken: a closing caller may hold the turn as long as there is no room. */
    private void refuseUnlessOpen(int bytes) throws IOException {
        lock.lock();
        try {
            if (state != State.OPEN) {
                throw turn.failure(whyRefused(), bytes);
            }
        } finally {
            lock.unlock();
        }
    }

    private String whyRefused() {
        return state == State.ENDED ? whyEnded : "the stream is closed";
    }

    /** Writes all of it and releases the turn. */
    private void writeAll(Source all) throws IOException {
        try {
            lock.lock();
            try {
                writeOpen(all);
            } finally {
                lock.unlock();
            }
        } finally {
            turn.end();
        }
    }

    /** With the turn and the lock, as every method that writes. */
    private void writeOpen(Source all) throws IOException {
        if (state != State.OPEN) {
            throw turn.failure(whyRefused());
        }
        int discardsBefore = discards;
        int waits = 0;
        for (int admitted = accept(all); all.remaining() > 0; admitted = admissible(all)) {
            int before = all.position();
            if (admitted > 0 ? write(all, admitted) : split()) {
                waits = 0;
                continue;
            }
            waits = all.position() > before ? 0 : waits;
            room.await(waits++);
            if (state != State.OPEN) {
                throw turn.partial(whyRefused());
            }
            if (discards != discardsBefore) {
                throw turn.partial("an interrupt has discarded the rest");
            }
        }
    }

    /** How many of the bytes may be written now; 0 if {@link #split} must come first. */
    private int accept(Source all) throws IOException {
        return input.isEmpty() ? all.remaining() : input.get().accept(all);
    }

    /** As {@link #accept}, after the first write(2) or a wait. */
    private int admissible(Source all) throws IOException {
        return input.isEmpty() ? all.remaining() : input.get().admissible(all);
    }

    /** Pushes the line by VEOF; false if there was no room for it. */
    private boolean split() throws IOException {
        return write(keys.of(input.orElseThrow().split(), 0, 1), 1);
    }

    /** {@code write(2)} of so many of the next bytes; false if there was no room for all of them. */
    private boolean write(Source bytes, int count) throws IOException {
        int from = bytes.position();
        int written = bytes.write(channel, count);
        if (written > 0) {
            if (echo.isPresent()) {
                echo.get().expectAnswer();
            }
            if (input.isPresent()) {
                input.get().typed(bytes, from);
            }
        } else if (written < 0 && written != EAGAIN) {
            throw turn.partial(channel.isClosed() ? whyEnded : Errno.describe(-written));
        }
        return written == count;
    }

    /**
     * {@link java.io.OutputStream#close}: refuses writes from now on and types the end of the input, waiting for room as a write does. No
     * effect once closed or ended; returns if that happens while it waits. If it fails or its thread is interrupted, a later call types
     * what is missing.
     */
    public void endOfInput() throws IOException {
        if (!beginClosing()) {
            return;
        }
        boolean over = false;
        try {
            turn.take();
            try {
                typeEnd(input.orElseThrow());
            } finally {
                turn.end();
            }
            over = true;
        } catch (IOException untyped) {
            over = !isEndMissed() && !(untyped instanceof InterruptedIOException);
            if (!over) {
                throw untyped;
            }
        } finally {
            finishClosing(over ? State.CLOSED : State.OPEN);
        }
    }

    /** Whether the end of the input is to be typed. */
    private boolean beginClosing() {
        lock.lock();
        try {
            if (state != State.OPEN) {
                return false;
            }
            state = input.isPresent() ? State.CLOSING : State.CLOSED;
            room.wake();
            return input.isPresent();
        } finally {
            lock.unlock();
        }
    }

    private void finishClosing(State to) {
        lock.lock();
        try {
            if (state == State.CLOSING) {
                state = to;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether a program may still read the end of the input. */
    private boolean isEndMissed() {
        lock.lock();
        try {
            return state == State.CLOSING && !channel.isChildReaped() && !channel.isClosed();
        } finally {
            lock.unlock();
        }
    }

    /** Types as many VEOF as the line and the mode need, computed at each try: of two, one may be written already. With the turn. */
    private void typeEnd(TerminalInput typed) throws IOException {
        lock.lock();
        try {
            for (int waits = 0; !typed.isEndTyped(); ) {
                if (state != State.CLOSING) {
                    throw turn.failure(Turn.TERMINAL_ENDED);
                }
                byte[] end = typed.end();
                if (end.length == 0 || write(keys.of(end, 0, end.length), end.length)) {
                    typed.endTyped();
                } else {
                    room.await(waits++);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Discards input that the program has not read and the rest of a write that has begun; writers that wait for their turn go on. An end
     * of the input that the program has not read is typed again. Any thread; does not wait for the turn.
     */
    void discard() {
        lock.lock(); // no byte is typed in between
        try {
            discards++;
            room.wake();
            input.orElseThrow().discard();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void ready() {
        room.ready();
    }

    @Override
    public void close() {
        end(State.CLOSED, Turn.TERMINAL_ENDED);
    }

    @Override
    public void closed() {
        end(State.ENDED, Turn.TERMINAL_ENDED);
    }

    @Override
    public void failed(String reason) {
        end(State.ENDED, reason);
    }

    private void end(State to, String reason) {
        lock.lock();
        try {
            if (state != State.ENDED) {
                state = to;
                whyEnded = reason;
            }
            room.wake();
        } finally {
            lock.unlock();
        }
    }
}
