package dev.panpty.expect;

import static java.util.Objects.requireNonNull;

import dev.panpty.WindowSize;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/**
 * The settings of a session. A value, which any thread may use; the {@code with} methods make copies.
 *
 * @param charset that of input and output, with ASCII as a part, so not UTF-16, and without shift states such as those of ISO-2022-JP;
 *     UTF-8 unless set
 * @param raw whether escape sequences stay in the output; they are stripped unless set: CSI, OSC, DCS, SOS, PM, APC, the shorter ones, SO
 *     and SI, however they are split over reads, see ECMA-48
 * @param keepBytes how much unread output a session keeps for {@link Match#before}; older output is dropped once it was searched. 8 MiB
 *     unless set, 64 KiB at least
 * @param lookBackChars the longest match of a regex; 8192 unless set, 16 to 1048576. A search costs time in proportion
 * @param settle how long no output may come before a match counts that more output could change; 50 ms unless set
 * @param timeout the limit of each wait that has none of its own; 30 s unless set
 * @param window the window of a program that {@link Expect#start} starts; 24 × 500 unless set, since a line editor wraps long lines. Over
 *     streams it is the size that the terminal at the far end has
 */
public record ExpectOptions(
        Charset charset, boolean raw, int keepBytes, int lookBackChars, Duration settle, Duration timeout, WindowSize window) {

    private static final String CONTROLS = "\033[0;9m\r\n\t";
    private static final int LEAST_KEEP = 64 * 1024;
    private static final int LEAST_LOOK_BACK = 16;
    private static final int MOST_LOOK_BACK = 1024 * 1024;

    private static final ExpectOptions DEFAULTS = new ExpectOptions(StandardCharsets.UTF_8, false, 8 * 1024 * 1024, 8 * 1024,
            Duration.ofMillis(50), Duration.ofSeconds(30), new WindowSize(24, 500));

    /** Checks the values. */
    public ExpectOptions {
        requireNonNull(charset, "charset");
        requireNonNull(settle, "settle");
        requireNonNull(timeout, "timeout");
        requireNonNull(window, "window");
        if (!charset.canEncode()) {
            throw new IllegalArgumentException("charset must encode too, was " + charset);
        }
        if (!Arrays.equals(CONTROLS.getBytes(charset), CONTROLS.getBytes(StandardCharsets.US_ASCII))) {
            throw new IllegalArgumentException("charset must encode ASCII as ASCII, whose control characters a terminal uses, was " + charset);
        }
        if (keepBytes < LEAST_KEEP) {
            throw new IllegalArgumentException("keepBytes must be " + LEAST_KEEP + " or more, was " + keepBytes);
        }
        if (lookBackChars < LEAST_LOOK_BACK || lookBackChars > MOST_LOOK_BACK) {
            throw new IllegalArgumentException("lookBackChars must be " + LEAST_LOOK_BACK + ".." + MOST_LOOK_BACK + ", was " + lookBackChars);
        }
        if (settle.isNegative()) {
            throw new IllegalArgumentException("settle must be 0 or more, was " + settle);
        }
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("timeout must be 0 or more, was " + timeout);
        }
    }

    /** The bytes of a text, which is not part of the exception: it may be confidential. */
    byte[] encode(CharSequence text) {
        try {
            ByteBuffer encoded = charset.newEncoder().encode(CharBuffer.wrap(text));
            return Arrays.copyOf(encoded.array(), encoded.limit());
        } catch (CharacterCodingException unmappable) {
            throw new IllegalArgumentException("the charset " + charset + " lacks a character of the text");
        }
    }

    /**
     * The settings of a session that is given none.
     *
     * @return the values above
     */
    public static ExpectOptions defaults() {
        return DEFAULTS;
    }

    /**
     * A copy with another charset.
     *
     * @param newCharset of input and output
     * @return the copy
     */
    public ExpectOptions withCharset(Charset newCharset) {
        return new ExpectOptions(newCharset, raw, keepBytes, lookBackChars, settle, timeout, window);
    }

    /**
     * A copy that keeps or strips escape sequences.
     *
     * @param newRaw whether they stay in the output
     * @return the copy
     */
    public ExpectOptions withRaw(boolean newRaw) {
        return new ExpectOptions(charset, newRaw, keepBytes, lookBackChars, settle, timeout, window);
    }

    /**
     * A copy that keeps another amount of unread output.
     *
     * @param newKeepBytes 65536 or more
     * @return the copy
     */
    public ExpectOptions withKeepBytes(int newKeepBytes) {
        return new ExpectOptions(charset, raw, newKeepBytes, lookBackChars, settle, timeout, window);
    }

    /**
     * A copy with another longest match of a regex.
     *
     * @param newLookBackChars 16 to 1048576
     * @return the copy
     */
    public ExpectOptions withLookBackChars(int newLookBackChars) {
        return new ExpectOptions(charset, raw, keepBytes, newLookBackChars, settle, timeout, window);
    }

    /**
     * A copy with another pause after which an open match counts.
     *
     * @param newSettle 0 or more
     * @return the copy
     */
    public ExpectOptions withSettle(Duration newSettle) {
        return new ExpectOptions(charset, raw, keepBytes, lookBackChars, newSettle, timeout, window);
    }

    /**
     * A copy with another limit for waits.
     *
     * @param newTimeout 0 or more
     * @return the copy
     */
    public ExpectOptions withTimeout(Duration newTimeout) {
        return new ExpectOptions(charset, raw, keepBytes, lookBackChars, settle, newTimeout, window);
    }

    /**
     * A copy with another window for the program.
     *
     * @param newWindow its size
     * @return the copy
     */
    public ExpectOptions withWindow(WindowSize newWindow) {
        return new ExpectOptions(charset, raw, keepBytes, lookBackChars, settle, timeout, newWindow);
    }
}
