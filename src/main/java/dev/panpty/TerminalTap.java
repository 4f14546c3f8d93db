package dev.panpty;

import java.nio.ByteBuffer;

/**
 * Receives what passes through the terminal of a process, in both directions and in both styles: for a recorder, a screen or a log.
 * Override what is needed, and give it to {@link PtyProcessBuilder#tap}.
 *
 * {@snippet file="dev/panpty/examples/Tapping.java" region="tap"}
 *
 * <p>The calls for one process come one after the other, each on the thread that causes it: one that starts, reads, writes or resizes, or
 * the reactor's.
 *
 * <pre>
 *   started --> output, input, resized: any number, in any order --> ended
 * </pre>
 *
 * <ul>
 * <li>{@link #started} comes before the first byte. If the program cannot be started, nothing is called. If the start fails after
 *     {@code started}, for example because the reactor is being closed, {@link #ended} follows.</li>
 * <li>{@link #output} comes after the read and before the reader gets the bytes: each byte once and in order. It includes what is read
 *     ahead, what is read and dropped after the stream or {@link ProcessTransport#closeStdout standard output} was closed, and what
 *     {@link PtyProcess#drain} reads. It does not include output that is unread when the terminal is closed, nor a separate standard
 *     error.</li>
 * <li>{@link #input} comes before any output that was read after the write, so before the echo. It includes all bytes that the kernel has
 *     taken: of writes, of keys, VEOF at the end of the input and in a line that is split, and replies. Pending bytes come when they are
 *     written. A signal is not input: {@link TerminalControl#interrupt} gives input only if it types a byte.</li>
 * <li>{@link #resized} comes for each size that this library sets, not for one that a program sets.</li>
 * <li>{@link #ended} comes after the exit and after the last output, before {@link PtyProcess#onEnd} completes and before
 *     {@link ProcessProtocol#processEnded}. A stream may give -1 before it.</li>
 * </ul>
 *
 * <p>Several taps are called in the order in which the builder got them. {@link Tapped#nanoTime} is the time of the event.
 *
 * <p>A call is made under the lock that orders the bytes of the terminal; without it the order of input and echo would not be true. So a
 * tap must not use the process or its streams, and must not wait for a thread that uses them: both may deadlock. It calls back only by
 * {@link Tapped}. Inside a call a read, a write, a resize, and the calls that end the process or wait for it throw
 * {@link IllegalStateException}; a tap that is to end the process has another thread do it.
 *
 * <p>A tap that blocks blocks its process in both directions. With a {@link ProcessProtocol} output comes on the reactor's thread, so a tap
 * must not block there: it gives its bytes to a thread of its own, and pauses the output by {@link Tapped#pauseProducing} when it has too
 * many of them. With streams it may block for a short time. Until it returns, calls that
 * otherwise return at once, such as {@link PtyProcess#resize} and {@link PtyProcess#hangUp}, wait for it, and so does the reactor's thread,
 * with all its processes, when it wakes a reader or writer of this process, or this process exits.
 *
 * <p>A tap that throws is removed: nothing more is called, not even {@code ended}. {@link ProcessProtocol#onError} receives what it has
 * thrown; with streams it goes to the {@link System.Logger} {@code dev.panpty}. The process and its other taps go on.
 */
public interface TerminalTap {

    /**
     * The program runs. Called on the thread that starts it.
     *
     * @param terminal its terminal, which may be kept
     */
    default void started(Tapped terminal) {}

    /**
     * Output was read.
     *
     * @param data a read-only view, without a copy; valid during the call, and its limit is 0 afterwards
     */
    default void output(ByteBuffer data) {}

    /**
     * Input was typed.
     *
     * @param data as in {@link #output}
     * @param secret whether it was typed by {@link TerminalControl#typeSecret}, or at a prompt for a password: the terminal had ICANON set
     *     and ECHO clear just before the write(2). A line editor has neither, so other input for it is not secret. All bytes of one call
     *     are secret, or none is
     */
    default void input(ByteBuffer data, boolean secret) {}

    /**
     * The window size was set, perhaps to the same size.
     *
     * @param size the new size
     */
    default void resized(WindowSize size) {}

    /**
     * The process has ended. Nothing more is called.
     *
     * @param status how it ended; {@link ExitStatus.Unknown} if its start has failed after {@link #started}
     */
    default void ended(ExitStatus status) {}
}
