package dev.panpty;

import java.nio.ByteBuffer;

/**
 * The callbacks of a process; override those that you need. All methods are called on the reactor's thread, one after the other, so none
 * may block. Calls of this library that may block are refused on that thread.
 *
 * <pre>
 *   connectionMade, then any number of outReceived, processExited once among or after them, processEnded once and last
 * </pre>
 *
 * <p>What a method throws is passed to {@link #onError}; the process goes on.
 */
public interface ProcessProtocol {

    /**
     * The process runs. It may be called before {@code start} has returned.
     *
     * @param transport the process: the same object that {@code start} returns
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
     * The program has written to its terminal. The bytes may begin and end inside a character or a line, see {@link TextDecoder} and
     * {@link LineDecoder}.
     *
     * @param data a read-only view of the reactor's buffer, not a copy; it is valid during the call only, afterwards its limit is 0: copy
     *     what is to be kept. A buffer of its own with {@link PtyProcessBuilder#ownedOutput}. It has what one read(2) gives, or more with
     *     {@link PtyProcessBuilder#joinOutput}
     */
    default void outReceived(ByteBuffer data) {}

    /**
     * The program has written to its standard error, if that is a pipe or a second terminal.
     *
     * @param data see {@link #outReceived}
     */
    default void errReceived(ByteBuffer data) {}

    /**
     * One side of the connection has ended.
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
     * The program has exited. Its output may not all be delivered yet, and other holders of the terminal may write more.
     *
     * @param status how it ended
     */
    default void processExited(ExitStatus status) {}

    /**
     * The end: the program has exited and all output has been delivered. No method is called any more.
     *
     * @param status how it ended
     */
    default void processEnded(ExitStatus status) {}

    /**
     * A method here or of a producer has thrown, or a failure has occurred that no caller receives.
     *
     * @param thrown the cause; by default it is logged as an error by the {@link System.Logger} {@code dev.panpty}
     */
    default void onError(Throwable thrown) {
        System.getLogger("dev.panpty").log(System.Logger.Level.ERROR, "in the protocol of a process", thrown);
    }
}
