package dev.panpty;

import static java.util.Objects.requireNonNull;

import dev.panpty.internal.spawn.PlatformString;
import dev.panpty.internal.sys.FileNameEncoding;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Operations on the terminal of a process other than reading and writing. All methods may be called from any thread, in both styles.
 *
 * <p>The terminal is closed at the end of the process, see {@link PtyProcess#onEnd}, or by {@link #hangUp} and the calls that do the same.
 * After that {@link #resize} has no effect, since a window may change its size before its owner knows of the end; {@link #ptsName} and
 * {@link #hangUp} work as before; all other methods throw {@link IOException}, except as follows. After the exit, whether the terminal is
 * closed or not, {@link #signal}, {@link #signalGroup} and {@link #signalForeground} throw {@link ProcessExitedException}, and the
 * {@code await} methods return false.
 *
 * <p>If the terminal is not the program's controlling terminal, see {@link PtyProcessBuilder#controllingTerminal}, the program's own
 * process group stands for the foreground group in all methods that send a signal, and no group is in the foreground.
 *
 * <p>The {@code await} methods wait. In stream style, methods that type bytes may wait too, because the bytes come after those that other
 * threads are writing: {@link #sendEndOfFile} and {@link #typeSecret}, and {@link #interrupt}, {@link #quit} and {@link #suspend} if they
 * type a byte. Methods that may wait throw {@link IllegalStateException} on a reactor's thread. The other methods never wait.
 */
public interface TerminalControl {

    /**
     * A process in the terminal's foreground process group.
     *
     * @param pid the number of the group's leader, or of a member if the leader has exited
     * @param command its arguments, decoded in the encoding that a start uses; empty if they cannot be read
     * @param directory its working directory; empty if it may not be read, or was removed
     */
    record ForegroundProcess(long pid, List<String> command, Optional<Path> directory) {

        /** Copies the command. */
        public ForegroundProcess {
            command = List.copyOf(requireNonNull(command, "command"));
            requireNonNull(directory, "directory");
        }

        /**
         * The working directory as text, decoded as {@link #command} is. Without a locale the text of the {@link Path} has replacements for
         * all characters beyond US-ASCII, though the path itself leads there.
         *
         * @return empty if the directory is
         */
        public Optional<String> directoryName() {
            return directory.map(path -> {
                String name = FileNameEncoding.decode(PlatformString.of(path));
                return name.length() > 1 && name.endsWith("/") ? name.substring(0, name.length() - 1) : name; // of a URI of a directory
            });
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
     * Sets the window size, of a second terminal for standard error too. The foreground process group gets SIGWINCH if it changed. Without
     * effect, and without an exception, once the terminal is closed, at the end of the process too.
     *
     * @param size the new size
     * @throws IOException if the kernel refuses it
     */
    void resize(WindowSize size) throws IOException;

    /**
     * The attributes now. Programs change them; line editors do so at every prompt.
     *
     * @return the attributes
     * @throws IOException if the terminal is closed
     */
    TerminalAttributes attributes() throws IOException;

    /**
     * Sets the attributes at once, see TCSANOW in tcsetattr(3).
     *
     * @param attributes the new ones
     * @throws IOException if the terminal is closed
     */
    void attributes(TerminalAttributes attributes) throws IOException;

    /**
     * Interrupts the foreground process group: does what ^C does in the terminal's present mode, except that no output is lost.
     *
     * <p>If the terminal makes a signal of the key, that is, if ISIG is set, EXTPROC is clear and VINTR is not 0: half-typed input and
     * input that is not read yet is discarded, unless NOFLSH is set; an end of the input is not discarded. Output that a typed VSTOP has
     * stopped goes on if IXON is set, unless {@link #stopOutput} has stopped it too. The key is echoed, as a rule as {@code ^C} (ECHO,
     * ECHOCTL), if the terminal has room for it now. Then SIGINT is sent.
     *
     * <p>Otherwise the program gets a byte, after what was written before: VINTR, or 3 if VINTR is 0.
     *
     * <p>If the kernel refuses to open the pts, as it does after TIOCEXCL without CAP_SYS_ADMIN or if no descriptor is available, the
     * signal is sent nevertheless. Lines that are typed and not read then stay, and a half-typed line is erased by VKILL.
     *
     * @throws IOException if the terminal is closed, or if a byte is to be typed and no more input is accepted;
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
     * Types VEOF once, after what was written before. At the start of a line it is the end of input; in the middle of a line it makes the
     * unfinished line readable. In raw mode it is a byte like any other, 4 if VEOF is 0.
     *
     * @throws IOException if the terminal is closed or takes no more input; {@link java.io.InterruptedIOException} if interrupted while
     *     it waits
     */
    void sendEndOfFile() throws IOException;

    /**
     * Types a secret, such as a password and the byte of Enter, after what was written before. It is written as other bytes are, by a
     * stream or {@link ProcessTransport#write}, but every {@link TerminalTap} gets it as a secret, whatever the modes are: a prompt behind
     * a second terminal, such as that of a program behind {@code ssh}, does not show in the modes of this one.
     *
     * @param secret not changed; the caller may clear it once this has returned
     * @throws IOException if the terminal is closed or takes no more input; in stream style also as the write of the stream
     * @throws IllegalArgumentException in event style as {@link ProcessTransport#write}
     */
    void typeSecret(byte[] secret) throws IOException;

    /**
     * Sends a signal to the program only.
     *
     * @param signal which
     * @throws ProcessExitedException once it has exited: a later process of the same number never gets the signal
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
     * Sends a signal to the foreground process group, as a typed signal character does.
     *
     * @param signal which
     * @throws ProcessExitedException once the program has exited, or if no process is in the foreground
     * @throws IOException if the signal is not permitted, or the terminal is closed
     */
    void signalForeground(Signal signal) throws IOException;

    /**
     * The foreground process group, see tcgetpgrp(3).
     *
     * @return its number; empty if no group is in the foreground
     * @throws IOException if the terminal is closed
     */
    OptionalInt foregroundProcessGroup() throws IOException;

    /**
     * The process in the foreground, looked up in {@code /proc}. During an exec the kernel has no arguments of a process. For the program
     * itself this then gives the arguments that it was started with. For another process it waits up to 50 ms for the new ones, but not on
     * a reactor's thread.
     *
     * @return the process; empty if none is in the foreground, or {@code /proc} hides it, see hidepid in proc(5)
     * @throws IOException if the terminal is closed, or {@code /proc} is not available
     */
    Optional<ForegroundProcess> foregroundProcess() throws IOException;

    /**
     * Stops output, see tcflow(3): the kernel blocks programs that write to the terminal. Output stays stopped until {@link #resumeOutput},
     * or until VSTART is written and IXON is set, or any byte is written and IXANY is set too. No signal key restarts it. In a terminal
     * with output processing (OPOST) the kernel may drop a line end that a program writes at this instant, as for ^S: once in some hundred
     * calls.
     *
     * @throws IOException if the terminal is closed, or the kernel refuses to open the pts (EBUSY after TIOCEXCL without CAP_SYS_ADMIN)
     */
    void stopOutput() throws IOException;

    /**
     * Restarts stopped output, whether {@link #stopOutput}, a typed ^S or tcflow(3) of a program has stopped it.
     *
     * @throws IOException as {@link #stopOutput} does
     */
    void resumeOutput() throws IOException;

    /**
     * Waits until echo is on or off. The kernel raises no event for it, so the attributes are polled every 10 ms.
     *
     * @param on the state to wait for
     * @param timeout the longest time to wait
     * @return whether echo has this state; false at the time-out or when the program has exited
     * @throws IOException if the terminal is closed and the program has not exited
     * @throws InterruptedException if interrupted while waiting
     */
    boolean awaitEcho(boolean on, Duration timeout) throws IOException, InterruptedException;

    /**
     * Waits for a prompt for a password that is not answered yet: the program has set ICANON and cleared ECHO. (A line editor clears both.)
     * A program may discard what was typed before its prompt; what is written after this has returned true is not discarded.
     *
     * <p>The first line end that is written at a prompt answers it; the next call then waits for the next prompt. The next prompt is
     * recognized by the modes, which are polled every 10 ms, or by the output since the program has read the answer: a line end and then
     * text, or any output and then none for 200 ms. In stream style output is read ahead for this while no other thread reads, 256 KiB at
     * most. In event style only the modes count while the process is paused. So call this before each answer: if no call has waited for a
     * prompt, what is written there does not count as its answer once the program has read it.
     *
     * <p>After {@link #interrupt}, {@link #quit} or {@link #suspend}, or their character typed, the program may exit, ask again or ignore
     * the signal: a prompt is then recognized by the modes, or if modes and output do not change for 200 ms.
     *
     * <p>The modes do not show the prompts of programs that read key by key and print stars, nor prompts behind a second terminal, such as
     * those of {@code ssh} at the far end or of {@code sudo} with {@code use_pty}. Wait for their text instead.
     *
     * @param timeout the longest time to wait
     * @return whether there is a prompt; false at the time-out or when the program has exited
     * @throws IOException if the terminal is closed and the program has not exited
     * @throws InterruptedException if interrupted while waiting
     * @throws IllegalStateException on a reactor's thread; or if ECHO was cleared by {@link #attributes} or by the attributes that the
     *     process was started with: the modes then show no prompt, and its text has to be waited for
     */
    boolean awaitPasswordPrompt(Duration timeout) throws IOException, InterruptedException;

    /**
     * Closes the ptmx soon: the program and the foreground process group get SIGHUP, and nothing more is read or written. For the reads of
     * a stream after that see {@link PtyProcess#getInputStream}.
     */
    void hangUp();
}
