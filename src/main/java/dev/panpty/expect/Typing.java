package dev.panpty.expect;

import dev.panpty.TerminalAttributes;
import dev.panpty.TerminalAttributes.InputFlag;
import dev.panpty.TerminalAttributes.LocalFlag;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The write side of a session. Any thread; writes of several threads come one after the other. */
final class Typing {

    private static final long PROMPT_POLL_MILLIS = 40;

    /** What a terminal that has room needs to take it: a limit that is shorter is one for waits. */
    private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Connection connection;
    private final Callers callers;
    private final SessionTaps taps;
    private final ExpectOptions options;
    private final Duration limit;

    Typing(Connection connection, Callers callers, SessionTaps taps, ExpectOptions options) {
        this.connection = connection;
        this.callers = callers;
        this.taps = taps;
        this.options = options;
        limit = options.timeout();
    }

    Optional<TerminalAttributes> modes() {
        return connection.attributes();
    }

    static boolean isPasswordMode(TerminalAttributes modes) {
        return modes.has(LocalFlag.ICANON) && !modes.has(LocalFlag.ECHO);
    }

    /** Types bytes; a terminal that asks for a password makes them a secret. */
    void type(byte[] bytes) throws IOException {
        type(bytes, modes().filter(Typing::isPasswordMode).isPresent());
    }

    private void type(byte[] bytes, boolean secret) throws IOException {
        callers.enter();
        Thread timer = callers.interruptAfter(Math.max(TimeUnit.NANOSECONDS.convert(limit), LEAST_NANOS));
        IOException failure = null;
        try {
            taps.input(bytes, secret);
            connection.write(bytes, secret);
        } catch (IOException thrown) {
            failure = thrown;
        } finally {
            timer.interrupt();
            boolean ours = callers.leave();
            if (ours && failure instanceof InterruptedIOException) {
                failure = callers.isClosed() ? new IOException("the session was closed while it typed")
                        : new IOException("the program has not taken all that was typed within " + Readable.time(limit), failure);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** The byte that Enter types: CR; LF where a terminal in canonical mode does not turn CR into it. */
    static byte enter(Optional<TerminalAttributes> modes) {
        return (byte) (modes.isPresent() && modes.get().has(LocalFlag.ICANON) && !modes.get().has(InputFlag.ICRNL) ? '\n' : '\r');
    }

    /** A text and Enter. */
    byte[] line(CharSequence text, Optional<TerminalAttributes> modes) {
        byte[] bytes = options.encode(text);
        byte[] line = Arrays.copyOf(bytes, bytes.length + 1);
        line[bytes.length] = enter(modes);
        return line;
    }

    /**
     * Types a secret and Enter, once the program asks for it.
     *
     * @param atPrompt whether a prompt was found just now and nothing is unread behind it
     * @param situation of the session, for the exception of the time limit
     */
    void typeSecret(char[] secret, boolean atPrompt, SituationNow situation) throws IOException {
        byte[] line = secretLine(secret);
        try {
            if (!awaitPrompt(atPrompt)) {
                throw new ExpectTimeoutException("no prompt for a secret: the terminal did not turn echo off, and nothing was typed; waited",
                        situation.get());
            }
            Optional<TerminalAttributes> modes = modes();
            line[line.length - 1] = enter(modes);
            refuseEdits(line, modes);
            type(line, true);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a prompt for a secret; nothing was typed");
        } finally {
            Arrays.fill(line, (byte) 0);
        }
    }

    /** Makes the description of a failure. */
    interface SituationNow {
        Situation get();
    }

    private byte[] secretLine(char[] secret) {
        ByteBuffer encoded;
        try {
            encoded = options.charset().newEncoder().encode(CharBuffer.wrap(secret));
        } catch (CharacterCodingException unmappable) {
            throw new IllegalArgumentException("the charset " + options.charset() + " lacks a character of the secret");
        }
        byte[] line = Arrays.copyOf(encoded.array(), encoded.limit() + 1);
        Arrays.fill(encoded.array(), (byte) 0);
        return line;
    }

    private static void refuseEdits(byte[] line, Optional<TerminalAttributes> modes) {
        boolean canonical = modes.isPresent() && modes.get().has(LocalFlag.ICANON);
        if (canonical ? LineBytes.hasEdits(line, line.length - 1, modes.get()) : LineBytes.hasControls(line, line.length - 1)) {
            throw new IllegalArgumentException("the secret has a control character on which the terminal acts; nothing was typed");
        }
    }

    private boolean awaitPrompt(boolean atPrompt) throws IOException, InterruptedException {
        callers.requireOpen();
        Optional<TerminalAttributes> modes = modes();
        if (modes.isEmpty()) {
            return connection.process().isEmpty(); // streams have no modes; of a process the terminal is closed
        }
        if (atPrompt && !modes.get().has(LocalFlag.ECHO)) {
            if (modes.get().has(LocalFlag.ICANON)) {
                connection.awaitPasswordPrompt(Duration.ZERO); // so that the answer counts as one
            }
            return true;
        }
        long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(limit);
        boolean open = false;
        boolean late = false;
        while (!open && !late && connection.status().isEmpty()) {
            late = System.nanoTime() - deadline >= 0; // it is looked at once more
            callers.enter();
            try {
                open = connection.awaitPasswordPrompt(late ? Duration.ZERO : Duration.ofMillis(PROMPT_POLL_MILLIS));
            } finally {
                if (callers.leave()) {
                    throw new IOException("the session was closed while it waited for a prompt");
                }
            }
            open |= atPrompt && modes().filter(each -> !each.has(LocalFlag.ECHO)).isPresent();
        }
        return open;
    }
}
