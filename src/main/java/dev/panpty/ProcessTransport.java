package dev.panpty;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The event-driven way to a process on a terminal. All methods may be called from any thread, and none of them waits, but for those of
 * {@link TerminalControl} that say so; the effects of one thread's calls happen in the order of the calls, and on the reactor's thread
 * at once. What one call writes stays together.
 *
 * <p>Those of reading, writing and producing belong to a process that was started with a {@link ProcessProtocol}; one with streams
 * refuses them by {@link IllegalStateException}.
 */
public interface ProcessTransport extends TerminalControl {

    /** Where a connection is. */
    enum State {
        /** Data flows. */
        CONNECTED,
        /** {@link #loseConnection} was called, and is not through. */
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
     * Sends data to the program. What it cannot take at once is queued.
     *
     * @param data its remaining bytes are all taken over before this returns, and its position is its limit then, as after a write of
     *     NIO; a write that is refused leaves it as it was
     * @throws IllegalArgumentException for a line that the kernel would cut, see {@link LongLines}; nothing of it is then taken
     * @throws IllegalStateException if no more is accepted: after {@link #closeStdin}, {@link #loseConnection} or the end
     */
    void write(ByteBuffer data);

    /**
     * Sends data to the program.
     *
     * @param data taken over before this returns
     * @throws IllegalStateException if no more is accepted
     */
    default void write(byte[] data) {
        write(ByteBuffer.wrap(requireNonNull(data, "data")));
    }

    /**
     * Sends pieces of data one after the other, with nothing of other threads in between.
     *
     * @param pieces walked once; of each the remaining bytes are all taken over before this returns, its position being its limit
     *     then, or of none, and all are as they were
     * @throws IllegalArgumentException as {@link #write(ByteBuffer)}
     * @throws IllegalStateException if no more is accepted
     */
    void writeSequence(Iterable<ByteBuffer> pieces);

    /**
     * {@link #write(ByteBuffer)} by the number that the descriptor has in the child.
     *
     * @param childFd 0
     * @param data as in {@link #write(ByteBuffer)}
     * @throws IllegalArgumentException for another number
     * @throws IllegalStateException if no more is accepted
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
     * End of input, once all that is pending is written: VEOF is typed, a second time in mid-line. Later writes are refused. It ends one
     * read, of the process that reads next: another that reads after it waits for more.
     */
    void closeStdin();

    /** No more output is wanted: the rest is read and dropped, and the program lives. */
    void closeStdout();

    /** As {@link #closeStdout} for standard error; the same as it where standard error is the terminal. */
    void closeStderr();

    /** The same as {@link #closeStdin}. */
    void loseWriteConnection();

    /** Delivers no more data until resumed; the kernel then blocks the program. Inside a callback it holds from the next read on. */
    void pauseProducing();

    /** Delivers data again. */
    void resumeProducing();

    /** The same as {@link #loseConnection}. */
    void stopProducing();

    /**
     * Registers who is to be told when data may come.
     *
     * @param producer a {@link Producer.Push} or a {@link Producer.Pull}; where no more is accepted, after {@link #closeStdin} too, it is
     *     stopped at once
     * @throws IllegalStateException if there is one already
     */
    void registerProducer(Producer producer);

    /** Forgets the producer; the connection stays. */
    void unregisterProducer();

    /** Forgets the producer and loses the connection. */
    void stopConsuming();

    /**
     * Hangs up gracefully: nothing more is accepted, what is pending is written and read by the program, what write(2) has taken of its
     * output is delivered; then the terminal is closed and the program gets SIGHUP. A program that goes on writing is stopped a tenth of a
     * second after it has read its input, so that its last write may be cut, as its return value says.
     *
     * <p>A {@link Producer.Pull} that is registered, and a {@link Producer.Push} that is paused then or later, is asked and waited for, and
     * {@code write} is accepted, until it is unregistered. One that runs by itself is stopped once nothing is pending.
     *
     * <p>After the {@linkplain PtyProcessBuilder#loseConnectionLimit time limit}, which counts from the last byte that the kernel took,
     * that happens anyway: {@link #unwrittenBytes} tells what was lost of the input, {@link #droppedBytes} what of the output a paused
     * protocol did not get.
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
     * The number of our end's descriptor, for those who know what they do.
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
     * Where the connection is.
     *
     * @return the state at this moment
     */
    State state();

    /**
     * Bytes that were accepted and are not written yet.
     *
     * @return 0 or more
     */
    long pendingBytes();

    /**
     * Bytes that were accepted and can no longer reach the program, as far as can be known: what was still pending or came after the
     * exit, what an {@link #interrupt} has discarded, what was pending when a line had become too long, see {@link LongLines}, and what the
     * program had not read when {@link #loseConnection} came to its time limit.
     *
     * @return 0 or more
     */
    long unwrittenBytes();

    /**
     * Bytes of output that were read and not delivered: after {@link #closeStdout}, after {@link PtyProcess#close}, and what a paused
     * protocol had not got when {@link #loseConnection} came to its time limit.
     *
     * @return 0 or more
     */
    long droppedBytes();
}
