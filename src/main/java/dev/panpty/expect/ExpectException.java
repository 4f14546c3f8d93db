package dev.panpty.expect;

import dev.panpty.ExitStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A wait of {@link Expect} has failed. The message has what was awaited, how long, the last 2 KiB of the unread output with its control
 * characters made visible, how the program ended, whether the terminal echoes, and the program in the foreground. The session can be used
 * on. Any thread may read it.
 */
public abstract sealed class ExpectException extends IOException
        permits ExpectTimeoutException, EndedException, UnexpectedException, PatternException {

    private static final long serialVersionUID = 1;

    private final transient Situation situation;

    ExpectException(String what, Situation situation) {
        super(situation.message(what));
        this.situation = situation;
    }

    /**
     * What was awaited.
     *
     * @return the arguments of the wait
     */
    public List<Awaited> awaited() {
        return situation.awaited();
    }

    /**
     * How long.
     *
     * @return the time from the call to the failure
     */
    public Duration waited() {
        return situation.waited();
    }

    /**
     * The end of the unread output, which no call has taken: the next one begins with it.
     *
     * @return 2 KiB at most
     */
    public String unread() {
        return situation.unread();
    }

    /**
     * How the program ended.
     *
     * @return its status; empty if it has not ended, and over streams
     */
    public Optional<ExitStatus> status() {
        return situation.status();
    }

    /**
     * Whether the terminal echoes input.
     *
     * @return ECHO of termios(3); empty if the terminal is closed, and over streams
     */
    public Optional<Boolean> echo() {
        return situation.echo();
    }

    /**
     * The program in the foreground.
     *
     * @return its name and process number, without its arguments; empty if the terminal is closed, and over streams
     */
    public Optional<String> foreground() {
        return situation.foreground();
    }
}
