package dev.panpty.internal.stream;

import dev.panpty.internal.process.LineGuard;
import dev.panpty.internal.process.PtmxChannel;
import dev.panpty.internal.process.Source;
import dev.panpty.internal.sys.Errno;
import java.io.IOException;

/**
 * What input at the ptmx needs beside write(2): a {@link LineGuard}, the end of the input, which is typed, and a flush. A line that the
 * kernel would cut is refused or split; if it became too long by a change of mode, the write fails. Guarded by its writer's lock.
 *
 * <pre>
 *   end not typed --{@link #endTyped}--> end typed --{@link #discard} before the program has read it--> end typed again
 * </pre>
 */
final class TerminalInput {

    private final PtmxChannel terminal;
    private final LineGuard guard;
    private final Source keys = new Source();
    private final Turn turn; // for its exceptions
    private boolean endTyped;

    TerminalInput(PtmxChannel terminal, boolean splitLongLines, Turn turn) {
        this.terminal = terminal;
        this.turn = turn;
        guard = new LineGuard(terminal.ptmx(), splitLongLines);
    }

    /** {@link LineGuard#accept}, of a call that has the turn. */
    int accept(Source all) throws IOException {
        int admitted = guard.accept(all, false);
        if (admitted == LineGuard.REFUSED) {
            throw turn.failure(LineGuard.REFUSAL);
        }
        requireMode(admitted);
        return admitted;
    }

    /** {@link LineGuard#admissible}, of a call that has begun to write. */
    int admissible(Source all) throws IOException {
        int admitted = guard.admissible(all);
        if (admitted < 0) {
            throw turn.partial(whyModeUnknown(admitted));
        }
        return admitted;
    }

    /** VEOF, which pushes the line. */
    byte[] split() throws IOException {
        byte[] endOfFile = guard.split();
        if (endOfFile.length == 0) {
            throw turn.partial(LineGuard.REFUSAL);
        }
        return endOfFile;
    }

    /** The bytes from this index to the position are written. */
    void typed(Source bytes, int from) {
        guard.typed(bytes, from, bytes.position());
    }

    /** The bytes that end the input, by the line and the mode now; may be empty. */
    byte[] end() throws IOException {
        requireMode(guard.lookUp());
        return guard.endOfInput();
    }

    private void requireMode(int error) throws IOException {
        if (error < 0) {
            throw turn.failure(whyModeUnknown(error));
        }
    }

    private String whyModeUnknown(int error) {
        return terminal.isClosed() ? Turn.TERMINAL_ENDED : "tcgetattr: " + Errno.describe(-error);
    }

    boolean isEndTyped() {
        return endTyped;
    }

    void endTyped() {
        endTyped = true;
    }

    /** If the kernel refuses the flush, a half-typed line is erased: it would become the start of the next line. */
    void discard() {
        boolean endUnread = endTyped && terminal.ptmx().pts().mayHaveUnreadInput();
        if (terminal.ptmx().pts().discardInput() < 0) {
            if (guard.lookUp() == 0) {
                type(guard.lineKill());
            }
            return;
        }
        guard.discarded();
        if (endUnread && guard.lookUp() == 0) {
            type(guard.endOfInput()); // there is room after the flush, and nothing else is typed any more
        }
    }

    /** Types the bytes if there is room now; does not wait. */
    private void type(byte[] bytes) {
        int typed = bytes.length == 0 ? 0 : terminal.write(bytes, 0, bytes.length);
        if (typed > 0) {
            guard.typed(keys.of(bytes, 0, typed), 0, typed);
        }
    }
}
