package dev.panpty;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What can be done with a live terminal beyond reading and writing. All methods may be called from any thread, in every style.
 *
 * <p>The terminal is closed at the end of the process, see {@link PtyProcess#onEnd}, or by {@link #hangUp} and the calls that do the same.
 * From then on {@link #resize} has no effect: a window may change its size before its owner has heard of the end. {@link #ptsName} and
 * {@link #hangUp} are as before. {@link #signal}, {@link #signalGroup} and {@link #signalForeground} throw {@link ProcessExitedException}
 * from the exit on, whether the terminal is closed or not, and the {@code await} methods answer false from then on. All else throws
 * IOException once the terminal is closed.
 *
 * <p>The {@code await} methods wait. In stream style so may what is typed, which goes behind what other threads are writing:
 * {@link #sendEndOfFile}, and {@link #interrupt}, {@link #quit} and {@link #suspend} where they are bytes. What may wait throws
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
     * Sets the window size. The foreground process group gets SIGWINCH if it changed. Without effect once the terminal is closed.
     *
     * @param size the new size
     * @throws IOException if the kernel refuses it
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
     * Interrupts what is in the foreground: what ^C does on the terminal as it is set now, but without loss of output. Where the
     * terminal makes a signal of the key (ISIG is set, EXTPROC is not, and VINTR is not 0), half-typed input and input that is not
     * read yet is discarded, unless NOFLSH is set; output that a typed VSTOP has stopped goes on (IXON), unless {@link #stopOutput}
     * has stopped it too; the key is echoed, as a rule as {@code ^C} (ECHO, ECHOCTL), where the terminal takes that at once; and
     * SIGINT is sent. An end of the input is not discarded. Elsewhere the program gets a byte, behind what was written before:
     * VINTR, or 3 where VINTR is 0.
     *
     * <p>Should the kernel refuse to open the program's end, as it does after TIOCEXCL without CAP_SYS_ADMIN or without a free descriptor, the
     * signal is sent all the same. Lines that are typed and not read then stay, and for a half-typed one VKILL is typed.
     *
     * @throws IOException if the terminal is closed, or takes no more input where a byte is typed;
     *     {@link java.io.InterruptedIOException} if interrupted while that waits
     */
    void interrupt() throws IOException;

    /**
     * As {@link #interrupt}, with SIGQUIT and VQUIT, or 28.
     *
     * @throws IOException as {@link #interrupt} does
     */
    void quit() throws IOException;

    /**
     * As {@link #interrupt}, with SIGTSTP and VSUSP, or 26.
     *
     * @throws IOException as {@link #interrupt} does
     */
    void suspend() throws IOException;

    /**
     * Types VEOF once, behind what was written before: the end of input at the start of a line; in mid-line it makes the line readable
     * as it is. In raw mode it is a byte like any other, 4 where VEOF is 0.
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
     * Stops output, by tcflow(3): the kernel blocks programs that write to the terminal. It lasts until {@link #resumeOutput}, or until VSTART
     * is written where IXON is set, or anything where IXANY is too; no signal key ends it. In a terminal with output processing (OPOST) the
     * kernel drops a line end now and then that a program writes at this instant, in one of some hundred calls, as it does for ^S.
     *
     * @throws IOException if the terminal is closed, or the kernel refuses to open the program's end (EBUSY after TIOCEXCL without
     *     CAP_SYS_ADMIN)
     */
    void stopOutput() throws IOException;

    /**
     * Lets stopped output go on, whatever has stopped it: {@link #stopOutput}, a typed ^S, or tcflow(3) by a program.
     *
     * @throws IOException as {@link #stopOutput} does
     */
    void resumeOutput() throws IOException;

    /**
     * Waits until echo is on or off. The kernel tells nobody of it, so it is looked at every 10 ms.
     *
     * @param on what is waited for
     * @param timeout at most so long
     * @return whether it came so; false at the time-out or when the program has exited
     * @throws IOException if the terminal is closed and the program has not exited
     * @throws InterruptedException if interrupted while waiting
     */
    boolean awaitEcho(boolean on, Duration timeout) throws IOException, InterruptedException;

    /**
     * Waits for a prompt for a password that is not answered yet: the program has set the terminal to input in lines without echo. (A line
     * editor has neither.) What is written once this is true is not lost to a program that discards what was typed ahead.
     *
     * <p>The first line end that is written at a prompt answers it, and then the next prompt is waited for. That it is another is told by the
     * modes, which are looked at every 10 ms, or by the output since the program has read the answer: a line end and then text, or anything
     * that then rests for 200 ms. In stream style output is read ahead for that while no other thread reads, 256 KiB at most; in event style
     * a paused process is told by the modes alone. So call this before each answer: what is written at a prompt that was not waited for is
     * not seen as its answer once the program has read it. After {@link #interrupt}, {@link #quit} or {@link #suspend}, or their character
     * typed, the program may end, ask again, or not heed it: a prompt is told by the modes then, or where modes and output rest for 200 ms.
     *
     * <p>Not to be told by the modes are prompts of programs that read key by key and show stars, and those behind a second terminal: of
     * {@code ssh} at the far end, or of {@code sudo} with {@code use_pty}. Wait for their text instead.
     *
     * @param timeout at most so long
     * @return whether it came; false at the time-out or when the program has exited
     * @throws IOException if the terminal is closed and the program has not exited
     * @throws InterruptedException if interrupted while waiting
     * @throws IllegalStateException on a reactor's thread; or if the echo is off because it was switched off by {@link #attributes}, or by the
     *     attributes that the process was started with: then no look can tell a prompt, and its text is to be waited for
     */
    boolean awaitPasswordPrompt(Duration timeout) throws IOException, InterruptedException;

    /**
     * Closes our end, soon: the program and the foreground process group get SIGHUP, and nothing more is read or written. What the reads
     * of a stream give from then on is said at {@link PtyProcess#getInputStream}.
     */
    void hangUp();
}
