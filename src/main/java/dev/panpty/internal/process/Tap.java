package dev.panpty.internal.process;

import dev.panpty.internal.sys.Ptmx;
import java.nio.ByteBuffer;

/**
 * Receives what passes through a terminal. Calls are serial, on any thread, with the terminal's writing lock, see {@link PtmxChannel}. An
 * implementation does not pass on what the user's code throws.
 *
 * <pre>
 *   new --started--> started --output, input, resized: any number--> started --ended--> ended: no more calls
 * </pre>
 */
public interface Tap {

    /** The program runs, and nothing is read or written yet. */
    void started();

    /** Output was read, and no reader has it yet. The view is read-only, and valid until this returns. */
    void output(ByteBuffer data);

    /**
     * The kernel has taken input. No output that is read after the write comes before this.
     *
     * @param data a read-only view, valid until this returns
     * @param secret whether the writer said so, or the terminal had ICANON set and ECHO clear just before the write
     */
    void input(ByteBuffer data, boolean secret);

    /** The window size was set. */
    void resized(Ptmx.Size size);

    /** The output has ended and the child is reaped; or the start has failed after {@link #started}. */
    void ended(WaitStatus status);

    /**
     * Refuses a call that reads, writes, resizes, ends the process or waits for it, before it takes effect, if it is made inside a call of
     * this.
     *
     * @throws IllegalStateException inside a call of this
     */
    void refuseInside();
}
