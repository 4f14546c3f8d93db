package dev.panpty.internal.loop;

import dev.panpty.internal.sys.Errno;
import dev.panpty.internal.sys.Termios;
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
            int admitted = admissible(rest, progress);
            if (admitted < length && !guard.maySplit()) {
                throw new IOException(progress + ": " + LineGuard.REFUSAL);
            }
            type(rest, admitted, progress);
            while (rest.hasRemaining()) {
                ByteBuffer push = ByteBuffer.wrap(EndOfFile.once(attributes(progress)));
                writeAll(push, push.remaining(), State.OPEN, new Progress(0));
                guard.lineEnded();
                type(rest, admissible(rest, progress), progress);
            }
        } finally {
            endTurn();
        }
    }

    private int admissible(ByteBuffer source, Progress progress) throws IOException {
        int admitted = guard.admissible(source);
        checkAttributes(Math.min(admitted, 0), progress);
        return admitted;
    }

    private Termios attributes(Progress progress) throws IOException {
        Termios.Result result = terminal.ptmx().attributes();
        checkAttributes(result.error(), progress);
        return result.termios();
    }

    private void checkAttributes(int error, Progress progress) throws IOException {
        if (error < 0) {
            throw new IOException(progress + ": " + (terminal.isClosed() ? ENDED : "tcgetattr: " + Errno.describe(-error)));
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
                ByteBuffer end = ByteBuffer.wrap(EndOfFile.after(lastByte(), attributes(progress)));
                writeAll(end, end.remaining(), State.CLOSING, progress);
            } finally {
                endTurn();
            }
        } catch (InterruptedIOException interrupted) {
            reopenIfUntouched(progress);
            throw interrupted;
        } catch (IOException failed) {
            if (isClosing()) {
                reopenIfUntouched(progress);
                throw failed;
            }
        }
    }

    /** A later close types it. */
    private void reopenIfUntouched(Progress progress) {
        if (progress.isUntouched()) {
            reopen();
        }
    }
}
