package dev.panpty;

import java.nio.ByteBuffer;

/**
 * What happens to a process, told to somebody who is interested: override what you need. All methods are called on the reactor's
 * thread, one after the other, so none may block; calls that would are refused there.
 *
 * <pre>
 *   connectionMade, then any number of outReceived, processExited once among or after them, processEnded once and last
 * </pre>
 *
 * <p>A method that throws is reported to {@link #onError}; nothing else of the process is disturbed.
 */
public interface ProcessProtocol {

    /**
     * The process runs. It may be called before {@code start} has returned.
     *
     * @param transport the way to the process, the very object that {@code start} returns
     */
    default void connectionMade(ProcessTransport transport) {}

    /**
     * The program has written to one of its descriptors.
     *
     * @param childFd 1 for the terminal, 2 for a separate standard error
     * @param data see {@link #outReceived}
     */
    default void childDataReceived(int childFd, ByteBuffer data) {
        if (childFd == 1) {
            outReceived(data);
        } else {
            errReceived(data);
        }
    }

    /**
     * The program has written to its terminal.
     *
     * @param data a read-only view of the reactor's own buffer, without a copy; it is good during the call, and its limit is 0 from then
     *     on: copy what is to be kept
     */
    default void outReceived(ByteBuffer data) {}

    /**
     * The program has written to its standard error, where that is not the terminal.
     *
     * @param data see {@link #outReceived}
     */
    default void errReceived(ByteBuffer data) {}

    /**
     * One side of the connection has really ended.
     *
     * @param childFd 0: the program gets no more input; 1: no more output comes; 2: no more standard error
     */
    default void childConnectionLost(int childFd) {
        switch (childFd) {
            case 0 -> inConnectionLost();
            case 1 -> outConnectionLost();
            default -> errConnectionLost();
        }
    }

    /** The program gets no more input. */
    default void inConnectionLost() {}

    /** No more output comes. */
    default void outConnectionLost() {}

    /** No more standard error comes. */
    default void errConnectionLost() {}

    /**
     * The program has exited. Output may still be on its way, or be written by others that hold the terminal.
     *
     * @param status how it ended
     */
    default void processExited(ExitStatus status) {}

    /**
     * The end: the program has exited and all output has been delivered. Nothing is called any more.
     *
     * @param status how it ended
     */
    default void processEnded(ExitStatus status) {}

    /**
     * One of the methods here, or of a producer, has thrown; or something failed that no caller can be told of.
     *
     * @param thrown what; by default it is logged as an error by the {@link System.Logger} {@code dev.panpty}
     */
    default void onError(Throwable thrown) {
        System.getLogger("dev.panpty").log(System.Logger.Level.ERROR, "in the protocol of a process", thrown);
    }
}
