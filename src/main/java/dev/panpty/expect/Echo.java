package dev.panpty.expect;

import dev.panpty.TerminalAttributes;
import dev.panpty.TerminalAttributes.InputFlag;
import dev.panpty.TerminalAttributes.LocalFlag;
import dev.panpty.TerminalAttributes.OutputFlag;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The echo of a typed line, which the kernel writes into the output, see ECHO in termios(3). It is taken out of the output as a whole; if
 * it does not come whole, because the program wrote in the middle of it or has just cleared ECHO, it stays after {@value #LIMIT_MILLIS} ms.
 *
 * @param bytes how it looks
 * @param from the position of the output before which it cannot lie
 * @param typedNanos when the line was typed
 */
record Echo(byte[] bytes, long from, long typedNanos) {

    private static final long LIMIT_MILLIS = 500;
    private static final int MOST_BYTES_BEFORE = 64 * 1024;
    private static final int DELETE = 0x7f;
    private static final int CARET = 0x40;

    /** What the terminal echoes for a line that ends with CR; empty if it does not echo, or edits the line. */
    static Optional<byte[]> of(byte[] line, TerminalAttributes modes) {
        boolean plain = modes.has(LocalFlag.ECHO) && modes.has(InputFlag.ICRNL)
                && !modes.has(InputFlag.IGNCR) && !modes.has(InputFlag.INLCR) && !modes.has(OutputFlag.OCRNL) && !modes.has(OutputFlag.OLCUC);
        if (!plain || LineBytes.hasEdits(line, line.length - 1, modes)) {
            return Optional.empty();
        }
        ByteArrayOutputStream echo = new ByteArrayOutputStream(line.length + 1);
        for (byte each : line) {
            int value = each & 0xff;
            if (value == '\r' || value == '\n') {
                echo.writeBytes(modes.has(OutputFlag.OPOST) && modes.has(OutputFlag.ONLCR) ? new byte[] {'\r', '\n'} : new byte[] {'\n'});
            } else if ((value < ' ' && value != '\t' || value == DELETE) && modes.has(LocalFlag.ECHOCTL)) {
                echo.write('^');
                echo.write(value ^ CARET);
            } else {
                echo.write(value);
            }
        }
        return Optional.of(echo.toByteArray());
    }

    /** How long to wait for more of it. */
    long remaining(long now) {
        return typedNanos + TimeUnit.MILLISECONDS.toNanos(LIMIT_MILLIS) - now;
    }

    /** Whether so much other output has come that it is not to be expected any more. */
    boolean isPast(long end) {
        return end - from > MOST_BYTES_BEFORE;
    }
}
