package dev.panpty;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The event-driven interface to a process on a terminal. All methods may be called from any thread, and none of them waits, except for
 * those of {@link TerminalControl} that say so. The calls of one thread take effect in their order; on the reactor's thread they take
 * effect at once. What one call writes stays together.
 *
 * <p>The methods for reading, writing and producing need a process that was started with a {@link ProcessProtocol}; on a process with
 * streams they throw {@link IllegalStateException}.
 */
public interface ProcessTransport extends TerminalControl {

    /** The state of a connection. */
    enum State {
        /** Data flows. */
        CONNECTED,
        /** {@link #loseConnection} was called and is not complete. */
        DISCONNECTING,
        /** The terminal is closed. */
        DISCONNECTED
    }

    /**
     * One end of the terminal.
     *
     * @param devicePath {@code /dev/ptmx} for ours, such as {@code /dev/pts/3} for the program's
     */
    record Endpoint(String devicePath) {

        /** A path is needed. */
        public Endpoint {
            requireNonNull(devicePath, "devicePath");
        }
    }

    /**
     * Sends data to the program. Bytes for which the kernel has no room are queued.
     *
     * @param data its remaining bytes are copied before this returns, and its position is then its limit, as after a write of NIO; a write
     *     that is refused does not change it
     * @throws IllegalArgumentException for a line that the kernel would cut, see {@link LongLines}; no byte is accepted
     * @throws IllegalStateException if no more input is accepted: after {@link #closeStdin}, {@link #loseConnection} or the end
     */
    void write(ByteBuffer data);

    /**
     * Sends data to the program.
     *
     * @param data copied before this returns
     * @throws IllegalStateException if no more input is accepted
     */
    default void write(byte[] data) {
        write(ByteBuffer.wrap(requireNonNull(data, "data")));
    }

    /**
     * Sends pieces of data one after the other, without data of other threads in between. Either all pieces are accepted or none.
     *
     * @param pieces iterated once. The remaining bytes of each are copied before this returns, and its position is then its limit; a write
     *     that is refused changes none of them
     * @throws IllegalArgumentException as {@link #write(ByteBuffer)}
     * @throws IllegalStateException if no more input is accepted
     */
    void writeSequence(Iterable<ByteBuffer> pieces);

    /**
     * {@link #write(ByteBuffer)} by the number that the descriptor has in the child.
     *
     * @param childFd 0
     * @param data as in {@link #write(ByteBuffer)}
     * @throws IllegalArgumentException for another number
     * @throws IllegalStateException if no more input is accepted
     */
    void writeToChild(int childFd, ByteBuffer data);

    /**
     * Closes one side by the number that the descriptor has in the child.
     *
     * @param childFd 0: {@link #closeStdin}; 1: {@link #closeStdout}; 2: {@link #closeStderr}
     * @throws IllegalArgumentException for another number
     */
    void closeChildFd(int childFd);

    /**
     * Ends the input: VEOF is typed once nothing is pending, twice in the middle of a line. Later writes are refused. VEOF ends one read,
     * of the process that reads next; a process that reads after it waits for more.
     */
    void closeStdin();

    /** No more output is wanted: the rest is read and dropped, and the program goes on. */
    void closeStdout();

    /** {@link #closeStdout} for standard error; the same call if standard error is the terminal. */
    void closeStderr();

    /** The same as {@link #closeStdin}. */
    void loseWriteConnection();

    /** Delivers no more data until resumed; the kernel then blocks the program. Inside a callback it takes effect from the next read on. */
    void pauseProducing();

    /** Delivers data again. */
    void resumeProducing();

    /** The same as {@link #loseConnection}. */
    void stopProducing();

    /**
     * Registers a producer, which is then paused and resumed, or asked, as the queue fills and empties.
     *
     * @param producer a {@link Producer.Push} or a {@link Producer.Pull}; it is stopped at once if no more input is accepted, also after
     *     {@link #closeStdin}
     * @throws IllegalStateException if a producer is registered already
     */
    void registerProducer(Producer producer);

    /** Unregisters the producer; the connection stays. */
    void unregisterProducer();

    /** Unregisters the producer and calls {@link #loseConnection}. */
    void stopConsuming();

    /**
     * Closes gracefully: no more input is accepted; pending input is written, and the program reads it; output that write(2) has accepted
     * is delivered; then the terminal is closed and the program gets SIGHUP. A program that goes on writing is stopped a tenth of a second
     * after it has read its input: its last write(2) may then be short, as its return value says.
     *
     * <p>Producers are waited for. A {@link Producer.Pull}, and a {@link Producer.Push} that is paused at the call or later, goes on until
     * it unregisters; until then {@code write} is accepted. Any other {@link Producer.Push} is stopped once nothing is pending.
     *
     * <p>After the {@linkplain PtyProcessBuilder#loseConnectionLimit time limit}, which counts from the last byte that the kernel took, the
     * terminal is closed anyway. {@link #unwrittenBytes} then counts the input that was lost, {@link #droppedBytes} the output that a
     * paused protocol did not get.
     */
    void loseConnection();

    /** Hangs up now. What is pending is lost, and what the program has written is not delivered. */
    void abortConnection();

    /**
     * Sends the program a signal.
     *
     * @param name such as {@code "INT"}, see {@link Signal#of}
     * @throws ProcessExitedException once it has exited
     * @throws IOException if the signal is not permitted
     */
    default void signalProcess(String name) throws IOException {
        signal(Signal.of(name));
    }

    /**
     * Sends the program a signal.
     *
     * @param number 1 to 64
     * @throws ProcessExitedException once it has exited
     * @throws IOException if the signal is not permitted
     */
    default void signalProcess(int number) throws IOException {
        signal(new Signal(number));
    }

    /**
     * The process number; it stays the same after the exit.
     *
     * @return a positive number
     */
    long pid();

    /**
     * How the process ended.
     *
     * @return empty until it has exited
     */
    Optional<ExitStatus> exitStatus();

    /**
     * The descriptor number of the ptmx. The library goes on using it: reading, writing or closing it breaks this process.
     *
     * @return valid while the terminal is open
     * @throws IllegalStateException once it is closed
     */
    int fileno();

    /**
     * Our end of the terminal.
     *
     * @return the ptmx
     */
    Endpoint host();

    /**
     * The program's end of the terminal.
     *
     * @return the pts
     */
    Endpoint peer();

    /**
     * A prefix for log lines of this process.
     *
     * @return protocol and process number
     */
    String logPrefix();

    /**
     * The state of the connection.
     *
     * @return the state now
     */
    State state();

    /**
     * Bytes that were accepted and are not written yet.
     *
     * @return 0 or more
     */
    long pendingBytes();

    /**
     * Bytes that were accepted and can no longer reach the program, as far as is known: those still pending at the exit or accepted after
     * it; those pending when an {@link #interrupt} discarded them, or when a line had become too long, see {@link LongLines}; and those
     * that the program had not read at the time limit of {@link #loseConnection}.
     *
     * @return 0 or more
     */
    long unwrittenBytes();

    /**
     * Bytes of output that were read and not delivered: after {@link #closeStdout}, after {@link PtyProcess#close}, and those that a paused
     * protocol had not got at the time limit of {@link #loseConnection}.
     *
     * @return 0 or more
     */
    long droppedBytes();
}
