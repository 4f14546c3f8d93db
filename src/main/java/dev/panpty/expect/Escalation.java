package dev.panpty.expect;

import dev.panpty.PtyProcess;
import dev.panpty.Signal;
import dev.panpty.TerminalAttributes.LocalFlag;
import java.io.IOException;

/**
 * Ends a command at its limit.
 *
 * <pre>
 *   in time --limit: ^C--> late --a second later: SIGTERM to a program in the foreground, ^C to the shell itself--> late
 *     --each second, twice: SIGKILL to the program, ^C to the shell--> late --a second later: SIGKILL to the shell--> late
 * </pre>
 */
final class Escalation {

    private static final long STEP = 1000 * ShellTerminal.MILLI;
    private static final int LAST = 4;

    private final PtyProcess process;
    private long nextAt;
    private int steps;

    /** @param limitNanos when it begins, as {@link System#nanoTime} */
    Escalation(PtyProcess process, long limitNanos) {
        this.process = process;
        nextAt = limitNanos;
    }

    /** Whether the limit has passed. */
    boolean isLate() {
        return steps > 0;
    }

    /** Takes the next step if it is time; gives the time until the one behind it. */
    long proceed() throws IOException {
        if (System.nanoTime() - nextAt >= 0) {
            step(steps++);
            nextAt = System.nanoTime() + STEP;
        }
        return nextAt - System.nanoTime();
    }

    private void step(int number) throws IOException {
        boolean shell = process.foregroundProcessGroup().orElse(0) == process.pid();
        if (number >= LAST) {
            process.destroyForcibly();
        } else if (number == 0 || shell) {
            interrupt(process);
        } else {
            process.signalForeground(number == 1 ? Signal.TERM : Signal.KILL);
        }
    }

    /**
     * As by ^C; by a signal where that is a byte: one that the program does not read would begin the next line of a shell without an
     * editor.
     */
    static void interrupt(PtyProcess process) throws IOException {
        if (process.attributes().has(LocalFlag.ISIG)) {
            process.interrupt();
        } else {
            process.signalForeground(Signal.INT);
        }
    }
}
