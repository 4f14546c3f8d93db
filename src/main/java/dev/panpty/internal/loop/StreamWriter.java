package dev.panpty.internal.loop;

import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.Termios;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;

/**
 * Types into a terminal for callers that block: a {@link ChannelWriter} that knows of lines. One that the kernel would cut is refused or
 * split, and closing types the end of the input.
 */
final class StreamWriter extends ChannelWriter {

    private final Terminal terminal;
    private final LineGuard guard;
    private volatile boolean discarded;

    StreamWriter(Terminal terminal, StreamReader reader, boolean splitLongLines, PartialWrites partialWrites) {
        super(terminal, Optional.of(reader), partialWrites);
        this.terminal = terminal;
        guard = new LineGuard(terminal.ptmx(), splitLongLines);
    }

    /**
     * Discards what the program has not read; an end of the input that it has not seen is typed again, and whoever types next takes note.
     * 0 or the negative errno. Any thread, without waiting for a turn.
     */
    int discard() {
        lock.lock(); // no byte is typed meanwhile
        try {
            boolean endUnread = areLastWordsSaid() && terminal.ptmx().mayHaveUnreadInput();
            int result = terminal.ptmx().discardInput();
            if (result < 0) {
                return result;
            }
            discarded = true;
            forgetLastByte();
            return endUnread ? typeEndAgain() : 0;
        } finally {
            lock.unlock();
        }
    }

    /** Nobody else types any more, and there is room. */
    private int typeEndAgain() {
        Termios.Result attributes = terminal.ptmx().attributes();
        if (attributes.error() < 0) {
            return attributes.error();
        }
        byte[] end = EndOfFile.once(attributes.termios());
        int typed = end.length == 0 ? 0 : terminal.write(end, 0, end.length);
        return terminal.isChildReaped() ? 0 : Math.min(typed, 0); // then it is not missed
    }

    private void takeNoteOfDiscard() {
        if (discarded) {
            discarded = false;
            guard.lineEnded();
        }
    }

    @Override
    void write(Source all) throws IOException {
        takeNoteOfDiscard();
        int admitted = admissible(all);
        if (admitted < all.remaining() && !guard.maySplit()) {
            throw failure(LineGuard.REFUSAL);
        }
        type(all, admitted);
        while (all.remaining() > 0) {
            typeKeys(EndOfFile.once(attributes()), State.OPEN);
            guard.lineEnded();
            type(all, admissible(all));
        }
    }

    private int admissible(Source all) throws IOException {
        int admitted = guard.admissible(all);
        checkAttributes(Math.min(admitted, 0));
        return admitted;
    }

    private Termios attributes() throws IOException {
        Termios.Result result = terminal.ptmx().attributes();
        checkAttributes(result.error());
        return result.termios();
    }

    private void checkAttributes(int error) throws IOException {
        if (error < 0) {
            throw failure(terminal.isClosed() ? ENDED : "tcgetattr: " + Errno.describe(-error));
        }
    }

    private void type(Source all, int count) throws IOException {
        int from = all.position();
        try {
            writeAll(all, count, State.OPEN);
        } finally {
            guard.typed(all, from, all.position());
        }
    }

    /** Types the end of the input and refuses writes from then on; without effect once closed or ended. */
    @Override
    void endOfInput() throws IOException {
        if (!beginClosing()) {
            return;
        }
        boolean untouched = true;
        boolean failed = true;
        try {
            takeTurn(0);
            try {
                Termios now = attributes();
                untouched = false;
                typeEnd(now);
                failed = false;
            } finally {
                untouched |= areKeysUntouched();
                endTurn();
            }
        } catch (IOException untyped) {
            failed = isClosing() || untyped instanceof InterruptedIOException; // else it is of no use to anybody
            if (failed) {
                throw untyped;
            }
        } finally {
            if (failed && untouched) {
                reopen(); // a later close types it
            }
        }
    }
}
