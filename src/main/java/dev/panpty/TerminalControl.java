package dev.panpty;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What can be done with a live terminal beyond reading and writing. All methods may be called from any thread, in every style. They
 * throw IOException once the terminal is closed.
 *
 * <p>The {@code await} methods wait. In stream style so may what is typed, which goes behind what other threads are writing:
 * {@link #sendEndOfFile}, and in raw mode {@link #interrupt}, {@link #quit} and {@link #suspend}. What may wait throws
 * {@link IllegalStateException} on a reactor's thread; the other methods never wait.
 */
public interface TerminalControl {

    /**
     * The process that has the terminal's foreground.
     *
     * @param pid its number: the leader of the foreground process group, or a member where the leader is gone
     * @param command its arguments, decoded as those of a start are encoded; empty where they cannot be seen
     * @param directory its working directory; empty where it may not be seen, or was removed
     */
    record ForegroundProcess(long pid, List<String> command, Optional<Path> directory) {

        /** Copies the command. */
        public ForegroundProcess {
            command = List.copyOf(requireNonNull(command, "command"));
            requireNonNull(directory, "directory");
        }
    }

    /**
     * The path of the program's end.
     *
     * @return such as {@code /dev/pts/3}
     */
    String ptsName();

    /**
     * The window size now; programs can change it too.
     *
     * @return the size
     * @throws IOException if the terminal is closed
     */
    WindowSize windowSize() throws IOException;

    /**
     * Sets the window size. The foreground process group gets SIGWINCH if it changed.
     *
     * @param size the new size
     * @throws IOException if the terminal is closed
     */
    void resize(WindowSize size) throws IOException;

    /**
     * The attributes now; programs change them, line editors at every prompt.
     *
     * @return the attributes
     * @throws IOException if the terminal is closed
     */
    TerminalAttributes attributes() throws IOException;

    /**
     * Sets the attributes, at once, as TCSANOW does.
     *
     * @param attributes the new ones
     * @throws IOException if the terminal is closed
     */
    void attributes(TerminalAttributes attributes) throws IOException;

    /**
     * Interrupts what is in the foreground, as ^C does. Where the terminal makes signals of keys (ISIG), half-typed input and input that
     * is not read yet is discarded, unless NOFLSH is set, and SIGINT is sent; no output is lost, and neither is an end of the input. In
     * raw mode the program gets VINTR as a byte, behind what was written before.
     *
     * @throws IOException if the terminal is closed, or takes no more input where a byte is typed;
     *     {@link java.io.InterruptedIOException} if interrupted while that waits
     */
    void interrupt() throws IOException;

    /**
     * As {@link #interrupt}, with SIGQUIT and VQUIT.
     *
     * @throws IOException as {@link #interrupt} does
     */
    void quit() throws IOException;

    /**
     * As {@link #interrupt}, with SIGTSTP and VSUSP.
     *
     * @throws IOException as {@link #interrupt} does
     */
    void suspend() throws IOException;

    /**
     * Types VEOF once, behind what was written before: the end of input at the start of a line; in mid-line it makes the line readable
     * as it is. In raw mode it is a byte like any other.
     *
     * @throws IOException if the terminal is closed or takes no more input; {@link java.io.InterruptedIOException} if interrupted while
     *     it waits
     */
    void sendEndOfFile() throws IOException;

    /**
     * Sends a signal to the program, and to it alone.
     *
     * @param signal which
     * @throws ProcessExitedException once it has exited: no other process is ever hit
     * @throws IOException if the signal is not permitted
     */
    void signal(Signal signal) throws IOException;

    /**
     * Sends a signal to the program's own process group.
     *
     * @param signal which
     * @throws ProcessExitedException once the program has exited
     * @throws IOException if the signal is not permitted
     */
    void signalGroup(Signal signal) throws IOException;

    /**
     * Sends a signal to the foreground process group, which is where typed signals go.
     *
     * @param signal which
     * @throws ProcessExitedException once the program has exited, or if no process is in the foreground
     * @throws IOException if the signal is not permitted, or the terminal is closed
     */
    void signalForeground(Signal signal) throws IOException;

    /**
     * The foreground process group, see tcgetpgrp(3).
     *
     * @return its number; empty where there is none
     * @throws IOException if the terminal is closed
     */
    OptionalInt foregroundProcessGroup() throws IOException;

    /**
     * Who has the foreground, looked up in {@code /proc}. In the midst of an exec the kernel has no arguments of a process: those of the
     * program itself are then the ones that it was started with, for those of another this waits up to 50 ms, but not on a reactor's
     * thread.
     *
     * @return the process; empty where there is none
     * @throws IOException if the terminal is closed, or there is no {@code /proc}
     */
    Optional<ForegroundProcess> foregroundProcess() throws IOException;

    /**
     * Stops output, as ^S does: the kernel blocks whoever writes to the terminal.
     *
     * @throws IOException if the terminal is closed
     */
    void stopOutput() throws IOException;

    /**
     * Lets stopped output go on, as ^Q does.
     *
     * @throws IOException if the terminal is closed
     */
    void resumeOutput() throws IOException;

    /**
     * Waits until echo is on or off. The kernel tells nobody of it, so it is looked at every 10 ms.
     *
     * @param on what is waited for
     * @param timeout at most so long
     * @return whether it came so; false at the time-out or when the program has exited
     * @throws IOException if the terminal is closed
     * @throws InterruptedException if interrupted while waiting
     */
    boolean awaitEcho(boolean on, Duration timeout) throws IOException, InterruptedException;

    /**
     * Waits for a password prompt: input in lines, and no echo. (A line editor has neither.)
     *
     * @param timeout at most so long
     * @return whether it came; false at the time-out or when the program has exited
     * @throws IOException if the terminal is closed
     * @throws InterruptedException if interrupted while waiting
     */
    boolean awaitPasswordPrompt(Duration timeout) throws IOException, InterruptedException;

    /**
     * Closes our end, soon: the program and the foreground process group get SIGHUP, and nothing more is read or written. What the reads
     * of a stream give from then on is said at {@link PtyProcess#getInputStream}.
     */
    void hangUp();
}
