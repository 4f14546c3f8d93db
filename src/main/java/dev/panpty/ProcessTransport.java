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

    /**
     * The state of a connection, in the order of its life; a state may be left out. A process with streams is {@link #CONNECTED} or
     * {@link #DISCONNECTED}.
     *
     * <pre>
     *   CONNECTED --closeStdin, loseWriteConnection--> WRITE_DISCONNECTING --all written, VEOF too--> WRITE_DISCONNECTED
     *   any of these --loseConnection--> DISCONNECTING
     *   any --the terminal is closed--> DISCONNECTED, see {@link #disconnectReason}
     * </pre>
     */
    enum State {
        /** Data flows both ways. */
        CONNECTED,
        /** Half closed: no more input is accepted; what is pending and the end of the input (VEOF) are still to be written. */
        WRITE_DISCONNECTING,
        /** Half closed: no input is pending and none is accepted, also while {@link PtyProcess#close} ends the program. Output flows. */
        WRITE_DISCONNECTED,
        /** {@link #loseConnection} was called, and the terminal is still open. */
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
     * @throws IllegalArgumentException for a line that the kernel would cut, if {@link LongLines#REFUSE} was set or VEOF is disabled; no
     *     byte is accepted
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
     * Sends pieces of data one after the other, with nothing of other threads in between. It takes one lock, and one system call where
     * the pieces together are at most 4,096 bytes and the terminal has room.
     *
     * @param pieces taken over before this returns; all of them, or none
     * @throws IllegalArgumentException as {@link #write(ByteBuffer)}; or for 2 GiB or more together
     * @throws IllegalStateException if no more is accepted
     */
    void writeSequence(byte[]... pieces);

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

    /**
     * Whether delivery is paused: {@link #pauseProducing} was called, and {@link #resumeProducing} not since. It may still be true after
     * the end.
     *
     * @return true while paused
     */
    boolean isPaused();

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

    /**
     * Forgets the producer and loses the connection: {@link #unregisterProducer}, then {@link #loseConnection}. The producer's
     * {@link Producer#stopProducing} is not called.
     */
    void stopConsuming();

    /**
     * The producer that is registered. Its type is its kind, Twisted's {@code streamingProducer}: a {@link Producer.Push} produces by
     * itself, a {@link Producer.Pull} when asked.
     *
     * @return empty before it is registered, after it is unregistered, and from its {@link Producer#stopProducing} on
     */
    Optional<Producer> producer();

    /**
     * Whether the registered producer is a {@link Producer.Push} that was told to pause, and not to resume since. Always false for a
     * {@link Producer.Pull}.
     *
     * @return true while it is paused
     */
    boolean isProducerPaused();

    /**
     * Sets the water marks, which {@link PtyProcessBuilder#waterMarks} has set before, while the process runs: a producer is paused or
     * resumed by them at once. Where Twisted has one {@code bufferSize} and resumes a producer when nothing is pending, this has a mark for
     * each. They limit nothing: what is written above them is accepted. Without effect after the end.
     *
     * @param highBytes a producer is paused while more is pending; at least {@code lowBytes}
     * @param lowBytes it is resumed when no more is pending; not negative
     * @throws IllegalArgumentException for other numbers
     */
    void waterMarks(int highBytes, int lowBytes);

    /**
     * The high water mark, in bytes.
     *
     * @return as set by {@link #waterMarks}; 64 KiB by default
     */
    int highWaterBytes();

    /**
     * The low water mark, in bytes.
     *
     * @return as set by {@link #waterMarks}; 16 KiB by default
     */
    int lowWaterBytes();

    /**
     * Whether more is pending than the high water mark, or has been and not yet fallen to the low one: while it is true a
     * {@link Producer.Push} is paused.
     *
     * @return true while the write queue is full
     */
    boolean isSendBufferFull();

    /**
     * Writes nothing more until {@link #startWriting}: what is written to this transport stays {@linkplain #pendingBytes pending}. What was
     * accepted before is written first, as far as the terminal has room. Then {@code startWriting} joins many small writes into one system
     * call. Idempotent.
     *
     * <p>Calls that act on the terminal or the program, such as {@link #resize} and {@link #signal}, do not wait for what is pending.
     * Closing the input or the connection gracefully starts writing again, and stops it no more: {@link #closeStdin},
     * {@link #loseWriteConnection}, {@link #loseConnection}. Closing at once drops what is pending and counts it, see
     * {@link #unwrittenBytes}: {@link #abortConnection}, {@link #hangUp}, {@link PtyProcess#close}, the end of the program; so does an
     * {@link #interrupt}. Differs from Twisted, where the next {@code write} starts writing again.
     */
    void stopWriting();

    /** Writes what is pending, at most 4,096 bytes in a system call, and from now on what is written. Idempotent. */
    void startWriting();

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
     * Sends the program a signal, or asks whether it is alive.
     *
     * @param number 1 to 64; or 0, which sends none, see kill(2): it returns normally while the program is alive. A program that has
     *     exited and is not reaped yet, a zombie, is not
     * @throws IllegalArgumentException for another number
     * @throws ProcessExitedException once it has exited
     * @throws IOException if the signal is not permitted
     */
    void signalProcess(int number) throws IOException;

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
     * The reactor that calls the protocol, and watches the process.
     *
     * @return {@link Reactor#shared} unless {@code start} was given another
     */
    Reactor reactor();

    /**
     * The protocol that the process was started with.
     *
     * @return empty for a process with streams; and once {@link ProcessProtocol#processEnded} has returned, since the protocol is let go
     *     then
     */
    Optional<ProcessProtocol> protocol();

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
     * Why the terminal was closed: what {@code connectionLost} carries in Twisted. It is known in
     * {@link ProcessProtocol#outConnectionLost} and in {@link ProcessProtocol#processEnded}. How the program ended is told by
     * {@link #exitStatus}.
     *
     * @return empty while the terminal is open
     */
    Optional<DisconnectReason> disconnectReason();

    /**
     * Bytes that were accepted and are not written yet: the terminal has no room, or {@link #stopWriting} was called.
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
