package dev.panpty.expect;

import dev.panpty.ExitStatus;
import dev.panpty.PtyProcess;
import dev.panpty.TerminalAttributes;
import dev.panpty.WindowSize;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** What a session talks to: a process, or a pair of streams. One thread at a time reads; any thread calls the rest. */
interface Connection {

    /**
     * Waits for output.
     *
     * @param nanos 0 or less only polls
     * @return whether a read gives bytes, the end or a failure at once
     */
    boolean await(long nanos) throws IOException, InterruptedException;

    /** Reads some output; -1 at the end. */
    int read(byte[] target, int offset, int length) throws IOException;

    /** Returns when the bytes are taken. @param secret whether no tap may keep them */
    void write(byte[] bytes, boolean secret) throws IOException;

    /** The modes of the terminal; empty without a terminal, or if it is closed. */
    Optional<TerminalAttributes> attributes();

    /** Waits for a prompt for a password that is not answered yet, as far as the modes show it. */
    boolean awaitPasswordPrompt(Duration timeout) throws IOException, InterruptedException;

    /** The size of the window. */
    WindowSize windowSize() throws IOException;

    /** Whether {@link #resize} has an effect: not after the end, and not over streams that have no way to. */
    boolean canResize();

    void resize(WindowSize size) throws IOException;

    /** How the program ended. */
    Optional<ExitStatus> status();

    /** Waits for {@link #status}, which comes about the end of the output. */
    Optional<ExitStatus> awaitStatus(Duration timeout) throws InterruptedException;

    /** The program in the foreground, without its arguments, which may be confidential. */
    Optional<String> foreground();

    /** The process. */
    Optional<PtyProcess> process();

    /** Ends what the session itself has started. */
    void close();

    /** For messages. */
    String name();
}
