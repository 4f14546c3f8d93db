package dev.panpty.internal.stream;

import dev.panpty.internal.process.LineGuard;
import dev.panpty.internal.process.PartialWrites;
import dev.panpty.internal.process.PtmxChannel;
import dev.panpty.internal.process.Source;
import dev.panpty.internal.sys.Errno;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.function.Function;

/**
 * Types into a terminal for callers that block: a {@link ChannelWriter} that asks a {@link LineGuard} when it accepts a write and before
 * each write(2). A line that the kernel would cut is refused or split, or ends the write if only a change of mode has made it too long;
 * and closing types the end of the input.
 */
public final class StreamWriter extends ChannelWriter {

    private final PtmxChannel terminal;
    private final LineGuard guard; // these with the lock
    private final Source end = new Source();
    private boolean endTyped;

    public StreamWriter(PtmxChannel terminal, StreamReader reader, boolean splitLongLines, PartialWrites partialWrites) {
        super(terminal, Optional.of(reader), partialWrites);
        this.terminal = terminal;
        guard = new LineGuard(terminal.ptmx(), splitLongLines);
    }

    /**
     * Discards what the program has not read, and the rest of a write that has begun; writers that wait for their turn go on. An end of the
     * input that the program has not read is typed again. Where the kernel refuses the flush, the rest is discarded all the same and a half-typed
     * line erased, or the next reader would take it for the start of its own. Any thread, without waiting for a turn.
     */
    void discard() {
        lock.lock(); // no byte is typed in between
        try {
            boolean endUnread = endTyped && terminal.ptmx().mayHaveUnreadInput();
            discardRest();
            if (terminal.ptmx().discardInput() < 0) {
                type(LineGuard::lineKill);
                return;
            }
            guard.discarded();
            if (endUnread) {
                type(LineGuard::endOfInput); // there is room, and nothing else is typed any more
            }
        } finally {
            lock.unlock();
        }
    }

    /** At once or not at all. A terminal whose mode cannot be looked up is closed. With the lock. */
    private void type(Function<LineGuard, byte[]> keys) {
        if (guard.look() < 0) {
            return;
        }
        byte[] bytes = keys.apply(guard);
        int typed = bytes.length == 0 ? 0 : terminal.write(bytes, 0, bytes.length);
        if (typed > 0) {
            guard.typed(end.of(bytes, 0, typed), 0, typed);
        }
    }

    @Override
    int accept(Source all) throws IOException {
        int admitted = guard.accept(all, false);
        if (admitted == LineGuard.REFUSED) {
            throw failure(LineGuard.REFUSAL);
        }
        checkAttributes(admitted);
        return admitted;
    }

    @Override
    int admissible(Source all) throws IOException {
        int admitted = guard.admissible(all);
        if (admitted < 0) {
            throw partial(whyUnknown(admitted));
        }
        return admitted;
    }

    @Override
    boolean split() throws IOException {
        byte[] endOfFile = guard.split();
        if (endOfFile.length == 0) {
            throw partial(LineGuard.REFUSAL);
        }
        return write(end.of(endOfFile, 0, 1), 1);
    }

    @Override
    void typed(Source bytes, int from) {
        guard.typed(bytes, from, bytes.position());
    }

    private void checkAttributes(int error) throws IOException {
        if (error < 0) {
            throw failure(whyUnknown(error));
        }
    }

    private String whyUnknown(int error) {
        return terminal.isClosed() ? ENDED : "tcgetattr: " + Errno.describe(-error);
    }

    /**
     * Types the end of the input and refuses writes from then on; waits for room as a write does. Without effect once closed or ended, also
     * if that happens while it waits. Where its thread is interrupted, or it fails, a later call types what is missing.
     */
    @Override
    public void endOfInput() throws IOException {
        if (!beginClosing()) {
            return;
        }
        boolean over = false;
        try {
            takeTurn(0);
            try {
                typeEnd();
            } finally {
                endTurn();
            }
            over = true;
        } catch (IOException untyped) {
            over = !isClosing() && !(untyped instanceof InterruptedIOException); // then there is no program that misses it
            if (!over) {
                throw untyped;
            }
        } finally {
            if (!over) {
                reopen();
            }
        }
    }

    /** As it is after what was typed, and in the mode at each try. With the turn. */
    private void typeEnd() throws IOException {
        lock.lock();
        try {
            for (int waits = 0; !endTyped; ) {
                if (state() != State.CLOSING) {
                    throw failure(ENDED);
                }
                checkAttributes(guard.look());
                byte[] bytes = guard.endOfInput();
                boolean written = bytes.length == 0 || write(end.of(bytes, 0, bytes.length), bytes.length);
                endTyped = bytes.length == 0 || written && end.remaining() == 0;
                if (!written) {
                    await(waits++);
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
