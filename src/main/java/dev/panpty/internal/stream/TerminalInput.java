package dev.panpty.internal.stream;

import dev.panpty.internal.process.LineGuard;
import dev.panpty.internal.process.PtmxChannel;
import dev.panpty.internal.process.Source;
import dev.panpty.internal.sys.Errno;
import java.io.IOException;

/**
 * What our end of a terminal needs for input beside write(2): a {@link LineGuard}, an end of the input that is typed, and a flush. A line that
 * the kernel would cut is refused or split, or ends the write if only a change of mode has made it too long. Guarded by its writer's lock.
 *
 * <pre>
 *   the end is untyped --{@link #endTyped}--> typed --{@link #discard} before the program has read it--> typed anew
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

    /** The bytes from there to the position are written. */
    void typed(Source bytes, int from) {
        guard.typed(bytes, from, bytes.position());
    }

    /** What ends the input, by the line and the mode at this moment; may be nothing. */
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

    /** Where the kernel refuses the flush, a half-typed line is erased, or the next reader would take it for the start of its own. */
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
            type(guard.endOfInput()); // there is room, and nothing else is typed any more
        }
    }

    /** At once or not at all. */
    private void type(byte[] bytes) {
        int typed = bytes.length == 0 ? 0 : terminal.write(bytes, 0, bytes.length);
        if (typed > 0) {
            guard.typed(keys.of(bytes, 0, typed), 0, typed);
        }
    }
}
