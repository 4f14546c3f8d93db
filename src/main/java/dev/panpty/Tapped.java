package dev.panpty;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The terminal of a process, for its {@linkplain TerminalTap taps}. It is an interface, so that a recording can be played to a tap. Its
 * methods may be called from any thread, in a call of a tap and later. None of them waits, except {@link #foregroundProcess}, see there.
 */
public interface Tapped {

    /**
     * The command that was started.
     *
     * @return the program and its arguments, unmodifiable
     */
    List<String> command();

    /**
     * The environment that the program was started with.
     *
     * @return unmodifiable
     */
    Map<String, String> environment();

    /**
     * The process number; it stays the same after the exit.
     *
     * @return a positive number
     */
    long pid();

    /**
     * The window size now.
     *
     * @return the size
     * @throws IOException if the terminal is closed
     */
    WindowSize windowSize() throws IOException;

    /**
     * The attributes now.
     *
     * @return the attributes
     * @throws IOException if the terminal is closed
     */
    TerminalAttributes attributes() throws IOException;

    /**
     * {@link TerminalControl#foregroundProcessGroup}.
     *
     * @return its number; empty if no group is in the foreground
     * @throws IOException if the terminal is closed
     */
    OptionalInt foregroundProcessGroup() throws IOException;

    /**
     * {@link TerminalControl#foregroundProcess}, which may wait up to 50 ms, but not on a reactor's thread.
     *
     * @return the process; empty if no process is in the foreground
     * @throws IOException if the terminal is closed, or there is no {@code /proc}
     */
    Optional<TerminalControl.ForegroundProcess> foregroundProcess() throws IOException;

    /**
     * The time of the event that a tap is being called for, taken right after its read(2), write(2) or ioctl(2): the same for all taps of
     * the process. Outside a call it is the time of the last event.
     *
     * @return comparable to {@link System#nanoTime}
     */
    long nanoTime();

    /**
     * Types an answer of the terminal to the program, for example to a query of the cursor's position. Never waits: another thread types it
     * soon, behind what was written before, and it comes to all taps as input. At most 4 KiB of replies wait. A reply that does not fit is
     * dropped as a whole, since half an escape sequence would change the meaning of what follows.
     *
     * @param data if it is taken, its position is its limit afterwards; else it is unchanged
     * @return whether it was taken; false also once the reactor has ended
     */
    boolean reply(ByteBuffer data);

    /**
     * Pauses the output for this tap, which cannot take more for now: the process reads none, so that the kernel blocks the program. It is
     * independent of {@link ProcessTransport#pauseProducing} and of the pauses of other taps: output is read while there is no pause at
     * all. Never waits; repeated calls are one pause. A tap that is removed pauses no more.
     *
     * <p>A read that is in flight is still delivered. What the kernel holds when the program has exited, or when its output ends by
     * {@link ProcessTransport#loseConnection} or {@code endAtExit}, up to 256 KiB, is delivered in spite of a pause. A call that closes the
     * terminal does not wait for the end of a pause; as always, what is unread then is lost.
     */
    void pauseProducing();

    /** Ends the pause of this tap, if there is one. Never waits. */
    void resumeProducing();

    /**
     * Bytes of replies that were not typed, for all taps of the process: there was no room, or the program takes no more input.
     *
     * @return 0 or more
     */
    long droppedReplyBytes();
}
