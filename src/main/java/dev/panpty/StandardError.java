package dev.panpty;

/** Where the standard error of a program goes; standard input and output are its terminal in any case. A constant, for any thread. */
public enum StandardError {
    /** To the terminal, in order with the output. */
    TERMINAL,
    /**
     * To a pipe: {@link PtyProcess#getErrorStream} or {@link ProcessProtocol#errReceived}. The order of errors and output is then lost, and
     * programs may treat a standard error that is no terminal differently.
     */
    PIPE
}
