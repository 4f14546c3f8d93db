package dev.panpty;

import static java.util.Objects.requireNonNull;

/**
 * Why the terminal of a process was closed: what the reason of {@code connectionLost} is in Twisted. Immutable, for any thread.
 *
 * @see ProcessTransport#disconnectReason()
 */
public sealed interface DisconnectReason {

    /**
     * Closed by this side: {@link ProcessTransport#loseConnection}, {@link ProcessTransport#abortConnection},
     * {@link TerminalControl#hangUp}, {@link PtyProcess#close}, the close of the reactor, or {@link PtyProcessBuilder#endAtExit endAtExit}
     * while another process held the terminal. In Twisted: {@code ConnectionDone}.
     */
    record Closed() implements DisconnectReason {}

    /** Hung up by the other side: no process holds the terminal any more, and all output was read. In Twisted: {@code ConnectionLost}. */
    record HungUp() implements DisconnectReason {}

    /**
     * A system call on the terminal, or the reactor, has failed; {@link ProcessProtocol#onError} got the same message.
     *
     * @param message the call, the terminal, the errno name and its text
     */
    record Failed(String message) implements DisconnectReason {

        /** A message is needed. */
        public Failed {
            requireNonNull(message, "message");
        }
    }
}
