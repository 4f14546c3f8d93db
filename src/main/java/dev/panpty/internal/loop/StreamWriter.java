package dev.panpty.internal.loop;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Types into a terminal for callers that block: a {@link ChannelWriter} that knows of lines. One that the kernel would cut is refused or
 * split, and closing types the end of the input.
 */
final class StreamWriter extends ChannelWriter {

    private final Terminal terminal;
    private final LineGuard guard;
    private volatile boolean discarded;

    StreamWriter(Terminal terminal, StreamReader reader, boolean splitLongLines) {
        super(terminal, Optional.of(reader));
        this.terminal = terminal;
        guard = new LineGuard(terminal.ptmx(), splitLongLines);
    }

    /** What was typed is gone from the terminal; whoever types next takes note. Any thread, without waiting for a turn. */
    void discarded() {
        discarded = true;
    }

    private void takeNoteOfDiscard() {
        if (discarded) {
            discarded = false;
            forgetLastByte();
            guard.lineEnded();
        }
    }

    @Override
    void write(byte[] source, int offset, int length) throws IOException {
        takeTurn();
        try {
            takeNoteOfDiscard();
            Progress progress = new Progress(length);
            ByteBuffer rest = ByteBuffer.wrap(source, offset, length);
            int admitted = guard.admissible(rest);
            if (admitted < length && !guard.maySplit()) {
                throw new IOException(progress + ": " + LineGuard.REFUSAL);
            }
            type(rest, admitted, progress);
            while (rest.hasRemaining()) {
                ByteBuffer push = ByteBuffer.wrap(EndOfFile.once(terminal.ptmx().attributes()));
                writeAll(push, push.remaining(), State.OPEN, new Progress(0));
                guard.lineEnded();
                type(rest, guard.admissible(rest), progress);
            }
        } finally {
            endTurn();
        }
    }

    private void type(ByteBuffer source, int count, Progress progress) throws IOException {
        int from = source.position();
        try {
            writeAll(source, count, State.OPEN, progress);
        } finally {
            guard.typed(source, from, source.position());
        }
    }

    /** Types the end of the input and refuses writes from then on; without effect once closed or ended. */
    @Override
    void endOfInput() throws IOException {
        if (!beginClosing()) {
            return;
        }
        Progress progress = new Progress(0);
        try {
            takeTurn();
            try {
                takeNoteOfDiscard();
                ByteBuffer end = ByteBuffer.wrap(EndOfFile.after(lastByte(), terminal.ptmx().attributes()));
                writeAll(end, end.remaining(), State.CLOSING, progress);
            } finally {
                endTurn();
            }
        } catch (InterruptedIOException interrupted) {
            if (progress.isUntouched()) {
                reopen(); // a later close types it
            }
            throw interrupted;
        } catch (IOException failed) {
            if (isClosing()) {
                throw failed;
            }
        }
    }
}
