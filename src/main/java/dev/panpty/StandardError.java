package dev.panpty;

/** Where the standard error of a program goes; standard input and output are its terminal in any case. A constant, for any thread. */
public enum StandardError {
    /** To the terminal, in order with the output. */
    TERMINAL,
    /**
     * To a pipe of its own: {@link PtyProcess#getErrorStream} or {@link ProcessProtocol#errReceived}. Nothing tells then in which order
     * errors and output were written, and programs may treat a standard error that is no terminal differently.
     */
    PIPE
}
