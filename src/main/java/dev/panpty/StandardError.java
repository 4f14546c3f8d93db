package dev.panpty;

/** Where the standard error of a program goes; standard input and output are its terminal in any case. A constant, for any thread. */
public enum StandardError {
    /** To the terminal, in order with the output. */
    TERMINAL,
    /**
     * To a pipe: {@link PtyProcess#getErrorStream} or {@link ProcessProtocol#errReceived}. The order of errors and output is then lost, and
     * programs may treat a standard error that is no terminal differently.
     */
    PIPE,
    /**
     * To a second terminal, for which isatty(3) is true: read as with {@link #PIPE}. It has the size and the attributes that the first one
     * starts with, and gets each new size. It is never the controlling terminal, and its input stays empty. The order of errors and output
     * is lost.
     */
    OWN_TERMINAL
}
